import { type Layout, Records } from "./records.js";
import type { Tuning } from "./store.js";

/*
 * The index: 32 hash tables with linear probing. The highest bits of a hash choose the table, the lowest its home slot.
 *
 * A slot holds an id plus one in its low bits, 0 being an empty slot, and in its high bits as much of the hash as there is
 * room for: bits that chose neither table nor slot. So a state with another key is passed by without a look at that key,
 * which would cost a cache miss. When the ids outgrow their bits, every slot gives up one bit of hash.
 *
 * Tables get unequal shares of the hashes, from 1 to 2 (each hash bit pattern of SHARE_BITS belongs to one): so they don't
 * all fill up, and double, at the same time. At any moment their loads lie evenly, by the logarithm, between half of the
 * limit and the limit, and the index takes 1.44 / limit slots a state, whatever the number of states. With a limit of 3/4
 * that is 7.7 bytes a state, so that a state of two words with a wide event stays below 24. A search for an absent key in
 * a table about to grow passes 8 slots, which are one line of the cache and mostly need no look at a key. More tables
 * would double in shorter pauses, but the objects that stand for the arrays would not stay in the first cache.
 */

const TABLES = 32;
const SHARE_BITS = 8;
/** The bits of a hash above these choose its table, by `shares`. */
const SHARE_SHIFT = 32 - SHARE_BITS;

/** Moves the bits below those that chose the table to the top: the last to be needed for home slots as tables grow. */
const TAG_SHIFT = 5;

/** The table for each pattern of the highest bits. */
const SHARES = shares();

function shares(): Uint8Array {
  const patterns = 2 ** SHARE_BITS;
  const start = (table: number) => Math.round(patterns * (2 ** (table / TABLES) - 1));
  const result = new Uint8Array(patterns);
  for (let table = 0; table < TABLES; table++) result.fill(table, start(table), start(table + 1));
  return result;
}

export abstract class HashedRecords extends Records {
  protected readonly shares = SHARES;
  protected readonly tables: Int32Array[] = [];
  /** The bits of a slot that hold an id plus one. */
  protected idMask: number;
  /** What `lookup` left when it found nothing: the hash, and the empty slot where the state belongs. */
  protected hash = 0;
  protected slot = 0;
  readonly #used = new Int32Array(TABLES);

  constructor(layout: Layout, tuning: Tuning) {
    super(layout);
    this.idMask = -1 >>> (32 - (tuning.idBits ?? 24));
    const slots = tuning.slots ?? 32;
    const room = this.allocate(4 * slots * TABLES, false);
    for (let i = 0; i < TABLES; i++) this.tables.push(new Int32Array(room, 4 * slots * i, slots));
    this.account(room.byteLength);
  }

  /** The table that a hash belongs to. Here, since an imported constant would be loaded and checked every time. */
  protected tableOf(hash: number): Int32Array {
    return this.tables[this.shares[hash >>> SHARE_SHIFT] as number] as Int32Array;
  }

  /** The part of a hash that its slot holds. */
  protected tagOf(hash: number): number {
    return (hash << TAG_SHIFT) & ~this.idMask;
  }

  dropIndex(): void {
    for (const table of this.tables) this.account(-table.byteLength);
    this.tables.length = 0;
  }

  /** Writes the hashes of the keys of the first `count` entries. */
  protected abstract hashAll(entries: Int32Array, count: number, hashes: Int32Array): void;

  /** Notes the state that is about to be added as the next one, in the slot that was found empty. */
  protected claim(): void {
    this.makeRoom();
    if (this.count >= this.idMask) this.#widen();
    const number = this.shares[this.hash >>> SHARE_SHIFT] as number;
    let table = this.tables[number] as Int32Array;
    const used = (this.#used[number] as number) + 1;
    if (used > table.length - (table.length >>> 2)) {
      table = this.#grow(table);
      this.tables[number] = table;
      this.slot = vacancy(table, this.hash);
    }
    this.#used[number] = used;
    table[this.slot] = this.tagOf(this.hash) | (this.count + 1);
  }

  /**
   * A table of twice the size with the same states. A block at a time: its entries, then their hashes, then their new
   * slots, since a processor that can't foretell what comes next waits for the memory of each key.
   */
  #grow(old: Int32Array): Int32Array {
    const table = new Int32Array(this.allocate(8 * old.length, false));
    const block = Math.min(BLOCK, old.length);
    for (let from = 0; from < old.length; from += block) {
      let count = 0;
      for (let i = from; i < from + block; i++) {
        const entry = old[i] as number;
        entries[count] = entry;
        count += entry === 0 ? 0 : 1;
      }
      this.hashAll(entries, count, hashes);
      for (let i = 0; i < count; i++) table[vacancy(table, hashes[i] as number)] = entries[i] as number;
    }
    this.account(table.byteLength - old.byteLength);
    return table;
  }

  /** Takes one bit of every slot from the hash and gives it to the id. */
  #widen(): void {
    const kept = ~(this.idMask + 1);
    for (const table of this.tables) {
      for (let i = 0; i < table.length; i++) table[i] = (table[i] as number) & kept;
    }
    this.idMask = (this.idMask << 1) | 1;
  }
}

/** Slots that are moved at a time: so many as the first cache has room for. A power of two. */
const BLOCK = 512;
const entries = new Int32Array(BLOCK);
const hashes = new Int32Array(BLOCK);

/** The first empty slot from a hash's home on. */
function vacancy(table: Int32Array, hash: number): number {
  const last = table.length - 1;
  let slot = hash & last;
  while (table[slot] !== 0) slot = (slot + 1) & last;
  return slot;
}
