import type { PageRecord } from "../driver.js";
import type { PrivateView } from "../kernel/ops.js";
import type { DriverLayout, Field } from "./layout.js";
import type { LinearMemory } from "./memory.js";
import { segmentAddress } from "./memory.js";

const EMPTY: PageRecord = { type: "empty" };

/** A segment's private data and map, where they are. */
export interface Placement {
  readonly data: number;
  readonly map: number;
}

interface Seen {
  readonly stamp: number;
  readonly view: PrivateView | null;
  /** The map's words that `view` was read from. */
  readonly words: Int32Array;
}

const NO_WORDS = new Int32Array(0);

/**
 * Reads the driver's private records out of its memory. What reads the same as the last time is the same object: a view,
 * its map, and each page's record.
 */
export class Viewer {
  readonly #memory: LinearMemory;
  readonly #layout: DriverLayout;
  readonly #pages: number;
  readonly #seen: Seen[] = [];

  constructor(memory: LinearMemory, layout: DriverLayout, pages: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#pages = pages;
  }

  /** `null` unless the segment has data and a map, both of them live memory. */
  view(seg: number): PrivateView | null {
    const { stamp } = this.#memory;
    const seen = this.#seen[seg];
    if (seen !== undefined && seen.stamp === stamp) return seen.view;
    const placement = this.placement(seg);
    const now = placement === null ? { stamp, view: null, words: NO_WORDS } : this.#look(placement, stamp, seen);
    this.#seen[seg] = now;
    return now.view;
  }

  /** Where the segment's private data and map are; `null` as with `view`. */
  placement(seg: number): Placement | null {
    const { words, layout, segments } = this.#memory;
    if (segments[seg]?.live !== true) return null;
    const data = (words[(segmentAddress(seg) + layout.data) >> 2] ?? 0) >>> 0;
    if (!this.#isLive(data, this.#layout.dataBytes)) return null;
    const map = this.number(data, this.#layout.map);
    return this.#isLive(map, this.#pages * this.#layout.cellBytes) ? { data, map } : null;
  }

  /** A member of up to 32 bits, unsigned; of a larger one the low word. */
  number(address: number, { offset, bytes }: Field): number {
    const at = address + offset;
    switch (bytes) {
      case 1:
        return this.#memory.data.getUint8(at);
      case 2:
        return this.#memory.data.getUint16(at, true);
      default:
        return this.#memory.data.getUint32(at, true);
    }
  }

  #isLive(address: number, bytes: number): boolean {
    const block = this.#memory.blockAt(address);
    return block !== undefined && block.bytes >= bytes;
  }

  #look({ data, map }: Placement, stamp: number, seen: Seen | undefined): Seen {
    const words = this.#memory.words.subarray(map >>> 2, (map + this.#pages * this.#layout.cellBytes) >>> 2);
    const before = seen?.view ?? null;
    const mapReadsSame = seen !== undefined && before !== null && readsSame(words, seen.words);
    const domid = this.number(data, this.#layout.domid);
    const softlockcnt = this.#softlockcnt(data);
    if (mapReadsSame && before.domid === domid && before.softlockcnt === softlockcnt) return { ...seen, stamp };
    if (mapReadsSame) return { stamp, view: { domid, softlockcnt, map: before.map }, words: seen.words };
    return { stamp, view: { domid, softlockcnt, map: this.#records(map, words, seen) }, words: words.slice() };
  }

  #softlockcnt(data: number): number {
    const { offset, bytes } = this.#layout.softlockcnt;
    const at = data + offset;
    if (bytes === 8) return Number(this.#memory.data.getBigInt64(at, true));
    return this.#memory.data.getInt32(at, true);
  }

  #records(map: number, words: Int32Array, seen: Seen | undefined): readonly PageRecord[] {
    const { cellBytes } = this.#layout;
    const cellWords = cellBytes >> 2;
    const records: PageRecord[] = [];
    for (let page = 0; page < this.#pages; page++) {
      const old = seen?.view?.map[page];
      const first = page * cellWords;
      const same = old !== undefined && sameRange(words, seen?.words ?? NO_WORDS, first, first + cellWords);
      records.push(same ? old : this.#record(map + page * cellBytes));
    }
    return records;
  }

  /**
   * What a cell says. A type that is none (a page that the driver never initialised) is not EMPTY: it is shown as the frame
   * that its words would be.
   */
  #record(cell: number): PageRecord {
    const layout = this.#layout;
    const type = this.number(cell, layout.type);
    if (type === layout.types.empty) return EMPTY;
    if (type !== layout.types.gref) return { type: "mfn", mfn: this.#word(cell, layout.mfn) };
    const flags = this.number(cell, layout.flags);
    return {
      type: "gref",
      gref: this.number(cell, layout.gref),
      writable: (flags & layout.writableFlag) !== 0,
      mapped: (flags & layout.mappedFlag) !== 0,
      handle: this.number(cell, layout.handle),
      pte_ma: this.#word(cell, layout.ptep),
    };
  }

  #word(address: number, field: Field): bigint {
    if (field.bytes === 8) return this.#memory.data.getBigUint64(address + field.offset, true);
    return BigInt(this.number(address, field));
  }
}

function readsSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && sameRange(a, b, 0, a.length);
}

function sameRange(a: Int32Array, b: Int32Array, first: number, end: number): boolean {
  for (let i = first; i < end; i++) if (a[i] !== b[i]) return false;
  return true;
}
