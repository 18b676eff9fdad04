import type { Trace } from "./trace.js";
import { Uncompilable } from "./uncompilable.js";

/*
 * What was evaluated once, as a decision tree over the slots that were read: an inner node says which slot was read next
 * and has a child for each value seen there; a leaf holds the outcome. Two evaluations that read the same values read
 * the same slots, so each state finds its outcome by looking at just what the first evaluation looked at.
 *
 * All trees lie in one array of integers. A node is three of them: its slot, how many children it has room for, and where
 * these begin. A child is 0 (not seen yet), the place of a node, or -1 - leaf.
 */

/** Nothing is known yet for a state like this one. */
export const UNKNOWN = -1;

const NODE = 3;
/** Where more values than this were seen, children are kept in a map instead of an array. */
const MOST_CHILDREN = 1 << 12;

const UNREPEATABLE = "a guard or an action looked at something else of a state than it did of an equal one before.";

/** The trees' common memory. */
export class MemoPool {
  cells = new Int32Array(1 << 14);
  readonly maps: Map<number, number>[] = [];
  #used = NODE;

  /** Integers in use. */
  get size(): number {
    return this.#used;
  }

  allocate(length: number): number {
    const at = this.#used;
    this.#used += length;
    if (this.#used > this.cells.length) {
      const larger = new Int32Array(Math.max(2 * this.cells.length, this.#used));
      larger.set(this.cells);
      this.cells = larger;
    }
    return at;
  }
}

/** What a slot held, the slot being the one at `index` among those read. */
export type Held = (slot: number, index: number) => number;

/** The outcomes of one function of a state: what an event does, whether an invariant holds, which events are offered. */
export class Memo {
  readonly #pool: MemoPool;
  /** 0: nothing known; otherwise as a child. */
  #root = 0;

  constructor(pool: MemoPool) {
    this.#pool = pool;
  }

  /** The leaf for the state, or `UNKNOWN`. */
  find(state: Int32Array): number {
    const { cells } = this.#pool;
    let child = this.#root;
    while (child > 0) {
      // Places of cells are below the array's length.
      const value = state[cells[child] as number] as number;
      const room = cells[child + 1] as number;
      if (room < 0) child = this.#pool.maps[-1 - room]?.get(value) ?? 0;
      else child = value < room ? (cells[(cells[child + 2] as number) + value] as number) : 0;
    }
    return -1 - child;
  }

  /** The same of the state that a trace is of, as it is at the moment; what is looked at counts as read. */
  findIn(trace: Trace): number {
    let child = this.#root;
    while (child > 0) {
      const slot = this.#pool.cells[child] ?? 0;
      child = this.#child(child, trace.read(slot));
    }
    return -1 - child;
  }

  /**
   * Adds an evaluation that has just been made: the slots that it read in order, what they held, and its outcome's leaf.
   * @throws Uncompilable if it read something else than an earlier one that had seen the same up to there
   */
  add(slots: readonly number[], held: Held, leaf: number): void {
    let parent = 0;
    let value = 0;
    let child = this.#root;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index] ?? 0;
      if (child < 0) throw new Uncompilable(null, UNREPEATABLE);
      if (child === 0) {
        child = this.#makeNode(slot);
        this.#setChild(parent, value, child);
      } else if (this.#pool.cells[child] !== slot) {
        throw new Uncompilable(null, UNREPEATABLE);
      }
      parent = child;
      value = held(slot, index);
      child = this.#child(parent, value);
    }
    if (child !== 0) throw new Uncompilable(null, UNREPEATABLE);
    this.#setChild(parent, value, -1 - leaf);
  }

  clear(): void {
    this.#root = 0;
  }

  #makeNode(slot: number): number {
    const pool = this.#pool;
    const node = pool.allocate(NODE);
    pool.cells[node] = slot;
    pool.cells[node + 1] = 0;
    return node;
  }

  #child(node: number, value: number): number {
    const { cells, maps } = this.#pool;
    const room = cells[node + 1] ?? 0;
    if (room < 0) return maps[-1 - room]?.get(value) ?? 0;
    return value < room ? (cells[(cells[node + 2] ?? 0) + value] ?? 0) : 0;
  }

  #setChild(node: number, value: number, child: number): void {
    if (node === 0) {
      this.#root = child;
      return;
    }
    const pool = this.#pool;
    let room = pool.cells[node + 1] ?? 0;
    if (room >= 0 && value >= room) {
      this.#makeRoom(node, value);
      room = pool.cells[node + 1] ?? 0;
    }
    if (room < 0) pool.maps[-1 - room]?.set(value, child);
    else pool.cells[(pool.cells[node + 2] ?? 0) + value] = child;
  }

  #makeRoom(node: number, value: number): void {
    const pool = this.#pool;
    const room = pool.cells[node + 1] ?? 0;
    const at = pool.cells[node + 2] ?? 0;
    const wanted = Math.max(4, 2 ** Math.ceil(Math.log2(value + 1)));
    if (wanted > MOST_CHILDREN) {
      const map = new Map<number, number>();
      for (let seen = 0; seen < room; seen += 1) {
        const child = pool.cells[at + seen] ?? 0;
        if (child !== 0) map.set(seen, child);
      }
      pool.cells[node + 1] = -pool.maps.push(map);
      return;
    }
    const moved = pool.allocate(wanted);
    pool.cells.copyWithin(moved, at, at + room);
    pool.cells.fill(0, moved + room, moved + wanted);
    pool.cells[node + 1] = wanted;
    pool.cells[node + 2] = moved;
  }
}
