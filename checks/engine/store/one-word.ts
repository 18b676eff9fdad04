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

  protected override hashAll(entries: Int32Array, count: number, hashes: Int32Array): void {
    const { idMask, keys, shift, mask } = this;
    for (let i = 0; i < count; i++) {
      const id = ((entries[i] as number) & idMask) - 1;
      hashes[i] = mix((keys[id >>> shift] as Int32Array)[id & mask] as number);
    }
  }

  private lookup(word: number): number {
    const hash = mix(word);
    const table = this.tableOf(hash);
    const last = table.length - 1;
    let slot = hash & last;
    let entry = table[slot] as number;
    if (entry !== 0) {
      const { keys, shift, mask } = this;
      const hashBits = ~this.idMask;
      const tag = this.tagOf(hash);
      do {
        // An id if the hash bits are the same; if not, some of them stay, since no slot in use holds 0 below them.
        const id = ((entry ^ tag) - 1) | 0;
        if ((id & hashBits) === 0 && (keys[id >>> shift] as Int32Array)[id & mask] === word) return id;
        slot = (slot + 1) & last;
        entry = table[slot] as number;
      } while (entry !== 0);
    }
    this.hash = hash;
    this.slot = slot;
    return -1;
  }
}
