import { type EdgeList, LOCAL_TARGET, type MadeEdge } from "./edgelist.js";
import type { Worlds } from "./worlds.js";
import { FlatStore } from "./worldstore.js";

/** A list of edges and where it holds. */
export interface PlacedList {
  readonly list: EdgeList;
  /** Of a local list its rest and segment as one number, and the segment's part. */
  readonly row: number;
  /** Of another list the state and the segment as one number. */
  readonly part: number;
}

/**
 * The states reached and the lists of edges made so far: local lists by rest, segment and part, others by the state in
 * which they hold. One state at a time is looked at; its key and the last target written are in buffers that are used again.
 */
export class WorldGraph {
  readonly worlds: Worlds;
  readonly store: FlatStore;
  /** The key of the state that is looked at. */
  readonly key: Int32Array;
  /** The key of a state that an edge leads to. */
  readonly target: Int32Array;
  id = 0;
  readonly #segments: number;
  /** By rest and segment, then by part. */
  readonly #local: (EdgeList | undefined)[][] = [];
  readonly #ofStates = new Map<number, EdgeList>();
  readonly #edges: MadeEdge[] = [];

  constructor(worlds: Worlds) {
    this.worlds = worlds;
    this.store = new FlatStore(worlds.width);
    this.key = new Int32Array(worlds.width);
    this.target = new Int32Array(worlds.width);
    this.#segments = worlds.width - 1;
  }

  /** Edges of all lists. */
  get made(): number {
    return this.#edges.length;
  }

  /** An edge by its number. */
  edge(event: number): MadeEdge | undefined {
    return this.#edges[event];
  }

  /** Looks at a state. Answers how many segments may have calls in it: before the first comes to be, that one. */
  look(id: number): number {
    this.id = id;
    this.store.read(id, this.key, 0);
    return Math.max(1, this.worlds.segments(this.key[0] as number)); // a key has a rest
  }

  /** The edges of one segment in the state that is looked at, if they were made. */
  list(seg: number): EdgeList | undefined {
    const part = this.key[1 + seg] as number; // a segment of this state
    return this.#local[this.#row(seg)]?.[part] ?? this.#ofStates.get(this.id * this.#segments + seg);
  }

  /** Adds the list of one segment that was made in the state that is looked at. Its `first` is the number of edges so far. */
  add(list: EdgeList, seg: number): void {
    if (list.local)
      this.put({ list, row: this.#row(seg), part: this.key[1 + seg] as number }); // a segment of this state
    else this.put({ list, row: -1, part: this.id * this.#segments + seg });
  }

  /** All lists and where each one holds, in the order in which they were made. */
  get lists(): readonly PlacedList[] {
    const placed: PlacedList[] = [];
    for (const [row, parts] of this.#local.entries()) {
      // The parts that have a list are the members that are there.
      parts.forEach((list, part) => {
        if (list !== undefined) placed.push({ list, row, part });
      });
    }
    for (const [part, list] of this.#ofStates) placed.push({ list, row: -1, part });
    return placed.sort((one, other) => one.list.first - other.list.first || one.row - other.row);
  }

  /** Puts a list where it holds. Its `first` is the number of edges so far. */
  put({ list, row, part }: PlacedList): void {
    for (const edge of list.edges) this.#edges.push(edge);
    if (!list.local) {
      this.#ofStates.set(part, list);
      return;
    }
    for (let next = this.#local.length; next <= row; next++) this.#local.push([]);
    const parts = this.#local[row] as (EdgeList | undefined)[]; // the loop has just seen to it
    parts[part] = list;
  }

  /** Words of a target in a list. */
  stride({ local }: EdgeList): number {
    return local ? LOCAL_TARGET : 1 + this.worlds.width;
  }

  /** Writes the key of the state that the target at `at` in a list is, seen from the state that is looked at. */
  aim({ local, targets }: EdgeList, seg: number, at: number): void {
    const { key, target } = this;
    if (!local) {
      for (let i = 0; i < target.length; i++) target[i] = targets[at + 1 + i] as number; // such a target has a whole key
      return;
    }
    for (let i = 0; i < target.length; i++) target[i] = key[i] as number; // both are as wide
    target[0] = targets[at + 1] as number; // a local target has four words
    target[1 + seg] = targets[at + 2] as number;
    const child = targets[at + 3] as number;
    if (child !== 0) target[1 + this.worlds.segments(key[0] as number)] = child;
  }

  #row(seg: number): number {
    return (this.key[0] as number) * this.#segments + seg; // a key has a rest
  }
}
