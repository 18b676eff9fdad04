import { HashedRecords } from "./hashed.js";
import { mix, stir } from "./mix.js";
import type { Store } from "./store.js";

/** A store of keys of any number of words. */
export class ManyWordStore extends HashedRecords implements Store {
  add(key: Int32Array, at: number, parent: number, event: number): number {
    const known = this.find(key, at);
    if (known >= 0) return known;
    this.claim();
    const id = this.append(parent, event);
    const words = this.words;
    const keys = this.keys[id >>> this.shift] as Int32Array;
    const place = (id & this.mask) * words;
    for (let i = 0; i < words; i++) keys[place + i] = key[at + i] as number;
    return ~id;
  }

  find(key: Int32Array, at: number): number {
    const words = this.words;
    const hash = hashOf(key, at, words);
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
          const place = (id & mask) * words;
          let i = 0;
          while (i < words && keys[place + i] === key[at + i]) i++;
          if (i === words) return id;
        }
        slot = (slot + 1) & last;
        entry = table[slot] as number;
      } while (entry !== 0);
    }
    this.hash = hash;
    this.slot = slot;
    return -1;
  }

  enter(): number {
    const keys = this.keys[this.count >>> this.shift] as Int32Array;
    const known = this.find(keys, (this.count & this.mask) * this.words);
    if (known >= 0) return known;
    this.claim();
    this.count++;
    return -1;
  }

  protected override hashAll(entries: Int32Array, count: number, hashes: Int32Array): void {
    const { idMask, keys, shift, mask, words } = this;
    for (let i = 0; i < count; i++) {
      const id = ((entries[i] as number) & idMask) - 1;
      hashes[i] = hashOf(keys[id >>> shift] as Int32Array, (id & mask) * words, words);
    }
  }
}

function hashOf(key: Int32Array, at: number, words: number): number {
  let hash = key[at] as number;
  for (let i = 1; i < words; i++) hash = stir(hash) ^ (key[at + i] as number);
  return mix(hash);
}
