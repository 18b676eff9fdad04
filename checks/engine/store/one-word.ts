import { HashedRecords } from "./hashed.js";
import { mix } from "./mix.js";
import type { Store } from "./store.js";

/** A store of keys of one word. */
export class OneWordStore extends HashedRecords implements Store {
  add(key: Int32Array, at: number, parent: number, event: number): number {
    const word = key[at] as number;
    const known = this.lookup(word);
    if (known >= 0) return known;
    this.claim();
    const id = this.append(parent, event);
    (this.keys[id >>> this.shift] as Int32Array)[id & this.mask] = word;
    return ~id;
  }

  find(key: Int32Array, at: number): number {
    return this.lookup(key[at] as number);
  }

  enter(): number {
    const word = (this.keys[this.count >>> this.shift] as Int32Array)[this.count & this.mask] as number;
    const known = this.lookup(word);
    if (known >= 0) return known;
    this.claim();
    this.count++;
    return -1;
  }

  protected override hashOf(id: number): number {
    return mix((this.keys[id >>> this.shift] as Int32Array)[id & this.mask] as number);
  }

  private lookup(word: number): number {
    const hash = mix(word);
    const table = this.tableOf(hash);
    const last = table.length - 1;
    const idMask = this.idMask;
    const tag = hash << 8;
    let slot = hash & last;
    for (let entry = table[slot] as number; entry !== 0; entry = table[slot] as number) {
      if (((entry ^ tag) & ~idMask) === 0) {
        const id = (entry & idMask) - 1;
        if ((this.keys[id >>> this.shift] as Int32Array)[id & this.mask] === word) return id;
      }
      slot = (slot + 1) & last;
    }
    this.hash = hash;
    this.slot = slot;
    return -1;
  }
}
