import type { LockName, PageRecord } from "../driver.js";
import type { Cells, DriverMemory } from "../kernel/cells.js";
import type { PrivateView } from "../kernel/ops.js";
import type { KernelServices } from "../kernel/services.js";
import { PAGE_SIZE } from "../kernel/services.js";
import type { CellsText } from "./cellstext.js";
import type { MapCell, SegmentData } from "./data.js";
import { DATA_BYTES, FRESH_CELL, MapCells, ZEROED_DATA } from "./data.js";
import type { Deviations } from "./deviations.js";

/** What the driver asks of the kernel: its services, and cells in its memory. */
export type SegmfKernel = KernelServices & DriverMemory;

export const FREEMEM_LOCK: LockName = { lock: "freemem_lock", seg: null };

/** What all segments of one driver share. */
export interface Shared {
  readonly kernel: SegmfKernel;
  readonly deviates: Deviations;
  /** Pages of every segment. */
  readonly pages: number;
  readonly cells: MapCells;
  readonly data: Cells<SegmentData>;
  readonly map: Cells<MapCell>;
  /** By number. Which of them there are is known to the kernel. */
  readonly segments: Segment[];
}

export function shared(kernel: SegmfKernel, pages: number, deviates: Deviations): Shared {
  return {
    kernel,
    deviates,
    pages,
    cells: new MapCells(deviates),
    data: kernel.cells<SegmentData>(),
    map: kernel.cells<MapCell>(),
    segments: [],
  };
}

/**
 * One segment as the driver's functions see it: its number, its private data and page records in kernel memory, its
 * locks. It holds no state of its own, so one object serves a segment for good, whatever snapshots are restored.
 */
export class Segment {
  readonly seg: number;
  readonly kernel: SegmfKernel;
  readonly deviates: Deviations;
  readonly pages: number;
  /** Bytes of the whole segment. */
  readonly size: number;
  readonly lock: LockName;
  readonly contentsLock: LockName;
  readonly cells: MapCells;
  readonly #data: Cells<SegmentData>;
  readonly #map: Cells<MapCell>;
  readonly #family: readonly Segment[];
  /** The last view, or that of the state which was restored since, so that it reads as the same objects as before. */
  seen: Seen | null = null;

  constructor({ kernel, deviates, pages, cells, data, map, segments }: Shared, seg: number) {
    this.seg = seg;
    this.kernel = kernel;
    this.deviates = deviates;
    this.pages = pages;
    this.size = pages * PAGE_SIZE;
    this.lock = { lock: "segment", seg };
    this.contentsLock = { lock: "a_contents", seg };
    this.cells = cells;
    this.#data = data;
    this.#map = map;
    this.#family = segments;
  }

  /** The segments that there were before it and that still are. */
  older(): readonly Segment[] {
    return this.#family.slice(0, this.seg).filter((segment) => segment.view() !== null);
  }

  /** The segment's data; all zeros where there is none. */
  get data(): SegmentData {
    const block = this.kernel.attached(this.seg);
    return (block === null ? undefined : this.#data.read(block)?.[0]) ?? ZEROED_DATA;
  }

  /** Allocates zeroed data, with the segment's lock, and attaches it. */
  allocateData(): void {
    const block = this.kernel.kmem_zalloc(DATA_BYTES);
    this.#data.fill(block, [ZEROED_DATA]);
    this.kernel.mutex_init(this.lock);
    this.kernel.attach(this.seg, block);
  }

  /** Changes some members of the data. */
  write(change: Partial<SegmentData>): void {
    const block = this.kernel.attached(this.seg);
    if (block === null) return;
    const { data } = this;
    const { prot = data.prot, maxprot = data.maxprot, softlockcnt = data.softlockcnt } = change;
    const { domid = data.domid, map = data.map } = change;
    // Member by member: to spread two objects takes longer than all the rest.
    this.#data.write(block, 0, { prot, maxprot, softlockcnt, domid, map });
  }

  /** Allocates the page records: fresh ones, or those of another segment. */
  allocateMap(like: Segment | null): void {
    const block = this.kernel.kmem_alloc(this.#mapBytes);
    this.#map.fill(block, like?.map ?? new Array<MapCell>(this.pages).fill(FRESH_CELL));
    this.write({ map: block });
  }

  freeMap(): void {
    const { map } = this.data;
    if (map !== null) this.kernel.kmem_free(map, this.#mapBytes);
  }

  freeData(): void {
    const block = this.kernel.attached(this.seg);
    if (block !== null) this.kernel.kmem_free(block, DATA_BYTES);
  }

  get #mapBytes(): number {
    return this.pages * this.cells.bytes;
  }

  /** The page records. A page outside the segment has none. */
  get map(): readonly MapCell[] {
    const { map } = this.data;
    return (map === null ? undefined : this.#map.read(map)) ?? [];
  }

  /** Writes one page record. The kernel panics if the page is outside the segment. */
  writeCell(page: number, change: (cell: MapCell) => MapCell): void {
    const { map } = this.data;
    if (map === null) return;
    this.#map.write(map, page, change(this.#map.read(map)?.[page] ?? FRESH_CELL));
  }

  /** Marks a range EMPTY. */
  empty(page: number, count: number): void {
    for (let i = page; i < page + count; i++) this.writeCell(i, this.cells.emptied);
  }

  /** What others see of it: `null` before its map is there and once it is given back. */
  view(): PrivateView | null {
    const { map, domid, softlockcnt } = this.data;
    const cells = map === null ? undefined : this.#map.read(map);
    if (cells === undefined) return null;
    const { seen } = this;
    if (seen !== null && seen.cells === cells && seen.domid === domid && seen.softlockcnt === softlockcnt) return seen;
    const records = seen?.cells === cells ? seen.map : recordsOf(cells, seen?.map ?? []);
    const text = seen?.cells === cells ? seen.text : null;
    this.seen = { cells, domid, softlockcnt, map: records, text };
    return this.seen;
  }
}

/** A view, and the cells that it was made of. What it says is true of those cells for ever. */
export interface Seen extends PrivateView {
  readonly cells: readonly MapCell[];
  /** The cells as a key has them (key.ts), once somebody has asked. */
  text: CellsText | null;
}

/** The records of these cells: `before` if they read the same. */
function recordsOf(cells: readonly MapCell[], before: readonly PageRecord[]): readonly PageRecord[] {
  if (before.length !== cells.length) return cells.map((cell) => cell.record);
  for (let page = 0; page < cells.length; page++) {
    const now = cells[page]?.record;
    const then = before[page];
    if (now !== then && (now === undefined || then === undefined || !sameRecord(now, then))) {
      return cells.map((cell) => cell.record);
    }
  }
  return before;
}

function sameRecord(a: PageRecord, b: PageRecord): boolean {
  if (a.type === "gref") {
    return (
      b.type === "gref" &&
      a.gref === b.gref &&
      a.writable === b.writable &&
      a.mapped === b.mapped &&
      a.handle === b.handle &&
      a.pte_ma === b.pte_ma
    );
  }
  return a.type === "mfn" ? b.type === "mfn" && a.mfn === b.mfn : b.type === "empty";
}
