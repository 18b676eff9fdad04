import type { Budget } from "./budget.js";

/**
 * The states that an exploration has visited: exact keys of a fixed number of 32-bit words, each with the state that it
 * was first reached from and the event that led there. States are numbered 0, 1, 2… in the order in which they are added,
 * so the frontier of a breadth-first search is a range of ids.
 *
 * It holds at most 2^31 - 2 states, and refuses more. Ids given to a store must be ids that it gave: that is not checked.
 */
export interface Store {
  /** The words of a key. */
  readonly words: number;
  /** How many states it holds. */
  readonly size: number;
  /** Bytes of all arrays allocated, room for states to come included. */
  readonly bytes: number;
  /**
   * Finds the state whose key is `key[at]` up to `key[at + words - 1]`, or adds it.
   *
   * @param parent the id of the state it is reached from; -1 for none. Kept only if the state is new
   * @param event the number of the event that leads there. Kept only if the state is new
   * @returns the state's id if it was known, `~id` (a negative number) if it is new
   * @throws StoreError `full`, `no-memory`; `bad-key` if the key is outside the promised range
   */
  add(key: Int32Array, at: number, parent: number, event: number): number;
  /** The id of the state with that key; -1 if there is none. Throws as `add` does for a key outside the range. */
  find(key: Int32Array, at: number): number;
  /** Writes the key of a state to `into[at]` and onwards. */
  read(id: number, into: Int32Array, at: number): void;
  /** The id of the state that it was first reached from; -1 for none. */
  parent(id: number): number;
  /** The number of the event that first led to it. */
  event(id: number): number;
  /** The numbers of the events that lead to a state, from a state without a parent on. */
  path(id: number): number[];
  /**
   * The keys, for another thread to read: state `id` is at `(id % chunk) * words` of array `Math.floor(id / chunk)`. More
   * arrays join as the store grows, none is ever replaced.
   */
  readonly keys: readonly Int32Array[];
  /** States in one array of `keys`: a power of two. */
  readonly chunk: number;
}

export interface StoreOptions {
  /** The 32-bit words of a key: 1 to 64. */
  readonly words: number;
  /** How many events there are: they are numbered from 0. Up to 65,536 take two bytes a state, more take four. */
  readonly events: number;
  /**
   * How many values a key of one word may take (0 to `range - 1`). Where there are few, states are found without hashing.
   */
  readonly range?: number;
  /** Keys, parents and events are in shared memory, so that other threads can read them. */
  readonly shared?: boolean;
  /** What it may allocate, together with all that draws on the same budget. By default whatever there is. */
  readonly budget?: Budget;
  /** Sizes of the inside, for tests; the defaults were measured. */
  readonly tuning?: Tuning;
}

export interface Tuning {
  /** States in one array: a power of two. */
  readonly chunk?: number;
  /** Slots of a new hash table: a power of two. */
  readonly slots?: number;
  /** Bits of a slot that hold an id as long as the ids fit; the others hold a part of the hash. */
  readonly idBits?: number;
  /** The largest range that is addressed directly. */
  readonly direct?: number;
  /** The most states it will hold, in whole chunks. */
  readonly most?: number;
}
