import { HashedRecords } from "./hashed.js";
import { mix, stir } from "./mix.js";
import type { Store } from "./store.js";

/** A store of keys of two words. */
export class TwoWordStore extends HashedRecords implements Store {
  add(key: Int32Array, at: number, parent: number, event: number): number {
    const first = key[at] as number;
    const second = key[at + 1] as number;
    const known = this.lookup(first, second);
    if (known >= 0) return known;
    this.claim();
    const id = this.append(parent, event);
    const keys = this.keys[id >>> this.shift] as Int32Array;
    const place = (id & this.mask) << 1;
    keys[place] = first;
    keys[place + 1] = second;
    return ~id;
  }

  find(key: Int32Array, at: number): number {
    return this.lookup(key[at] as number, key[at + 1] as number);
  }

  enter(): number {
    const keys = this.keys[this.count >>> this.shift] as Int32Array;
    const place = (this.count & this.mask) << 1;
    const known = this.lookup(keys[place] as number, keys[place + 1] as number);
    if (known >= 0) return known;
    this.claim();
    this.count++;
    return -1;
  }

  protected override hashOf(id: number): number {
    const keys = this.keys[id >>> this.shift] as Int32Array;
    const place = (id & this.mask) << 1;
    return mix(stir(keys[place] as number) ^ (keys[place + 1] as number));
  }

  private lookup(first: number, second: number): number {
    const hash = mix(stir(first) ^ second);
    const table = this.tableOf(hash);
    const last = table.length - 1;
    const idMask = this.idMask;
    const tag = hash << 8;
    let slot = hash & last;
    for (let entry = table[slot] as number; entry !== 0; entry = table[slot] as number) {
      if (((entry ^ tag) & ~idMask) === 0) {
        const id = (entry & idMask) - 1;
        const keys = this.keys[id >>> this.shift] as Int32Array;
        const place = (id & this.mask) << 1;
        if (keys[place] === first && keys[place + 1] === second) return id;
      }
      slot = (slot + 1) & last;
    }
    this.hash = hash;
    this.slot = slot;
    return -1;
  }
}
