import type { AddGrefsCall, AddMfnsCall, Call, Prot, ReleaseGrefsCall } from "../impl/driver.js";

/**
 * The chart's context: numbers, which can't be states, and what guards must know of them. Finite for a finite scope. At
 * rest (`underWay` is null) nothing of the last call is left in it, so that states that mean the same are equal.
 *
 * Each segment is a member of its own, by its number: what looks at one segment looks at no other.
 */
export interface SpecContext {
  readonly underWay: UnderWay | null;
  /** How many segments ever came to be. */
  readonly made: number;
  /** `null` for a segment that is gone, or not there yet. */
  readonly [segment: SegmentName]: SegmentContext | null;
}

type SegmentName = `segment${number}`;

function nameOf(seg: number): SegmentName {
  return `segment${seg}`;
}

/** What a step changes of the context. */
type Change = Partial<SpecContext>;

export interface SegmentContext {
  /** Also a state of the segment; here because guards see the context alone. */
  readonly stillborn: boolean;
  readonly prot: Prot;
  readonly maxprot: Prot;
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

/** The context before anything has happened, with room for so many segments. */
export function initialContext(segments: number): SpecContext {
  const none = Array.from({ length: segments }, (_, seg) => [nameOf(seg), null] as const);
  return { underWay: null, made: 0, ...Object.fromEntries(none) };
}

/** The segment by that number; `null` if it is gone, or not there yet. */
export function segmentOf(context: SpecContext, seg: number): SegmentContext | null {
  return context[nameOf(seg)] ?? null;
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
  const grefs = liveSegment(context, call.seg)?.grefs ?? [];
  return range(call.page, call.count).filter((page) => typeof grefs[page] === "number");
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
    ? { underWay, ...changed(context, call.seg, { domid: call.domid }) }
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
  const segment = segmentOf(context, walking.seg);
  const none = (held: readonly (number | null)[] | undefined) =>
    held?.map((number, page) => (walking.pages.includes(page) ? null : number)) ?? [];
  return changed(context, walking.seg, { frames: none(segment?.frames), grefs: none(segment?.grefs) });
}

/** The page whose turn it is holds what the call wants of it: a frame, a grant, or (in a release) nothing. The turn is the next page's. */
export function filled(context: SpecContext): Change {
  const walking = walk(context);
  const segment = walking === null ? null : segmentOf(context, walking.seg);
  const page = walking?.pages[walking.at];
  if (walking === null || segment === null || page === undefined) return {};
  const after =
    walking.call === "add_mfns"
      ? { frames: segment.frames.with(page, walking.mfn + walking.at) }
      : { grefs: segment.grefs.with(page, walking.call === "add_grefs" ? (walking.grefs[walking.at] ?? null) : null) };
  return { ...passed(context), ...changed(context, walking.seg, after) };
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
  const empty = (): null[] => new Array<null>(pages).fill(null);
  const segment = { stillborn, prot, maxprot, domid: parent?.domid ?? 0, frames: empty(), grefs: empty() };
  return { ...ENDED, made: made + 1, ...named(made, segment) };
}

/** The segment and all that it held is gone. */
export function forgotten(seg: number): Change {
  return { ...ENDED, ...named(seg, null) };
}

/** The call under way has ended. */
export const ENDED: Change = { underWay: null };

function changed(context: SpecContext, seg: number, change: Partial<SegmentContext>): Change {
  const segment = segmentOf(context, seg);
  return segment === null ? {} : named(seg, { ...segment, ...change });
}

function named(seg: number, segment: SegmentContext | null): Change {
  const name: SegmentName = `segment${seg}`;
  const change: Record<SegmentName, SegmentContext | null> = { [name]: segment };
  return change;
}

function range(page: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => page + index);
}
