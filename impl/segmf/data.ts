import type { PageRecord, Prot, Word } from "../driver.js";
import { PATTERN_WORD } from "../kernel/kmem.js";
import type { BlockId } from "../kernel/services.js";
import type { Deviations } from "./deviations.js";

/**
 * The driver's private data, as immutable values in kernel memory blocks: one `SegmentData` a segment, and one `MapCell`
 * for each of its pages.
 */
export interface SegmentData {
  readonly prot: Prot;
  readonly maxprot: Prot;
  /** Pages that are soft-locked, as a signed number. Changes under `freemem_lock`. */
  readonly softlockcnt: number;
  /** 0 until the first add binds the segment, then never another. */
  readonly domid: number;
  /** The block of the page records; `null` until it is allocated. */
  readonly map: BlockId | null;
}

/** What a page holds, and where its PTE is. Changes under the segment's lock. */
export interface MapCell {
  /** What the page holds, as others see it: nothing, a frame, or a grant and the address that it is mapped at. */
  readonly record: PageRecord;
  /** Has a caller registered the page's PTE? */
  readonly registered: boolean;
  /** The machine address that was registered. Before that, what the memory held when it was allocated. */
  readonly pte: Word;
}

const EMPTY: PageRecord = { type: "empty" };

export const ZEROED_DATA: SegmentData = { prot: "none", maxprot: "none", softlockcnt: 0, domid: 0, map: null };

/** A page when its segment comes to be: EMPTY, and the rest as the allocator left it. */
export const FRESH_CELL: MapCell = { record: EMPTY, registered: false, pte: PATTERN_WORD };

/** Bytes of a segment's data on LP64. */
export const DATA_BYTES = 48;

/** The parts of a page's record on LP64, in bytes: its type, a word, and a grant's ref, flags and handle. */
const TYPE_BYTES = 8;
const WORD_BYTES = 8;
const GRANT_BYTES = 16;

/**
 * How pages change. In the corrected driver the frame, the registered address, and the address that a grant is mapped at
 * are words of their own. Two errata put two of them in one place, so that to write one is to write the other:
 * word-shared the frame and the registered address, registration-in-place the registered address and the grant's.
 */
export class MapCells {
  /** Bytes of one page's record on LP64. */
  readonly bytes: number;
  readonly #wordShared: boolean;
  readonly #inPlace: boolean;

  constructor(deviates: Deviations) {
    this.#wordShared = deviates.wordShared;
    this.#inPlace = deviates.registrationInPlace;
    const words = 3 - Number(this.#wordShared) - Number(this.#inPlace);
    this.bytes = TYPE_BYTES + words * WORD_BYTES + GRANT_BYTES;
  }

  /** The page holds nothing. Its registration stays, as in all that follows. */
  readonly emptied = (cell: MapCell): MapCell =>
    cell.record.type === "empty" ? cell : { record: EMPTY, registered: cell.registered, pte: cell.pte };

  /** The page holds a frame. */
  withFrame(cell: MapCell, mfn: Word): MapCell {
    // Erratum word-shared: the registered address is overwritten.
    const pte = this.#wordShared ? mfn : cell.pte;
    return { record: { type: "mfn", mfn }, registered: cell.registered, pte };
  }

  /** The page is to hold a grant, to be mapped where its PTE is registered to be. */
  withGrant(cell: MapCell, gref: number, writable: boolean): MapCell {
    const { registered, pte } = cell;
    return { record: { type: "gref", gref, writable, mapped: false, handle: 0, pte_ma: pte }, registered, pte };
  }

  /** The page's grant is mapped. */
  withHandle(cell: MapCell, handle: number): MapCell {
    const { record, registered, pte } = cell;
    return record.type === "gref" ? { record: { ...record, mapped: true, handle }, registered, pte } : cell;
  }

  /** The page's PTE is registered. What the page holds does not change. */
  withRegistration(cell: MapCell, pte: Word): MapCell {
    return { record: this.#besideRegistration(cell.record, pte), registered: true, pte };
  }

  /** What becomes of a page's record when its registration is written. */
  #besideRegistration(record: PageRecord, pte: Word): PageRecord {
    // Erratum word-shared: it is the frame number that is written.
    if (record.type === "mfn" && this.#wordShared && record.mfn !== pte) return { type: "mfn", mfn: pte };
    // Erratum registration-in-place: it is the address of the live grant that is written.
    if (record.type === "gref" && this.#inPlace && record.pte_ma !== pte) return { ...record, pte_ma: pte };
    return record;
  }
}
