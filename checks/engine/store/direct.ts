import { StoreError } from "./errors.js";
import { type Layout, Records } from "./records.js";
import type { Store } from "./store.js";

/** A store of keys of one word that are numbers below a small range: the id of a key stands in the place of the key. */
export class DirectStore extends Records implements Store {
  /** The id plus one of each key's state; 0 for none. */
  #ids: Int32Array;
  #range: number;

  constructor(layout: Layout, range: number) {
    super(layout);
    this.#range = range;
    this.#ids = new Int32Array(this.allocate(4 * range, false));
    this.account(this.#ids.byteLength);
  }

  add(key: Int32Array, at: number, parent: number, event: number): number {
    const word = key[at] as number;
    if (word >>> 0 >= this.#range) throw this.#outside(word);
    const entry = this.#ids[word] as number;
    if (entry !== 0) return entry - 1;
    this.makeRoom();
    const id = this.append(parent, event);
    (this.keys[id >>> this.shift] as Int32Array)[id & this.mask] = word;
    this.#ids[word] = id + 1;
    return ~id;
  }

  find(key: Int32Array, at: number): number {
    const word = key[at] as number;
    if (word >>> 0 >= this.#range) throw this.#outside(word);
    return (this.#ids[word] as number) - 1;
  }

  enter(): number {
    const known = this.find(this.keys[this.count >>> this.shift] as Int32Array, this.count & this.mask);
    if (known >= 0) return known;
    const word = (this.keys[this.count >>> this.shift] as Int32Array)[this.count & this.mask] as number;
    this.count++;
    this.#ids[word] = this.count;
    return -1;
  }

  dropIndex(): void {
    this.account(-this.#ids.byteLength);
    this.#ids = new Int32Array(0);
    this.#range = 0;
  }

  #outside(word: number): StoreError {
    return new StoreError("bad-key", `The key ${word} is not between 0 and ${this.#range - 1}, the range promised.`);
  }
}
