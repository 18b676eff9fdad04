/**
 * States of two integers, each once, numbered in the order in which they came: the queue of a breadth-first search as
 * well as its set. Keys, parents and an open-addressing table of numbers are typed arrays; nothing is allocated for a state.
 */
export class Visited {
  #size = 0;
  #capacity = 1 << 12;
  #keys = new Int32Array(this.#capacity * 2);
  #parents = new Int32Array(this.#capacity);
  /** Numbers plus 1, so that 0 is an empty slot; at most half of the slots are taken. */
  #table = new Int32Array(this.#capacity * 2);
  #shift = 32 - 13;

  get size(): number {
    return this.#size;
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#keys.byteLength + this.#parents.byteLength + this.#table.byteLength;
  }

  low(state: number): number {
    return this.#keys[2 * state] as number; // the state is there
  }

  high(state: number): number {
    return this.#keys[2 * state + 1] as number; // the state is there
  }

  /** How many steps lead to the state along its parents. */
  distance(state: number): number {
    let steps = 0;
    for (let at = this.#parents[state] ?? -1; at >= 0; at = this.#parents[at] ?? -1) steps++;
    return steps;
  }

  /** Whether the state is new. The first state's parent is -1. */
  add(low: number, high: number, parent: number): boolean {
    if (this.#size === this.#capacity) this.#grow();
    const keys = this.#keys;
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hash(low, high) >>> this.#shift;
    for (let entry = table[slot] as number; entry !== 0; entry = table[slot] as number) {
      const at = 2 * entry - 2;
      if (keys[at] === low && keys[at + 1] === high) return false;
      slot = (slot + 1) & mask;
    }
    const state = this.#size++;
    keys[2 * state] = low;
    keys[2 * state + 1] = high;
    this.#parents[state] = parent;
    table[slot] = state + 1;
    return true;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#shift--;
    this.#keys = larger(this.#keys);
    this.#parents = larger(this.#parents);
    const keys = this.#keys;
    const table = new Int32Array(this.#capacity * 2);
    const mask = table.length - 1;
    for (let state = 0; state < this.#size; state++) {
      let slot = hash(keys[2 * state] as number, keys[2 * state + 1] as number) >>> this.#shift;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = state + 1;
    }
    this.#table = table;
  }
}

function larger(array: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}

/** Spreads both words over all 32 bits; the table takes the upper ones. */
function hash(low: number, high: number): number {
  const mixed = Math.imul(low, 0x9e37_79b1) ^ Math.imul(high, 0x85eb_ca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d);
}
