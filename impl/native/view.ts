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

/** What is seen of a segment. */
export interface Sight {
  readonly view: PrivateView | null;
  /** The map's words that `view` was read from. */
  readonly words: readonly number[];
}

interface Seen extends Sight {
  readonly stamp: number;
}

/** No segment has this number. */
const NOBODY = -1;

const NO_WORDS: readonly number[] = [];
const NOTHING: Sight = { view: null, words: NO_WORDS };

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

  /** What there is to see, by segment number, to be kept with memory. */
  sights(): readonly Sight[] {
    for (let seg = 0; seg < this.#memory.segments.length; seg++) this.view(seg);
    return this.#seen.slice(0, this.#memory.segments.length);
  }

  /** Memory is as it was when there was this to see: what reads as it did then is the same object again. */
  recall(sights: readonly Sight[]): void {
    const { stamp } = this.#memory;
    for (let seg = 0; seg < sights.length; seg++) {
      const { view, words } = sights[seg] ?? NOTHING;
      this.#seen[seg] = { stamp, view, words };
    }
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

  /** The segments that the segment's private data and map belong to: itself, and no other in most drivers. */
  ownersOf(seg: number): readonly number[] {
    const placement = this.placement(seg);
    if (placement === null) return [];
    return [placement.data, placement.map].map((at) => this.#memory.blockAt(at)?.owner ?? NOBODY);
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
    const first = map >>> 2;
    const before = seen?.view ?? null;
    const sameMap = seen !== undefined && before !== null && this.#readsSame(first, seen.words, 0, seen.words.length);
    const domid = this.number(data, this.#layout.domid);
    const softlockcnt = this.#softlockcnt(data);
    if (sameMap && before.domid === domid && before.softlockcnt === softlockcnt) {
      return { stamp, view: before, words: seen.words };
    }
    if (sameMap) return { stamp, view: { domid, softlockcnt, map: before.map }, words: seen.words };
    const view = { domid, softlockcnt, map: this.#records(map, seen) };
    return { stamp, view, words: this.#mapWords(first) };
  }

  #mapWords(first: number): readonly number[] {
    const words: number[] = [];
    const end = first + this.#pages * (this.#layout.cellBytes >> 2);
    for (let i = first; i < end; i++) words.push(this.#memory.words[i] ?? 0);
    return words;
  }

  /** Do the words of memory from `first` on read as these, from index `from` to `end`? */
  #readsSame(first: number, words: readonly number[], from: number, end: number): boolean {
    const memory = this.#memory.words;
    for (let i = from; i < end; i++) if (memory[first + i] !== words[i]) return false;
    return true;
  }

  #softlockcnt(data: number): number {
    const { offset, bytes } = this.#layout.softlockcnt;
    const at = data + offset;
    if (bytes === 8) return Number(this.#memory.data.getBigInt64(at, true));
    return this.#memory.data.getInt32(at, true);
  }

  #records(map: number, seen: Seen | undefined): readonly PageRecord[] {
    const { cellBytes } = this.#layout;
    const cellWords = cellBytes >> 2;
    const words = seen?.words ?? NO_WORDS;
    const records: PageRecord[] = [];
    for (let page = 0; page < this.#pages; page++) {
      const old = seen?.view?.map[page];
      const same = old !== undefined && this.#readsSame(map >>> 2, words, page * cellWords, (page + 1) * cellWords);
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
