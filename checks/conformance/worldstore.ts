/** The states reached so far, by number in the order in which they were: of each its key, and the edge that led to it first. */
export interface WorldStore {
  readonly size: number;
  readonly bytes: number;
  /** The number of the state with the key at `at`, or -1. */
  find(key: Int32Array, at: number): number;
  /** The number of the state with the key at `at`; if it is new, which it then is no more, its bitwise complement. */
  add(key: Int32Array, at: number, parent: number, event: number): number;
  /** Writes a state's key. */
  read(id: number, key: Int32Array, at: number): void;
  /** The state from which this one was reached first, and by which edge. */
  parent(id: number): number;
  event(id: number): number;
}

const FIRST_CAPACITY = 1 << 12;

/** Open addressing over flat arrays that double: width + 3 words a state, and a slot or two of four bytes. */
export class FlatStore implements WorldStore {
  size = 0;
  readonly #width: number;
  /** Key, parent, event of each state. */
  #records: Int32Array;
  /** Numbers of states plus 1; 0 where a slot is free. */
  #slots: Int32Array;

  /** @param width words of a key */
  constructor(width: number) {
    this.#width = width;
    this.#records = new Int32Array(FIRST_CAPACITY * (width + 2));
    this.#slots = new Int32Array(FIRST_CAPACITY * 2);
  }

  get bytes(): number {
    return this.#records.byteLength + this.#slots.byteLength;
  }

  /** How many states it may hold at the most without ever taking more than so many bytes, not even while it grows. */
  mostWithin(bytes: number): number {
    const taken = (capacity: number): number => 4 * capacity * (this.#width + 2) + 8 * capacity;
    let capacity = FIRST_CAPACITY;
    // While it grows, the arrays of before and those of twice the size are there.
    while (3 * taken(capacity) <= bytes) capacity *= 2;
    return capacity - 1;
  }

  /** Key, parent and event of each state, for whoever makes the same store again. */
  get records(): Int32Array {
    return this.#records.slice(0, this.size * (this.#width + 2));
  }

  /** Adds all states of another store, in their order. */
  takeOver(records: Int32Array): void {
    const width = this.#width;
    for (let at = 0; at < records.length; at += width + 2) {
      this.add(records, at, records[at + width] ?? -1, records[at + width + 1] ?? -1);
    }
  }

  find(key: Int32Array, at: number): number {
    return (this.#slots[this.#slot(key, at)] as number) - 1; // a slot is within the table
  }

  add(key: Int32Array, at: number, parent: number, event: number): number {
    const slot = this.#slot(key, at);
    const known = this.#slots[slot] as number; // a slot is within the table
    if (known !== 0) return known - 1;
    const id = this.size++;
    this.#slots[slot] = id + 1;
    const width = this.#width;
    const record = id * (width + 2);
    for (let i = 0; i < width; i++) this.#records[record + i] = key[at + i] as number;
    this.#records[record + width] = parent;
    this.#records[record + width + 1] = event;
    if (this.size * 2 >= this.#slots.length) this.#grow();
    return ~id;
  }

  read(id: number, key: Int32Array, at: number): void {
    const record = id * (this.#width + 2);
    for (let i = 0; i < this.#width; i++) key[at + i] = this.#records[record + i] as number;
  }

  parent(id: number): number {
    return this.#records[id * (this.#width + 2) + this.#width] ?? -1;
  }

  event(id: number): number {
    return this.#records[id * (this.#width + 2) + this.#width + 1] ?? -1;
  }

  /** The slot of the key: the one that has it, or the free one where it belongs. */
  #slot(key: Int32Array, at: number): number {
    const mask = this.#slots.length - 1;
    const stride = this.#width + 2;
    for (let slot = hash(key, at, this.#width) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] as number; // the mask keeps it within the table
      if (known === 0 || this.#isAt((known - 1) * stride, key, at)) return slot;
    }
  }

  #isAt(record: number, key: Int32Array, at: number): boolean {
    for (let i = 0; i < this.#width; i++) if (this.#records[record + i] !== key[at + i]) return false;
    return true;
  }

  #grow(): void {
    const records = new Int32Array(this.#records.length * 2);
    records.set(this.#records);
    this.#slots = new Int32Array(this.#slots.length * 2);
    this.#records = records;
    const mask = this.#slots.length - 1;
    const stride = this.#width + 2;
    for (let id = 0; id < this.size; id++) {
      let slot = hash(records, id * stride, this.#width) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
}

function hash(key: Int32Array, at: number, width: number): number {
  let mixed = 0;
  for (let i = 0; i < width; i++) {
    mixed = Math.imul(mixed ^ (key[at + i] as number), 0x9e3779b1); // the key is that wide
    mixed ^= mixed >>> 15;
  }
  mixed = Math.imul(mixed, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
