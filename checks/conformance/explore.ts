import type { Driver } from "../../impl/driver.js";
import type { Scope } from "../../model/scope.js";
import { breadthFirst, type Limits, type Search } from "../engine/index.js";
import { Product, type ProductEdge } from "./product.js";
import type { ProductReport, ScopeReport } from "./report.js";
import type { Specification } from "./specification.js";
import type { Violation } from "./violation.js";

/** An explored product: the numbers, and the product itself with its violations. */
export interface Explored {
  readonly report: ProductReport;
  readonly product: Product;
}

export interface ExploreOptions {
  readonly limits?: Limits;
  /** The share of edges to make twice, 0 to 1. */
  readonly selfCheck?: number;
  /** Called for each edge that breaks an invariant. */
  readonly violated?: (violation: Violation) => void;
  readonly progress?: (states: number, edges: number, waiting: number) => void;
}

/** Explores specification x driver breadth first, to exhaustion or to a limit, and judges every edge. */
export async function exploreProduct(
  specification: Specification,
  driver: Driver,
  scope: Scope,
  options: ExploreOptions = {},
): Promise<Explored> {
  const product = new Product(specification, driver, scope, options);
  const graph = new Predecessors();
  const search: Search<ProductEdge> = await breadthFirst(product, {
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    reached: ({ observed }, { id }) => {
      if (observed.segments.every((segment) => segment === null)) graph.goal(id);
      return true;
    },
    stepped: (from, _edge, to) => graph.add(from, to),
    progress: ({ states, waiting }) => options.progress?.(states, product.tally.edges, waiting),
  });
  const unfreeable = search.complete ? search.states - graph.reaching() : null;
  return { product, report: reportOf(search, product, scope, unfreeable) };
}

function reportOf(
  search: Search<ProductEdge>,
  product: Product,
  scope: Scope,
  unfreeable: number | null,
): ProductReport {
  return {
    scope: scopeReport(scope),
    states: search.states,
    edges: product.tally.edges,
    depth: search.depth,
    complete: search.complete,
    stopped: search.stopped ?? null,
    checkedTwice: product.tally.checkedTwice,
    deadlocks: product.deadlocks.length,
    unfreeable,
    violatingEdges: product.violations.length,
  };
}

export function scopeReport(scope: Scope): ScopeReport {
  return { ...scope, faults: [...scope.faults] };
}

/** Who leads to whom, to find the states from which some path frees every segment (invariant `freeable`). */
class Predecessors {
  readonly #sources: number[] = [];
  readonly #targets: number[] = [];
  readonly #goals: number[] = [];
  #last = -1;
  #seen = new Set<number>();

  goal(id: number): void {
    this.#goals.push(id);
  }

  /** Edges come state by state, so that a small set keeps each pair once. */
  add(from: number, to: number): void {
    if (from !== this.#last) {
      this.#last = from;
      this.#seen = new Set();
    }
    if (from === to || this.#seen.has(to)) return;
    this.#seen.add(to);
    this.#sources.push(from);
    this.#targets.push(to);
  }

  /** How many states lead to a goal, goals included. */
  reaching(): number {
    const predecessors = new Map<number, number[]>();
    for (const [i, target] of this.#targets.entries()) {
      const of = predecessors.get(target);
      // Sources and targets grow together.
      const source = this.#sources[i] as number;
      if (of === undefined) predecessors.set(target, [source]);
      else of.push(source);
    }
    const reached = new Set(this.#goals);
    const queue = [...this.#goals];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const source of predecessors.get(id) ?? []) {
        if (!reached.has(source)) {
          reached.add(source);
          queue.push(source);
        }
      }
    }
    return reached.size;
  }
}
