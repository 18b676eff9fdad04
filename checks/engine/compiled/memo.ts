import type { Trace } from "./trace.js";

/*
 * What was evaluated once, as a decision tree over what was asked of the state: an inner node says which slot was read
 * next (or which function was called) and has a child for each answer seen there; a leaf holds the outcome. Two
 * evaluations with the same answers ask the same next, so each state finds its outcome by asking just that.
 *
 * All trees lie in one array of integers. A node is three of them: its slot (or -1 - a function's root), how many
 * children it has room for, and where these begin. A child is 0 (not seen yet), the place of a node, or -1 - leaf.
 */

/** Nothing is known yet for a state like this one. */
export const UNKNOWN = -1;

const NODE = 3;
/** Where more values than this were seen, children are kept in a map instead of an array. */
const MOST_CHILDREN = 1 << 12;

/** An entry of a map from number to number. */
const BYTES_OF_AN_ENTRY = 40;

/** Thrown where an evaluation asked something else than an earlier one that had the same answers up to there. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** The trees' common memory. */
export class MemoPool {
  /** What the user's functions answer, by root: trees may ask them. Their leaves are the numbers of answers. */
  readonly functions = new Map<number, Memo>();
  cells: Int32Array = new Int32Array(1 << 14);
  readonly maps: Map<number, number>[] = [];
  /** What the answers take that leaves stand for, roughly. */
  answerBytes = 0;
  /** Once the trees are shared: what maps were given since somebody took note, as map, value, child, map … */
  journal: number[] | null = null;
  #used = NODE;

  /** Integers in use. */
  get size(): number {
    return this.#used;
  }

  /** Bytes that trees and answers take. */
  get bytes(): number {
    const mapped = this.maps.reduce((sum, { size }) => sum + size, 0);
    return this.cells.byteLength + BYTES_OF_AN_ENTRY * mapped + this.answerBytes;
  }

  allocate(length: number): number {
    const at = this.#used;
    this.#used += length;
    if (this.#used > this.cells.length) this.#resize(Math.max(2 * this.cells.length, this.#used));
    return at;
  }

  /** From now on the cells are in memory that other threads can read, and the journal is kept. */
  share(): void {
    if (this.journal !== null) return;
    this.journal = this.maps.flatMap((map, number) => [...map].flatMap(([value, child]) => [number, value, child]));
    this.#resize(this.cells.length);
  }

  #resize(length: number): void {
    const bytes = length * Int32Array.BYTES_PER_ELEMENT;
    const resized = new Int32Array(this.journal === null ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes));
    resized.set(this.cells);
    this.cells = resized;
  }
}

/** What was answered to what was asked at `index`. */
export type Held = (index: number) => number;

/**
 * The leaf for a state, or `UNKNOWN`.
 * @param root where a tree's root is kept in `cells`
 */
export function findLeaf({ cells, maps }: MemoPool, root: number, state: Int32Array): number {
  // Places of cells are below the array's length.
  let child = cells[root] as number;
  while (child > 0) {
    const asked = cells[child] as number;
    const answer = asked >= 0 ? (state[asked] as number) : findAnswer(cells, maps, -1 - asked, state);
    if (answer < 0) return UNKNOWN;
    const room = cells[child + 1] as number;
    if (room < 0) child = maps[-1 - room]?.get(answer) ?? 0;
    else child = answer < room ? (cells[(cells[child + 2] as number) + answer] as number) : 0;
  }
  return -1 - child;
}

/** The same for a function's tree, which asks for nothing but slots. */
function findAnswer(cells: Int32Array, maps: MemoPool["maps"], root: number, state: Int32Array): number {
  let child = cells[root] as number;
  while (child > 0) {
    const value = state[cells[child] as number] as number;
    const room = cells[child + 1] as number;
    if (room < 0) child = maps[-1 - room]?.get(value) ?? 0;
    else child = value < room ? (cells[(cells[child + 2] as number) + value] as number) : 0;
  }
  return -1 - child;
}

/** The outcomes of one function of a state: what an event does, whether an invariant holds, which events are offered. */
export class Memo {
  /** The cell that holds the root as a child: 0 as long as nothing is known. */
  readonly root: number;
  readonly #pool: MemoPool;

  /** @param root where its root is, of one that is there already */
  constructor(pool: MemoPool, root = pool.allocate(1)) {
    this.#pool = pool;
    this.root = root;
  }

  get isEmpty(): boolean {
    return this.#top === 0;
  }

  get #top(): number {
    return this.#pool.cells[this.root] ?? 0;
  }

  /** The slot that is read first, by itself or by the function that is asked first; -1 if none is known. */
  get firstSlot(): number {
    const first = this.#top > 0 ? (this.#pool.cells[this.#top] ?? -1) : -1;
    if (first >= 0 || this.#top <= 0) return first;
    return this.#pool.functions.get(-1 - first)?.firstSlot ?? -1;
  }

  /** The leaf that is known as soon as the first slot is read and holds `value`; `UNKNOWN` if there is more to ask. */
  leafAt(value: number): number {
    if (this.#top <= 0) return UNKNOWN;
    const first = this.#pool.cells[this.#top] ?? 0;
    const answer = first >= 0 ? value : (this.#pool.functions.get(-1 - first)?.leafAt(value) ?? UNKNOWN);
    const child = answer === UNKNOWN ? 0 : this.#child(this.#top, answer);
    return child < 0 ? -1 - child : UNKNOWN;
  }

  /** The leaf for the state, or `UNKNOWN`. */
  find(state: Int32Array): number {
    return findLeaf(this.#pool, this.root, state);
  }

  /** The same of the state that a trace is of, as it is at the moment; what is looked at counts as read. */
  findIn(trace: Trace): number {
    let child = this.#top;
    while (child > 0) {
      const slot = this.#pool.cells[child] ?? 0;
      child = this.#child(child, trace.read(slot));
    }
    return -1 - child;
  }

  /**
   * Adds an evaluation that has just been made: what it asked in order, the answers, and its outcome's leaf. Where that
   * is known already (a function had to be asked about a new state, and answered as before) the leaf of then stays.
   *
   * @returns the leaf that is there now
   * @throws Mismatch if it asked something else than an earlier one that had the same answers up to there
   */
  add(asked: readonly number[], held: Held, leaf: number): number {
    let parent = 0;
    let answer = 0;
    let child = this.#top;
    for (let index = 0; index < asked.length; index += 1) {
      const next = asked[index] ?? 0;
      if (child < 0) throw new Mismatch();
      if (child === 0) {
        child = this.#makeNode(next);
        this.#setChild(parent, answer, child);
      } else if (this.#pool.cells[child] !== next) {
        throw new Mismatch();
      }
      parent = child;
      answer = held(index);
      child = this.#child(parent, answer);
    }
    if (child > 0) throw new Mismatch();
    if (child < 0) return -1 - child;
    this.#setChild(parent, answer, -1 - leaf);
    return leaf;
  }

  clear(): void {
    this.#pool.cells[this.root] = 0;
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
      this.#pool.cells[this.root] = child;
      return;
    }
    const pool = this.#pool;
    let room = pool.cells[node + 1] ?? 0;
    if (room >= 0 && value >= room) {
      this.#makeRoom(node, value);
      room = pool.cells[node + 1] ?? 0;
    }
    if (room < 0) {
      pool.maps[-1 - room]?.set(value, child);
      pool.journal?.push(-1 - room, value, child);
    } else pool.cells[(pool.cells[node + 2] ?? 0) + value] = child;
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
      for (const [seen, child] of map) pool.journal?.push(pool.maps.length - 1, seen, child);
      return;
    }
    const moved = pool.allocate(wanted);
    pool.cells.copyWithin(moved, at, at + room);
    pool.cells.fill(0, moved + room, moved + wanted);
    pool.cells[node + 1] = wanted;
    pool.cells[node + 2] = moved;
  }
}
