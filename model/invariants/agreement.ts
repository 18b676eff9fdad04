import type { LiveGrant, Observation, PageRecord, PageTable, Pte, SegmentState } from "../../impl/driver.js";
import type { ExpectedPage, ExpectedSegment, ExpectedState } from "../expectation.js";
import { fullPteWords, grantWords, pageWords, recordWords } from "./words.js";

/** The comparison of a driver at rest with the specification's state. */

/** The part of a state that a disagreement is about. Without `seg` it is no segment's, without `page` the whole segment's. */
export interface Place {
  readonly seg?: number;
  readonly page?: number;
  readonly part:
    | "life"
    | "prot"
    | "maxprot"
    | "domid"
    | "softlockcnt"
    | "locks"
    | "map"
    | "pte"
    | "registered"
    | "grant"
    | "grants"
    | "holds"
    | "mappedPages"
    | "blocks";
  /** Of a grant. */
  readonly handle?: number;
}

/** Where a driver is not as the specification says. */
export interface Disagreement {
  readonly place: Place;
  /** One line for people. */
  readonly detail: string;
  /** What must be there, in short. */
  readonly must: string;
}

type Found = Disagreement[] | null;

function found(so: Found, place: Place, must: string, detail: string): Disagreement[] {
  const disagreement = { place, detail, must };
  if (so === null) return [disagreement];
  so.push(disagreement);
  return so;
}

function isRecord(expected: ExpectedPage, record: PageRecord | undefined): boolean {
  if (record === undefined || record.type !== expected.type) return false;
  if (expected.type === "mfn") return record.type === "mfn" && record.mfn === expected.mfn;
  if (expected.type === "empty") return true;
  return (
    record.type === "gref" && record.mapped && record.gref === expected.gref && record.writable === expected.writable
  );
}

function isPte(expected: ExpectedPage, segment: ExpectedSegment, pte: Pte | null | undefined): boolean {
  const real = !pte || pte.kind === "throwaway" ? null : pte;
  if (expected.type === "empty") return real === null;
  if (real === null || real.domid !== segment.domid) return false;
  if (expected.type === "mfn") {
    return real.kind === "foreign" && real.mfn === expected.mfn && real.writable === segment.prot.includes("w");
  }
  return real.kind === "grant" && real.gref === expected.gref && real.writable === expected.writable;
}

function expectedWords(expected: ExpectedPage): string {
  if (expected.type !== "gref") return recordWords(expected);
  return `GREF ${expected.gref} (${expected.writable ? "writable" : "read-only"}, mapped)`;
}

function expectedPteWords(expected: ExpectedPage, segment: ExpectedSegment): string {
  const { domid } = segment;
  if (expected.type === "empty") return fullPteWords(null);
  if (expected.type === "mfn") {
    return fullPteWords({ kind: "foreign", mfn: expected.mfn, domid, writable: segment.prot.includes("w") });
  }
  return `a grant of ref ${expected.gref} of domain ${domid}, ${expected.writable ? "writable" : "read-only"}`;
}

function numberDiffers(part: Place["part"], what: string, is: number, must: number, so: Found): Found {
  return is === must ? so : found(so, { part }, String(must), `${what} is ${is}, but must be ${must}`);
}

/** As `numberDiffers`, of a segment. Most often all is equal, so the words are not put together before. */
function ofSegment(seg: number, part: Place["part"], is: number | string, must: number | string, so: Found): Found {
  if (is === must) return so;
  const what = part === "locks" ? "the count of page-table locks" : part;
  return found(so, { seg, part }, String(must), `segment ${seg}: ${what} is ${is}, but must be ${must}`);
}

function comparePages(
  seg: number,
  expected: ExpectedSegment,
  segment: SegmentState,
  table: PageTable | undefined,
  so: Found,
): Found {
  let left = so;
  for (let page = 0; page < expected.pages.length; page++) {
    const must = expected.pages[page];
    if (must === undefined) continue;
    const where = (): string => pageWords(seg, page);
    const record = segment.map[page];
    if (!isRecord(must, record)) {
      const words = expectedWords(must);
      left = found(
        left,
        { seg, page, part: "map" },
        words,
        `${where()}: ${recordWords(record)} in the map, but must be ${words}`,
      );
    }
    const pte = table?.ptes[page];
    if (!isPte(must, expected, pte)) {
      const words = expectedPteWords(must, expected);
      left = found(
        left,
        { seg, page, part: "pte" },
        words,
        `${where()}: its PTE maps ${fullPteWords(pte)}, but must map ${words}`,
      );
    }
    const registered = (segment.registered[page] ?? null) !== null;
    if (registered !== (expected.registered[page] === true)) {
      left = found(
        left,
        { seg, page, part: "registered" },
        registered ? "not registered" : "registered",
        `${where()}: its PTE is ${registered ? "" : "not "}registered, but must ${registered ? "not " : ""}be`,
      );
    }
  }
  return left;
}

/** Pages that hold a frame, and page-table locks: one for each of those and for each page that callers registered. */
function countsDue(expected: ExpectedSegment): { readonly frames: number; readonly locks: number } {
  let frames = 0;
  let locks = 0;
  for (const page of expected.pages) if (page.type === "mfn") frames++;
  for (const registered of expected.registered) if (registered) locks++;
  return { frames, locks: locks + frames };
}

function compareSegment(
  seg: number,
  expected: ExpectedSegment,
  segment: SegmentState,
  table: PageTable | undefined,
  so: Found,
): Found {
  const { frames, locks } = countsDue(expected);
  let left = so;
  if (segment.stillborn !== expected.stillborn) {
    const [is, must] = segment.stillborn ? (["stillborn", "live"] as const) : (["live", "stillborn"] as const);
    left = found(left, { seg, part: "life" }, must, `segment ${seg}: it is ${is}, but must be ${must}`);
  }
  left = ofSegment(seg, "prot", segment.prot, expected.prot, left);
  left = ofSegment(seg, "maxprot", segment.maxprot, expected.maxprot, left);
  left = ofSegment(seg, "domid", segment.domid, expected.domid, left);
  left = ofSegment(seg, "softlockcnt", segment.softlockcnt, frames, left);
  left = ofSegment(seg, "locks", table?.locks ?? 0, locks, left);
  return comparePages(seg, expected, segment, table, left);
}

function compareGone(seg: number, segment: SegmentState | null, table: PageTable | undefined, so: Found): Found {
  if (segment !== null)
    return found(so, { seg, part: "life" }, "gone", `segment ${seg}: it has data, but must be gone`);
  if (table === undefined) return so;
  let left = ofSegment(seg, "locks", table.locks, 0, so);
  for (let page = 0; page < table.ptes.length; page++) {
    const pte = table.ptes[page];
    if (!pte) continue;
    left = found(
      left,
      { seg, page, part: "pte" },
      fullPteWords(null),
      `${pageWords(seg, page)}: its PTE maps ${fullPteWords(pte)}, but the segment must be gone`,
    );
  }
  return left;
}

/** Is this grant the one that its page must hold? A page's PTE has one handle, so no two grants can be it. */
function isDue(grant: LiveGrant, expected: ExpectedState, observed: Observation): boolean {
  const segment = expected.segments[grant.seg];
  const page = segment?.pages[grant.page];
  if (!segment || page?.type !== "gref") return false;
  const pte = observed.pageTables[grant.seg]?.ptes[grant.page];
  if (pte?.kind !== "grant" || pte.handle !== grant.handle) return false;
  return grant.gref === page.gref && grant.domid === segment.domid && grant.writable === page.writable;
}

function compareGrants(expected: ExpectedState, observed: Observation, so: Found): Found {
  let left = so;
  let due = 0;
  for (const segment of expected.segments) {
    if (segment === null) continue;
    for (const page of segment.pages) if (page.type === "gref") due++;
  }
  let matched = 0;
  for (const grant of observed.grants) {
    if (isDue(grant, expected, observed)) matched++;
    else {
      const { seg, page, handle } = grant;
      left = found(
        left,
        { seg, page, part: "grant", handle },
        "not mapped",
        `${pageWords(seg, page)}: ${grantWords(grant)} is mapped, but must not be`,
      );
    }
  }
  return matched === due
    ? left
    : found(
        left,
        { part: "grants" },
        `${due} mapped`,
        `hypervisor: of the grants that must be mapped, ${matched} of ${due} are`,
      );
}

function compareTotals(expected: ExpectedState, observed: Observation, so: Found): Found {
  let data = 0;
  let mapped = 0;
  for (const segment of expected.segments) {
    if (segment === null) continue;
    data++;
    if (!segment.stillborn) mapped += segment.pages.length;
  }
  let left = numberDiffers("holds", "vnode: the count of holds", observed.vnode.holds, data, so);
  left = numberDiffers("mappedPages", "vnode: the count of mapped pages", observed.vnode.mappedPages, mapped, left);
  const { blocks } = observed.memory;
  if (data === 0) return numberDiffers("blocks", "memory: the count of blocks", blocks, 0, left);
  // How many blocks a driver needs for a segment is its affair, but every segment needs the same.
  return blocks % data === 0
    ? left
    : found(
        left,
        { part: "blocks" },
        "as many for each segment",
        `memory: ${blocks} blocks can't be the same for each of ${data} segments`,
      );
}

const NONE: readonly Disagreement[] = Object.freeze([]);

/**
 * How a driver at rest differs from the specification's state, difference by difference; empty if it doesn't. Compared
 * are the map, domid, softlockcnt, PTEs, locks, registrations, grants, the vnode's counts and memory. A throwaway PTE and
 * none are the same on an EMPTY page (decision D2). Handles are names that the specification doesn't know: that a record
 * names the right grant is `grant-owned-once` and `map-is-truth`.
 */
export function disagreements(expected: ExpectedState, observed: Observation): readonly Disagreement[] {
  let so: Found = null;
  const segments = Math.max(expected.segments.length, observed.segments.length);
  for (let seg = 0; seg < segments; seg++) {
    const must = expected.segments[seg] ?? null;
    const is = observed.segments[seg] ?? null;
    const table = observed.pageTables[seg];
    if (must === null) so = compareGone(seg, is, table, so);
    else if (is === null)
      so = found(so, { seg, part: "life" }, "there", `segment ${seg}: it is gone, but must have data`);
    else so = compareSegment(seg, must, is, table, so);
  }
  so = compareGrants(expected, observed, so);
  return compareTotals(expected, observed, so) ?? NONE;
}
