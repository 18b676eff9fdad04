import type { Concrete, Making } from "./behaviours.js";
import { BranchingAnswers } from "./branching.js";
import type { EdgeRecord } from "./edge.js";
import type { MadeEdge } from "./edgelist.js";
import type { Nondeterminism } from "./nondeterminism.js";
import type { SpecState } from "./specification.js";
import type { WorldGraph } from "./worldgraph.js";

/** A state as it is, and the calls by which it was reached. */
export interface Replayed {
  readonly concrete: Concrete;
  readonly path: readonly EdgeRecord[];
}

/** The driver does otherwise than the exploration by segments supposes, so that it can't be explored so. */
export class Unsound extends Error {
  override readonly name = "Unsound";
  /** Why, if it is that the driver is not deterministic. */
  readonly nondeterminism: Nondeterminism | null;

  constructor(message: string, nondeterminism: Nondeterminism | null = null) {
    super(message);
    this.nondeterminism = nondeterminism;
  }
}

/** How many states are remembered: the next ones are mostly few steps from one of them. */
const REMEMBERED = 256;

/**
 * Makes the way to a state again, from the initial one on or from one that was reached so before, and sees to it that it
 * leads there.
 */
export class Replayer {
  readonly #making: Making;
  readonly #graph: WorldGraph;
  readonly #initial: Concrete;
  readonly #wanted: Int32Array;
  readonly #found: Int32Array;
  /** The states reached last, by number. */
  readonly #reached = new Map<number, Replayed>();

  /** The driver must be in its initial state. */
  constructor(making: Making, graph: WorldGraph) {
    this.#making = making;
    this.#graph = graph;
    const { driver, specification } = making;
    this.#initial = { spec: specification.initial, snapshot: driver.snapshot(), observed: driver.observe() };
    this.#wanted = new Int32Array(graph.worlds.width);
    this.#found = new Int32Array(graph.worlds.width);
  }

  /**
   * The state with that number.
   * @throws Unsound if the way to it leads to another one
   */
  at(id: number): Replayed {
    const known = this.#reached.get(id);
    if (known !== undefined) return known;
    const replayed = this.#replayed(id);
    for (const first of this.#reached.keys()) {
      if (this.#reached.size < REMEMBERED) break;
      this.#reached.delete(first);
    }
    this.#reached.set(id, replayed);
    return replayed;
  }

  #replayed(id: number): Replayed {
    const { driver } = this.#making;
    const { from, edges } = this.#way(id);
    driver.restore(from.concrete.snapshot);
    const path = [...from.path];
    let { spec } = from.concrete;
    for (const edge of edges) spec = this.#step(spec, edge, path);
    this.#graph.store.read(id, this.#wanted, 0);
    this.#graph.worlds.name(spec, driver, this.#found);
    if (this.#wanted.some((word, i) => word !== this.#found[i])) {
      throw new Unsound(`calls lead elsewhere than the same ones beside other segments: ${words(path)}`);
    }
    return { concrete: { spec, snapshot: driver.snapshot(), observed: driver.observe() }, path };
  }

  /** Makes one edge of the way, and adds it to the path. */
  #step(spec: SpecState, { offer, prefix }: MadeEdge, path: EdgeRecord[]): SpecState {
    const { driver, specification, scope } = this.#making;
    const { call, key } = offer;
    if (!specification.enables(spec, call)) throw new Unsound(`${key} is not enabled after ${words(path)}`);
    const { asked, panic } = driver.perform(call, new BranchingAnswers(scope.faults, prefix));
    path.push({ call, asked });
    if (panic !== null) throw new Unsound(`a panic beside some segments only: ${words(path)}`);
    return specification.perform(spec, call, asked).next;
  }

  /** The edges to this state, from the nearest one on its way that is remembered. */
  #way(id: number): { readonly from: Replayed; readonly edges: readonly MadeEdge[] } {
    const edges: MadeEdge[] = [];
    let at = id;
    for (; at > 0 && !this.#reached.has(at); at = this.#graph.store.parent(at)) {
      const edge = this.#graph.edge(this.#graph.store.event(at));
      if (edge === undefined) throw new Error(`state ${at} was reached by no edge`);
      edges.push(edge);
    }
    return { from: this.#reached.get(at) ?? { concrete: this.#initial, path: [] }, edges: edges.reverse() };
  }
}

function words(path: readonly EdgeRecord[]): string {
  return path.map(({ call }) => `${call.call} ${call.seg}`).join(", ");
}
