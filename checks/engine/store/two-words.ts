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

  protected override hashAll(entries: Int32Array, count: number, hashes: Int32Array): void {
    const { idMask, keys, shift, mask } = this;
    for (let i = 0; i < count; i++) {
      const id = ((entries[i] as number) & idMask) - 1;
      const chunk = keys[id >>> shift] as Int32Array;
      const place = (id & mask) << 1;
      hashes[i] = mix(stir(chunk[place] as number) ^ (chunk[place + 1] as number));
    }
  }

  private lookup(first: number, second: number): number {
    const hash = mix(stir(first) ^ second);
    const table = this.tableOf(hash);
    const last = table.length - 1;
    let slot = hash & last;
    let entry = table[slot] as number;
    if (entry !== 0) {
      const { shift, mask } = this;
      const hashBits = ~this.idMask;
      const tag = this.tagOf(hash);
      do {
        // An id if the hash bits are the same; if not, some of them stay, since no slot in use holds 0 below them.
        const id = ((entry ^ tag) - 1) | 0;
        if ((id & hashBits) === 0) {
          const keys = this.keys[id >>> shift] as Int32Array;
          const place = (id & mask) << 1;
          if (keys[place] === first && keys[place + 1] === second) return id;
        }
        slot = (slot + 1) & last;
        entry = table[slot] as number;
      } while (entry !== 0);
    }
    this.hash = hash;
    this.slot = slot;
    return -1;
  }
}
