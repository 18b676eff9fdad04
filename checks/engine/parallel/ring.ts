/*
 * States on their way from one thread to another: for each ordered pair of threads a ring of records in shared memory, which
 * one thread writes and the other reads. A record is a packed state, then its parent, then the event that led to it.
 */

/** The memory of one ring, to be sent to both of its ends. */
export interface RingMemory {
  /** At `HEAD` how many records were read so far, at `TAIL` how many were written: modulo 2^32. */
  readonly counts: Int32Array;
  readonly records: Int32Array;
  /** Integers of a record. */
  readonly stride: number;
}

const HEAD = 0;
/** In another line of the cache than the head, since the two ends write one each. */
const TAIL = 16;

/** Records in one ring: a power of two. Enough that a thread that is not given the processor for a while holds nobody up. */
const ROOM = 2 ** 15;

/** So many records are made known at once. */
const BATCH = 256;

export function ringMemory(words: number): RingMemory {
  const stride = words + 2;
  return {
    counts: new Int32Array(new SharedArrayBuffer(4 * 32)),
    records: new Int32Array(new SharedArrayBuffer(4 * stride * ROOM)),
    stride,
  };
}

/** The end that writes. */
export class Sender {
  readonly #memory: RingMemory;
  readonly #wake: () => void;
  #head: number;
  #tail: number;
  #published: number;

  /** @param wake wakes the reader if it sleeps */
  constructor(memory: RingMemory, wake: () => void) {
    this.#memory = memory;
    this.#wake = wake;
    this.#head = Atomics.load(memory.counts, HEAD);
    this.#tail = Atomics.load(memory.counts, TAIL);
    this.#published = this.#tail;
  }

  /** Whether there is room for one more. If not, what was written is made known, so that it gets read. */
  hasRoom(): boolean {
    if (((this.#tail - this.#head) | 0) < ROOM) return true;
    this.#head = Atomics.load(this.#memory.counts, HEAD);
    if (((this.#tail - this.#head) | 0) < ROOM) return true;
    this.publish();
    return false;
  }

  /** Writes a record of the state that is packed from `from` on; there must be room. */
  push(packed: Int32Array, from: number, parent: number, event: number): void {
    const { records, stride } = this.#memory;
    const at = (this.#tail & (ROOM - 1)) * stride;
    const words = stride - 2;
    for (let word = 0; word < words; word += 1) records[at + word] = packed[from + word] as number;
    records[at + words] = parent;
    records[at + words + 1] = event;
    this.#tail = (this.#tail + 1) | 0;
    if (((this.#tail - this.#published) | 0) >= BATCH) this.publish();
  }

  /** Makes known what was written so far. */
  publish(): void {
    if (this.#published === this.#tail) return;
    this.#published = this.#tail;
    Atomics.store(this.#memory.counts, TAIL, this.#tail);
    this.#wake();
  }
}

/** Called for each record that has come, with where it begins. */
export type Take = (records: Int32Array, at: number) => void;

/** The end that reads. */
export class Receiver {
  readonly #memory: RingMemory;
  readonly #wake: () => void;
  #head: number;

  /** @param wake wakes the writer if it sleeps */
  constructor(memory: RingMemory, wake: () => void) {
    this.#memory = memory;
    this.#wake = wake;
    this.#head = Atomics.load(memory.counts, HEAD);
  }

  /** Takes what has come. Returns how many records that was. */
  drain(take: Take): number {
    const { counts, records, stride } = this.#memory;
    const tail = Atomics.load(counts, TAIL);
    const count = (tail - this.#head) | 0;
    if (count === 0) return 0;
    for (let head = this.#head; head !== tail; head = (head + 1) | 0) take(records, (head & (ROOM - 1)) * stride);
    this.#head = tail;
    Atomics.store(counts, HEAD, tail);
    this.#wake();
    return count;
  }
}
