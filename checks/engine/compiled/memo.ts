import type { Trace } from "./trace.js";

/*
 * What was evaluated once, as a decision tree over what was asked of the state: an inner node says which slot was read
 * next (or which function was called) and has a child for each answer seen there; a leaf holds the outcome. Two
 * evaluations with the same answers ask the same next, so each state finds its outcome by asking just that.
 *
 * All trees lie in one array of integers. A node is three of them: its slot (or -1 - a function's root), for how many
 * children it has room, and where these begin. A child is 0 (not seen yet), the place of a node, or -1 - leaf. The children
 * stand in the places that their answers number; where there are many they stand in a hash table instead, as pairs of
 * answer plus 1 (0: an empty place) and child, and the room is negative.
 */

/*
 * A constant that is exported or imported is looked up and checked wherever it is used, since modules may load in circles.
 * Loops that take most of the time of a search have one of their own.
 */
const NO_LEAF = -1;

/** Nothing is known yet for a state like this one. */
export const UNKNOWN = NO_LEAF;

const NODE = 3;
/** For more children than this a node has a hash table. */
const MOST_CHILDREN = 1 << 12;
/** The places of the smallest hash table: a power of two. */
const LEAST_TABLE = 16;

/** Thrown where an evaluation asked something else than an earlier one that had the same answers up to there. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** The trees' common memory. */
export class MemoPool {
  /** What the user's functions answer, by root: trees may ask them. Their leaves are the numbers of answers. */
  readonly functions = new Map<number, Memo>();
  cells: Int32Array = new Int32Array(1 << 14);
  /** What the answers take that leaves stand for, roughly. */
  answerBytes = 0;
  #isShared = false;
  #used = NODE;

  /** Integers in use. */
  get size(): number {
    return this.#used;
  }

  /** Bytes that trees and answers take. */
  get bytes(): number {
    return this.cells.byteLength + this.answerBytes;
  }

  allocate(length: number): number {
    const at = this.#used;
    this.#used += length;
    if (this.#used > this.cells.length) this.#resize(Math.max(2 * this.cells.length, this.#used));
    return at;
  }

  /** From now on the cells are in memory that other threads can read. */
  share(): void {
    if (this.#isShared) return;
    this.#isShared = true;
    this.#resize(this.cells.length);
  }

  #resize(length: number): void {
    const bytes = length * Int32Array.BYTES_PER_ELEMENT;
    const resized = new Int32Array(this.#isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    resized.set(this.cells);
    this.cells = resized;
  }
}

/** What was answered to what was asked at `index`. */
export type Held = (index: number) => number;

/**
 * The leaf for a state, or `UNKNOWN`. Most of the time of a search is spent here.
 * @param root where a tree's root is kept in `cells`
 */
export function findLeaf({ cells }: MemoPool, root: number, state: Int32Array): number {
  // Places of cells are below the array's length.
  let child = cells[root] as number;
  while (child > 0) {
    const asked = cells[child] as number;
    let answer = 0;
    if (asked >= 0) {
      answer = state[asked] as number;
    } else {
      // A function's tree asks for nothing but slots.
      let inner = cells[-1 - asked] as number;
      while (inner > 0) inner = childOf(cells, inner, state[cells[inner] as number] as number);
      if (inner === 0) return NO_LEAF;
      answer = -1 - inner;
    }
    child = childOf(cells, child, answer);
  }
  return -1 - child;
}

function childOf(cells: Int32Array, node: number, answer: number): number {
  const room = cells[node + 1] as number;
  const at = cells[node + 2] as number;
  if (room >= 0) return answer < room ? (cells[at + answer] as number) : 0;
  let place = at + 2 * homeOf(answer, room);
  const end = at - 2 * room;
  for (let held = cells[place] as number; held !== 0; held = cells[place] as number) {
    if (held === answer + 1) return cells[place + 1] as number;
    place += 2;
    if (place === end) place = at;
  }
  return 0;
}

/** Where the search for an answer begins in a hash table; its room is a power of two, negative. */
function homeOf(answer: number, room: number): number {
  return (Math.imul(answer, 0x9e3779b1) >>> 7) & (-room - 1);
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

  #child(node: number, answer: number): number {
    return childOf(this.#pool.cells, node, answer);
  }

  #setChild(node: number, answer: number, child: number): void {
    const pool = this.#pool;
    if (node === 0) {
      pool.cells[this.root] = child;
      return;
    }
    const room = pool.cells[node + 1] ?? 0;
    if (room >= 0 && answer >= room) this.#makeRoom(node, answer);
    if ((pool.cells[node + 1] ?? 0) < 0) this.#enter(node, answer, child);
    else pool.cells[(pool.cells[node + 2] ?? 0) + answer] = child;
  }

  #makeRoom(node: number, answer: number): void {
    const pool = this.#pool;
    const room = pool.cells[node + 1] ?? 0;
    const at = pool.cells[node + 2] ?? 0;
    const wanted = Math.max(4, 2 ** Math.ceil(Math.log2(answer + 1)));
    if (wanted > MOST_CHILDREN) {
      const seen = pool.cells.slice(at, at + room);
      this.#hash(node, Math.max(LEAST_TABLE, 2 * room));
      for (const [number, child] of seen.entries()) if (child !== 0) this.#enter(node, number, child);
      return;
    }
    const moved = pool.allocate(wanted);
    pool.cells.copyWithin(moved, at, at + room);
    pool.cells.fill(0, moved + room, moved + wanted);
    pool.cells[node + 1] = wanted;
    pool.cells[node + 2] = moved;
  }

  /** Gives a node an empty hash table. The number of its entries stands before it. */
  #hash(node: number, room: number): void {
    const pool = this.#pool;
    const at = pool.allocate(1 + 2 * room) + 1;
    pool.cells.fill(0, at - 1, at + 2 * room);
    pool.cells[node + 1] = -room;
    pool.cells[node + 2] = at;
  }

  /** Enters a child into a node's hash table, of which at most half is in use. */
  #enter(node: number, answer: number, child: number): void {
    const { cells } = this.#pool;
    const room = cells[node + 1] ?? 0;
    const at = cells[node + 2] ?? 0;
    let home = homeOf(answer, room);
    while (cells[at + 2 * home] !== 0 && cells[at + 2 * home] !== answer + 1) home = (home + 1) & (-room - 1);
    const isNew = cells[at + 2 * home] === 0;
    const entries = (cells[at - 1] ?? 0) + (isNew ? 1 : 0);
    if (2 * entries > -room) {
      const old = cells.slice(at, at - 2 * room);
      this.#hash(node, -2 * room);
      for (let place = 0; place < old.length; place += 2) {
        if (old[place] !== 0) this.#enter(node, (old[place] ?? 0) - 1, old[place + 1] ?? 0);
      }
      this.#enter(node, answer, child);
      return;
    }
    cells[at - 1] = entries;
    cells[at + 2 * home + 1] = child;
    cells[at + 2 * home] = answer + 1;
  }
}
