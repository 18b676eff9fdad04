import type { Budget } from "./budget.js";
import { StoreError } from "./errors.js";

/** The most states: `~id` must be an int32, and an id plus one must fit a slot of 31 bits. */
export const MOST_STATES = 2 ** 31 - 2;

export interface Layout {
  readonly words: number;
  /** Whether event numbers take four bytes instead of two. */
  readonly wide: boolean;
  readonly shared: boolean;
  /** States in one array: a power of two. */
  readonly chunk: number;
  /** The most states. */
  readonly most: number;
  /** What it may allocate; `null` for whatever there is. */
  readonly budget: Budget | null;
}

/** The records of as many states as one chunk holds. */
export interface Chunk {
  readonly keys: Int32Array;
  readonly parents: Int32Array;
  /** The low halves of all event numbers; then, where they are wide, the high halves. */
  readonly events: Uint16Array;
}

/**
 * What is kept of each state, in arrays of a fixed number of states, so that nothing is ever copied and no array gets
 * long. How a state is found by its key is up to those who extend it.
 */
export abstract class Records {
  readonly layout: Layout;
  readonly words: number;
  readonly chunk: number;
  readonly keys: Int32Array[] = [];
  readonly parents: Int32Array[] = [];
  readonly events: Uint16Array[] = [];
  /** An id's chunk is `id >>> shift`, its place there `id & mask`. */
  protected readonly shift: number;
  protected readonly mask: number;
  protected count = 0;
  #bytes = 0;

  constructor(layout: Layout) {
    this.layout = layout;
    this.words = layout.words;
    this.chunk = layout.chunk;
    this.shift = 31 - Math.clz32(layout.chunk);
    this.mask = layout.chunk - 1;
  }

  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes the next state, whose record is in its place already, into the index. Answers -1; or, if a state has that key
   * already, that state's id, and changes nothing.
   */
  abstract enter(): number;

  read(id: number, into: Int32Array, at: number): void {
    const keys = this.keys[id >>> this.shift] as Int32Array;
    const from = (id & this.mask) * this.words;
    for (let i = 0; i < this.words; i++) into[at + i] = keys[from + i] as number;
  }

  parent(id: number): number {
    return (this.parents[id >>> this.shift] as Int32Array)[id & this.mask] as number;
  }

  event(id: number): number {
    const events = this.events[id >>> this.shift] as Uint16Array;
    const at = id & this.mask;
    const low = events[at] as number;
    return this.layout.wide ? (events[at + this.chunk] as number) * 65_536 + low : low;
  }

  path(id: number): number[] {
    const events: number[] = [];
    for (let state = id, parent = this.parent(id); parent >= 0; state = parent, parent = this.parent(state)) {
      events.push(this.event(state));
    }
    return events.reverse();
  }

  /** The next chunk; takes over arrays that are given. */
  addChunk(parents?: Int32Array, events?: Uint16Array): Chunk {
    const { chunk, words, wide, shared } = this.layout;
    const eventBytes = wide ? 4 : 2;
    this.afford(chunk * (4 * words + (parents === undefined ? 4 : 0) + (events === undefined ? eventBytes : 0)));
    const made: Chunk = {
      keys: new Int32Array(this.allocate(4 * words * chunk, shared)),
      parents: parents ?? new Int32Array(this.allocate(4 * chunk, shared)),
      events: events ?? new Uint16Array(this.allocate(eventBytes * chunk, shared)),
    };
    this.keys.push(made.keys);
    this.parents.push(made.parents);
    this.events.push(made.events);
    this.account(made.keys.byteLength + made.parents.byteLength + made.events.byteLength);
    return made;
  }

  /** Lets go of the index: no state can be found or added any more. */
  abstract dropIndex(): void;

  /** Lets go of a chunk: its states can't be read any more. */
  dropChunk(index: number): void {
    for (const arrays of [this.keys, this.parents, this.events]) {
      this.account(-(arrays[index]?.byteLength ?? 0));
      delete arrays[index];
    }
  }

  /** Writes parent and event of a new state and returns its id. The key is the caller's to write. */
  protected append(parent: number, event: number): number {
    const id = this.count;
    const at = id & this.mask;
    const events = this.events[id >>> this.shift] as Uint16Array;
    (this.parents[id >>> this.shift] as Int32Array)[at] = parent;
    events[at] = event;
    if (this.layout.wide) events[at + this.chunk] = event >>> 16;
    this.count = id + 1;
    return id;
  }

  protected allocate(bytes: number, shared: boolean): ArrayBuffer | SharedArrayBuffer {
    this.afford(bytes);
    try {
      return shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    } catch (cause) {
      const message = `No memory for ${bytes} more bytes at ${this.count} states, which take ${this.bytes}.`;
      throw new StoreError("no-memory", message, cause);
    }
  }

  /** Throws a StoreError `no-memory` if the budget has no more bytes for this. */
  protected afford(bytes: number): void {
    const { budget } = this.layout;
    if (budget === null || budget.allows(bytes)) return;
    throw new StoreError("no-memory", `${bytes} more bytes at ${this.count} states are more than the limit allows.`);
  }

  /** Notes that so many more bytes are allocated. */
  protected account(bytes: number): void {
    this.#bytes += bytes;
    this.layout.budget?.spend(bytes);
  }

  /** Sees to it that there is a chunk for one more state. */
  protected makeRoom(): void {
    if (this.keys.length > this.count >>> this.shift) return;
    if (this.count + this.chunk > this.layout.most) {
      throw new StoreError("full", `The store holds ${this.count} states, and can't number ${this.chunk} more.`);
    }
    this.addChunk();
  }
}
