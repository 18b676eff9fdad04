import type { AddGrefsCall, AddMfnsCall, Call, Prot, ReleaseGrefsCall } from "../impl/driver.js";

/**
 * The chart's context: numbers, which can't be states, and what guards must know of them. Finite for a finite scope. At
 * rest (`underWay` is null) nothing of the last call is left in it, so that states that mean the same are equal.
 *
 * What is known of a segment is in several members, by its number: what it was made with, what it is bound to, what each of
 * its pages holds. So a guard looks at no more than it asks about, and a step leaves alone what it does not change: an engine
 * that notes what is looked at has fewer cases to tell apart.
 */
export interface SpecContext {
  readonly underWay: UnderWay | null;
  /** How many segments ever came to be. */
  readonly made: number;
  /** `null` for a segment that is gone, or not there yet. */
  readonly [segment: SegmentName]: MadeWith | null;
  /** 0 while unbound. */
  readonly [domid: DomidName]: number;
  /** `null` for a page that is empty, or of no segment. */
  readonly [page: PageName]: Held | null;
}

type SegmentName = `segment${number}`;
type DomidName = `domid${number}`;
/** Of a segment, then of its page. */
type PageName = `page${number}.${number}`;

function nameOf(seg: number): SegmentName {
  return `segment${seg}`;
}

function domidOf(seg: number): DomidName {
  return `domid${seg}`;
}

function pageOf(seg: number, page: number): PageName {
  pageNames[seg] ??= [];
  const names = pageNames[seg];
  names[page] ??= `page${seg}.${page}`;
  return names[page];
}

/** By segment, then by page. A name that is put together anew each time has to be looked up among all names each time. */
const pageNames: PageName[][] = [];

/** What a segment was made with. */
interface MadeWith {
  /** Also a state of the segment; here because guards see the context alone. */
  readonly stillborn: boolean;
  readonly prot: Prot;
  readonly maxprot: Prot;
  readonly pages: number;
}

/** A page holds the one or the other. */
type Held = { readonly frame: number } | { readonly gref: number };

/** What a step changes of the context. */
type Change = Partial<SpecContext>;

/** All of a segment. Each member is looked up when it is asked for. */
export interface SegmentContext extends MadeWith {
  /** 0 while unbound. */
  readonly domid: number;
  /** For each page the frame that it maps. */
  readonly frames: readonly (number | null)[];
  /** For each page the reference of the grant that it maps. */
  readonly grefs: readonly (number | null)[];
}

/** The call under way, with what its answers will need. `pages` are those it works on in order, `at` is the index of the one whose turn it is. */
export type UnderWay =
  | { readonly call: "create"; readonly seg: number; readonly prot: Prot; readonly maxprot: Prot }
  | { readonly call: "dup"; readonly seg: number; readonly into: number }
  | (Walk & { readonly call: "add_mfns"; readonly mfn: number })
  | (Walk & { readonly call: "add_grefs"; readonly grefs: readonly number[]; readonly writable: boolean })
  | (Walk & { readonly call: "release_grefs" })
  | { readonly call: "unmap"; readonly seg: number };

export interface Walk {
  readonly seg: number;
  readonly pages: readonly number[];
  readonly at: number;
}

/** The context before anything has happened, with room for so many segments of so many pages each. */
export function initialContext(segments: number, pages: number): SpecContext {
  const none = Array.from({ length: segments }, (_, seg) => nobody(seg, pages));
  return Object.assign({ underWay: null, made: 0 }, ...none);
}

/** The context in which segment 0 is as said, and no other of so many has come to be. */
export function contextWith(segments: number, segment: SegmentContext): SpecContext {
  const { stillborn, prot, maxprot, pages, domid, frames, grefs } = segment;
  const held = (page: number): Held | null => {
    const [frame, gref] = [frames[page] ?? null, grefs[page] ?? null];
    if (frame !== null) return { frame };
    return gref === null ? null : { gref };
  };
  return {
    ...initialContext(segments, pages),
    made: 1,
    ...madeWith(0, { stillborn, prot, maxprot, pages }),
    ...boundTo(0, domid),
    ...holding(0, range(0, pages), held),
  };
}

/** No segment has this number. */
function nobody(seg: number, pages: number): Change {
  return { ...madeWith(seg, null), ...boundTo(seg, 0), ...holding(seg, range(0, pages), () => null) };
}

function madeWith(seg: number, segment: MadeWith | null): Change {
  const change: Record<SegmentName, MadeWith | null> = { [nameOf(seg)]: segment };
  return change;
}

function boundTo(seg: number, domid: number): Change {
  const change: Record<DomidName, number> = { [domidOf(seg)]: domid };
  return change;
}

/** What the pages hold from now on. */
function holding(seg: number, pages: readonly number[], what: (page: number) => Held | null): Change {
  const change: Record<PageName, Held | null> = {};
  for (const page of pages) change[pageOf(seg, page)] = what(page);
  return change;
}

/** The segment by that number; `null` if it is gone, or not there yet. */
export function segmentOf(context: SpecContext, seg: number): SegmentContext | null {
  const segment = context[nameOf(seg)] ?? null;
  if (segment === null) return null;
  const { stillborn, prot, maxprot, pages } = segment;
  const all = <T>(what: (held: Held | null) => T): readonly T[] => {
    const each: T[] = [];
    for (let page = 0; page < pages; page++) each.push(what(context[pageOf(seg, page)] ?? null));
    return each;
  };
  return {
    stillborn,
    prot,
    maxprot,
    pages,
    get domid() {
      return context[domidOf(seg)] ?? 0;
    },
    get frames() {
      return all((held) => (held !== null && "frame" in held ? held.frame : null));
    },
    get grefs() {
      return all((held) => (held !== null && "gref" in held ? held.gref : null));
    },
  };
}

/** By segment number, as many as ever came to be. */
export function segmentsOf(context: SpecContext): readonly (SegmentContext | null)[] {
  return Array.from({ length: context.made }, (_, seg) => segmentOf(context, seg));
}

/** The segment by that number if calls other than `free` may be made on it. */
export function liveSegment(context: SpecContext, seg: number): SegmentContext | null {
  const segment = segmentOf(context, seg);
  return segment === null || segment.stillborn ? null : segment;
}

/** The pages of the range that hold a grant. */
export function grantedPages(context: SpecContext, call: ReleaseGrefsCall): readonly number[] {
  const pages = liveSegment(context, call.seg)?.pages ?? 0;
  return range(call.page, call.count).filter(
    (page) => page < pages && isGrant(context[pageOf(call.seg, page)] ?? null),
  );
}

function isGrant(held: Held | null): boolean {
  return held !== null && "gref" in held;
}

/** The call under way if it walks over pages. */
export function walk(context: SpecContext): Extract<UnderWay, Walk> | null {
  const { underWay } = context;
  return underWay !== null && "pages" in underWay ? underWay : null;
}

/** Which page has its turn, or would have after `ahead` more. */
export function turn(context: SpecContext, seg: number, ahead = 0): number | null {
  const walking = walk(context);
  return walking === null || walking.seg !== seg ? null : (walking.pages[walking.at + ahead] ?? null);
}

/** A call that needs answers begins. An add binds its segment. */
export function begun(context: SpecContext, call: Call): Change {
  const underWay = toUnderWay(context, call);
  return call.call === "add_mfns" || call.call === "add_grefs"
    ? { underWay, ...boundTo(call.seg, call.domid) }
    : { underWay };
}

function toUnderWay(context: SpecContext, call: Call): UnderWay {
  const { seg } = call;
  switch (call.call) {
    case "create":
      return { call: "create", seg, prot: call.prot, maxprot: call.maxprot };
    case "dup":
      return { call: "dup", seg, into: call.into };
    case "add_mfns":
      return { call: "add_mfns", seg, pages: range(call.page, countOf(call)), at: 0, mfn: call.mfn };
    case "add_grefs": {
      const { grefs, writable } = call;
      return { call: "add_grefs", seg, pages: range(call.page, countOf(call)), at: 0, grefs, writable };
    }
    case "release_grefs":
      return { call: "release_grefs", seg, pages: grantedPages(context, call), at: 0 };
    case "unmap":
      return { call: "unmap", seg };
    default:
      throw new Error(`${call.call} asks for no answer`);
  }
}

/** How many pages a call is about. */
export function countOf(call: AddMfnsCall | AddGrefsCall | ReleaseGrefsCall): number {
  return call.call === "add_grefs" ? call.grefs.length : call.count;
}

/** What the range held is gone. */
export function cleared(context: SpecContext): Change {
  const walking = walk(context);
  if (walking === null) return {};
  return holding(walking.seg, walking.pages, () => null);
}

/** The page whose turn it is holds what the call wants of it: a frame, a grant, or (in a release) nothing. The turn is the next page's. */
export function filled(context: SpecContext): Change {
  const walking = walk(context);
  const page = walking?.pages[walking.at];
  if (walking === null || page === undefined) return {};
  return { ...passed(context), ...holding(walking.seg, [page], () => wanted(walking)) };
}

function wanted(walking: Extract<UnderWay, Walk>): Held | null {
  if (walking.call === "add_mfns") return { frame: walking.mfn + walking.at };
  const gref = walking.call === "add_grefs" ? walking.grefs[walking.at] : undefined;
  return gref === undefined ? null : { gref };
}

/** The turn is the next page's, and the one that had it stays as it is. */
export function passed(context: SpecContext): Change {
  const walking = walk(context);
  return walking === null ? {} : { underWay: { ...walking, at: walking.at + 1 } };
}

/** VOP_ADDMAP has answered: the new segment is live or stillborn, and bound if it is the child of a bound one. */
export function born(context: SpecContext, stillborn: boolean, pages: number): Change {
  const { underWay, made } = context;
  const parent = underWay?.call === "dup" ? segmentOf(context, underWay.seg) : null;
  const { prot, maxprot } = underWay?.call === "create" ? underWay : (parent ?? { prot: "none", maxprot: "none" });
  const segment: MadeWith = { stillborn, prot, maxprot, pages };
  return { ...ENDED, made: made + 1, ...madeWith(made, segment), ...boundTo(made, parent?.domid ?? 0) };
}

/** The segment and all that it held is gone. */
export function forgotten(context: SpecContext, seg: number): Change {
  return { ...ENDED, ...nobody(seg, segmentOf(context, seg)?.pages ?? 0) };
}

/** The call under way has ended. */
export const ENDED: Change = { underWay: null };

function range(page: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => page + index);
}
