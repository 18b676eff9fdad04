import type { Scope } from "../../model/scope.js";
import { breadthFirst, type Search } from "../engine/index.js";
import type { Making } from "./behaviours.js";
import type { Explored, ExploreOptions } from "./explored.js";
import { Product, type ProductEdge } from "./product.js";
import type { ProductReport } from "./report.js";
import { scopeReport } from "./scopereport.js";

/** Explores specification x driver state by state, each edge made where it is met. */
export async function exploreWhole(making: Making, options: ExploreOptions): Promise<Explored> {
  const { specification, driver, scope } = making;
  const product = new Product(specification, driver, scope, options);
  const graph = new Predecessors();
  const search: Search<ProductEdge> = await breadthFirst(product, {
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    reached: ({ observed }, { id }) => {
      if (observed.segments.every((segment) => segment === null)) graph.goal(id);
      return true;
    },
    stepped: (from, _edge, to) => graph.add(from, to),
    progress: ({ states, waiting, depth }) => {
      const { edges, executed, checkedTwice } = product.tally;
      options.progress?.({ states, edges, executed: executed + checkedTwice, depth, waiting, bytes: null });
    },
  });
  const unfreeable = search.complete ? search.states - graph.reaching() : null;
  const { violations, nondeterminism, tally } = product;
  return { product: { violations, nondeterminism, tally }, report: reportOf(search, product, scope, unfreeable) };
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
    executed: product.tally.executed,
    depth: search.depth,
    complete: search.complete,
    stopped: search.stopped ?? null,
    checkedTwice: product.tally.checkedTwice,
    notFactored: null,
    deadlocks: product.deadlocks.length,
    unfreeable,
    violatingEdges: product.violations.length,
  };
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
