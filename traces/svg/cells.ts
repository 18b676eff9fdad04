import type { PageRecord, Pte } from "../../impl/driver.js";
import type { RunSegment } from "../run/run.js";

/** A page as it is drawn: what the driver's map says of it beside what the page table does. */
export interface Cell {
  readonly page: number;
  readonly map: string;
  readonly pte: string;
}

/** Segments with more pages than this are drawn by their pages that hold something. */
const MOST_PAGES = 8;

/** A segment before a step and after it, by the pages that are drawn; `null` where there is no segment. */
export interface Pair {
  readonly seg: number;
  readonly before: RunSegment | null;
  readonly after: RunSegment | null;
  readonly pages: readonly number[];
  /** Whether pages are left out, all of which are empty. */
  readonly cut: boolean;
}

export function pairOf(seg: number, before: RunSegment | null, after: RunSegment | null): Pair {
  const all = [...((after ?? before)?.map.keys() ?? [])];
  const held = all.filter((page) =>
    [before, after].some((segment) => segment !== null && !isBlank(cellOf(segment, page))),
  );
  const pages = all.length <= MOST_PAGES ? all : held;
  return { seg, before, after, pages, cut: pages.length < all.length };
}

export function cellOf({ map, ptes }: RunSegment, page: number): Cell {
  return { page, map: recordText(map[page] ?? { type: "empty" }), pte: pteText(ptes[page] ?? null) };
}

/** A page of which the map holds nothing and that no PTE maps. */
export function blankCell(page: number): Cell {
  return { page, map: EMPTY, pte: NONE };
}

/** What is told of a segment as a whole. */
export function countsOf(segment: RunSegment | null): string {
  if (segment === null) return "no segment";
  const { domid, softlockcnt, locks } = segment;
  return `domid ${domid}, softlockcnt ${softlockcnt}, locks ${locks}`;
}

function isBlank({ map, pte }: Cell): boolean {
  return map === EMPTY && pte === NONE;
}

const EMPTY = "empty";
const NONE = "–";

function recordText(record: PageRecord): string {
  switch (record.type) {
    case "empty":
      return EMPTY;
    case "mfn":
      return `frame 0x${record.mfn.toString(16)}`;
    case "gref": {
      const state = record.mapped ? `handle ${record.handle}` : "unmapped";
      return `ref ${record.gref}, ${state}${record.writable ? ", rw" : ", ro"}`;
    }
  }
}

function pteText(pte: Pte | null): string {
  switch (pte?.kind) {
    case undefined:
      return NONE;
    case "throwaway":
      return "throwaway";
    case "foreign":
      return `0x${pte.mfn.toString(16)} of ${pte.domid}, ${pte.writable ? "rw" : "ro"}`;
    case "grant":
      return `grant ${pte.handle} of ${pte.domid}, ${pte.writable ? "rw" : "ro"}`;
  }
}
