/**
 * One evaluation over a state: what it read of the state, in order, and what it wrote. A slot that was written is read
 * back from what was written, and then does not count as read.
 *
 * Whatever is computed through a trace, and from nothing else, is the same for every state that agrees on the slots read.
 */
export class Trace {
  /** The slots read, in order, each once. */
  readonly reads: number[] = [];
  /** The slots written, each once. */
  readonly writes: number[] = [];
  /** The number of each transition of the chart that was taken, as often as it was. */
  readonly taken: number[] = [];
  /** While a frame is open: the slots read since, each once, and what each held at that moment. */
  readonly frame: { readonly slots: number[]; readonly values: number[] } = { slots: [], values: [] };
  #base: Int32Array = new Int32Array(0);
  #written = new Int32Array(64);
  #seen = new Int32Array(64);
  #values = new Int32Array(64);
  #stamp = 0;
  #framed = new Int32Array(64);
  #frameStamp = 0;
  #isOpen = false;
  #watcher: Watcher | null = null;

  begin(base: Int32Array): void {
    this.reads.length = 0;
    this.writes.length = 0;
    this.taken.length = 0;
    this.#isOpen = false;
    this.#base = base;
    this.#stamp += 1;
    this.#watcher = null;
  }

  /** Has the watcher told of every slot that is about to be written, with what it holds. That then counts as read. */
  watch(watcher: Watcher | null): void {
    this.#watcher = watcher;
  }

  /** From now on what is read is noted in `frame` as well, also what was read or written before. */
  openFrame(): void {
    this.#isOpen = true;
    this.#frameStamp += 1;
    this.frame.slots.length = 0;
    this.frame.values.length = 0;
  }

  closeFrame(): void {
    this.#isOpen = false;
  }

  read(slot: number): number {
    const value = this.#read(slot);
    if (this.#isOpen && this.#framed[slot] !== this.#frameStamp) {
      this.#framed[slot] = this.#frameStamp;
      this.frame.slots.push(slot);
      this.frame.values.push(value);
    }
    return value;
  }

  #read(slot: number): number {
    if (slot >= this.#seen.length) this.#grow(slot);
    if (this.#written[slot] === this.#stamp) return this.#values[slot] ?? 0;
    if (this.#seen[slot] !== this.#stamp) {
      this.#seen[slot] = this.#stamp;
      this.reads.push(slot);
    }
    return this.#base[slot] ?? 0;
  }

  write(slot: number, value: number): void {
    this.#watcher?.(slot, this.read(slot));
    if (slot >= this.#seen.length) this.#grow(slot);
    if (this.#written[slot] !== this.#stamp) {
      this.#written[slot] = this.#stamp;
      this.writes.push(slot);
    }
    this.#values[slot] = value;
  }

  /** What the slot holds in the state itself, whatever has been read or written. Not counted as a read. */
  before(slot: number): number {
    return this.#base[slot] ?? 0;
  }

  /** What was written into a slot of `writes`. */
  written(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  #grow(slot: number): void {
    const length = Math.max(2 * this.#seen.length, slot + 1);
    this.#written = grown(this.#written, length);
    this.#seen = grown(this.#seen, length);
    this.#values = grown(this.#values, length);
    this.#framed = grown(this.#framed, length);
  }
}

type Watcher = (slot: number, value: number) => void;

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(old);
  return larger;
}
