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

/** Makes the way to a state again, from the initial one on, and sees to it that it leads there. */
export class Replayer {
  readonly #making: Making;
  readonly #graph: WorldGraph;
  readonly #initial: Concrete;
  readonly #wanted: Int32Array;
  readonly #found: Int32Array;
  #last: (Replayed & { readonly id: number }) | null = null;

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
    if (this.#last?.id !== id) this.#last = { id, ...this.#replayed(id) };
    return this.#last;
  }

  #replayed(id: number): Replayed {
    const { driver } = this.#making;
    driver.restore(this.#initial.snapshot);
    const path: EdgeRecord[] = [];
    let { spec } = this.#initial;
    for (const edge of this.#way(id)) spec = this.#step(spec, edge, path);
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

  /** The edges from the initial state to this one. */
  #way(id: number): readonly MadeEdge[] {
    const way: MadeEdge[] = [];
    for (let at = id; at > 0; at = this.#graph.store.parent(at)) {
      const edge = this.#graph.edge(this.#graph.store.event(at));
      if (edge === undefined) throw new Error(`state ${at} was reached by no edge`);
      way.push(edge);
    }
    return way.reverse();
  }
}

function words(path: readonly EdgeRecord[]): string {
  return path.map(({ call }) => `${call.call} ${call.seg}`).join(", ");
}
