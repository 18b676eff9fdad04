import { type Making, make } from "./behaviours.js";
import { type Edge, isFollowed } from "./edge.js";
import { type EdgeList, type MadeEdge, NOT_FOLLOWED, NOWHERE_ELSE } from "./edgelist.js";
import { isSameKey } from "./edgelists.js";
import { whatDiffers } from "./nondeterminism.js";
import { type Replayer, Unsound } from "./replayer.js";
import type { Results } from "./results.js";
import type { WorldGraph } from "./worldgraph.js";

/** Edges that are due are made together, at least so many: getting to a state takes a few calls. */
const TOGETHER = 64;

/**
 * Makes a share of the edges again, each in a state as a whole, and sees whether the same comes of it as the list says that
 * the state has it from. Edges and states are chosen by counting, so that they are the same in every run.
 */
export class Again {
  checked = 0;
  readonly #making: Making;
  readonly #graph: WorldGraph;
  readonly #replayer: Replayer;
  readonly #share: number;
  readonly #results: Results;
  readonly #after: Int32Array;

  constructor(making: Making, graph: WorldGraph, replayer: Replayer, results: Results, share: number) {
    this.#making = making;
    this.#graph = graph;
    this.#replayer = replayer;
    this.#share = share;
    this.#results = results;
    this.#after = new Int32Array(graph.worlds.width);
  }

  /**
   * A state was expanded: makes edges of it again if enough are due.
   * @param own how many edges it has
   * @param all how many edges all states have that were expanded so far
   * @throws Unsound if something else comes of one
   */
  after(id: number, own: number, all: number): void {
    const due = this.#due(all);
    if (due >= Math.min(own, TOGETHER)) this.#make(id, due);
  }

  /** Makes edges of a state again, up to what is due. False if nothing is due any more. */
  rest(id: number, all: number): boolean {
    const due = this.#due(all);
    if (due > 0) this.#make(id, due);
    return this.#due(all) > 0;
  }

  #due(all: number): number {
    return Math.floor(all * this.#share) - this.checked;
  }

  /** Makes up to `most` edges of a state again, not always the first ones. */
  #make(id: number, most: number): void {
    const edges = this.#edgesOf(id);
    const from = most < edges.length ? this.checked % edges.length : 0;
    for (let i = 0; i < Math.min(most, edges.length); i++) {
      const one = edges[(from + i) % edges.length];
      if (one !== undefined) this.#check(id, one);
    }
  }

  #edgesOf(id: number): readonly Chosen[] {
    const segments = this.#graph.look(id);
    const edges: Chosen[] = [];
    for (let seg = 0; seg < segments; seg++) {
      const list = this.#graph.list(seg);
      for (const edge of list?.edges ?? []) if (list !== undefined) edges.push({ list, seg, edge });
    }
    return edges;
  }

  #check(id: number, { list, seg, edge }: Chosen): void {
    const { concrete, path } = this.#replayer.at(id);
    const { driver } = this.#making;
    this.checked++;
    const second = make(this.#making, concrete, edge.offer, edge.prefix);
    if (this.#results.of(second) === edge.result && this.#leadsThere(second, list, seg, edge)) return;
    const key = driver.key();
    const third = make(this.#making, concrete, edge.offer, edge.prefix);
    const about = whatDiffers(second, third, [key, driver.key()]);
    throw new Unsound(
      `${edge.offer.key} comes to something else beside other segments`,
      about === null ? null : { about, call: edge.offer.key, after: path.length },
    );
  }

  /** Whether an edge that was just made leads where the list says, seen from the state that is looked at. */
  #leadsThere(made: Edge, list: EdgeList, seg: number, { target }: MadeEdge): boolean {
    if (!isFollowed(made)) return target === NOT_FOLLOWED;
    if (target === NOT_FOLLOWED) return false;
    const { worlds, key, target: aimed } = this.#graph;
    worlds.name(made.step.next, this.#making.driver, this.#after);
    if (target === NOWHERE_ELSE) return isSameKey(this.#after, key);
    this.#graph.aim(list, seg, target * this.#graph.stride(list));
    return isSameKey(this.#after, aimed);
  }
}

/** An edge of the state that is looked at. */
interface Chosen {
  readonly list: EdgeList;
  readonly seg: number;
  readonly edge: MadeEdge;
}
