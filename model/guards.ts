import type { AddGrefsCall, AddMfnsCall, Call, ReleaseGrefsCall, UnmapCall } from "../impl/driver.js";
import { DOMID_SELF, PAGE_BYTES, pteAddress } from "./constants.js";
import {
  countOf,
  grantedPages,
  liveSegment,
  type SegmentContext,
  type SpecContext,
  segmentOf,
  turn,
  type UnderWay,
  walk,
} from "./context.js";
import type { ChartEvent } from "./events.js";

/**
 * The conditions of the chart, by the names that it uses. A guard on a call holds only for a call that can be made at all:
 * on a segment that is live (`free`: stillborn; `create`, `dup`: of the next number).
 */

interface Args {
  readonly context: SpecContext;
  readonly event: ChartEvent;
}
/** The page that a page region stands for. */
export interface PageId {
  readonly seg: number;
  readonly page: number;
}
export interface SegId {
  readonly seg: number;
}
/** How many segments may ever come to be by `create`, and in all. */
export interface Numbers {
  readonly created: number;
  readonly all: number;
}

type Add = AddMfnsCall | AddGrefsCall;
type Ranged = Add | ReleaseGrefsCall;

function ranged({ event }: Args): Ranged | null {
  return event.type === "call.add_mfns" || event.type === "call.add_grefs" || event.type === "call.release_grefs"
    ? event.call
    : null;
}

/** Does this hold of the range call and the live segment that it is made on? */
function onRange(args: Args, holds: (call: Ranged, segment: SegmentContext) => boolean): boolean {
  const call = ranged(args);
  const segment = call && liveSegment(args.context, call.seg);
  return call !== null && segment !== null && holds(call, segment);
}

/** Does this hold of the add and the live segment that it is made on? */
function onAdd(args: Args, holds: (call: Add, segment: SegmentContext) => boolean): boolean {
  return onRange(args, (call, segment) => call.call !== "release_grefs" && holds(call, segment));
}

function unmapOf({ context, event }: Args): (UnmapCall & { readonly bytes: number }) | null {
  const segment = event.type === "call.unmap" ? liveSegment(context, event.call.seg) : null;
  return event.type === "call.unmap" && segment !== null ? { ...event.call, bytes: segment.pages * PAGE_BYTES } : null;
}

function isBad({ addr, len, bytes }: UnmapCall & { readonly bytes: number }): boolean {
  return addr % PAGE_BYTES !== 0 || len % PAGE_BYTES !== 0 || addr < 0 || addr + len > bytes;
}

/** Can the call be made? */
function callable(context: SpecContext, call: Call, { created, all }: Numbers): boolean {
  const next = context.made;
  switch (call.call) {
    case "create":
      return call.seg === next && next < created;
    case "dup":
      return liveSegment(context, call.seg) !== null && call.into === next && next < all;
    case "free":
      return segmentOf(context, call.seg)?.stillborn === true;
    default:
      return liveSegment(context, call.seg) !== null;
  }
}

/** On a call: the refusals of section 3, each by itself; the chart has their order. */
export const refusals = {
  foreign: (args: Args) => onAdd(args, (call) => call.foreign === true),
  reservedDomid: (args: Args) => onAdd(args, ({ domid }) => domid === 0 || domid === DOMID_SELF),
  noPermission: (args: Args) => onAdd(args, (_, { prot }) => prot === "none"),
  leavesSegment: (args: Args) => onRange(args, (call, { pages }) => call.page + countOf(call) > pages),
  tooMany: (args: Args, { maxGrefs }: { readonly maxGrefs: number }) =>
    onRange(args, (call) => countOf(call) > maxGrefs),
  nothingToAdd: (args: Args) => onAdd(args, (call) => countOf(call) === 0),
  boundElsewhere: (args: Args) => onAdd(args, (call, { domid }) => domid !== 0 && domid !== call.domid),
  /** Is the page in the range of the add? */
  inRange: (args: Args, { seg, page }: PageId) =>
    onAdd(args, (call) => call.seg === seg && call.page <= page && page < call.page + countOf(call)),
  part: (args: Args) => {
    const unmap = unmapOf(args);
    return unmap !== null && !isBad(unmap) && unmap.len !== unmap.bytes;
  },
  badRange: (args: Args) => {
    const unmap = unmapOf(args);
    return unmap !== null && isBad(unmap);
  },
  outside: ({ context, event }: Args) =>
    event.type === "call.add_gref_pte" &&
    event.call.page >= (liveSegment(context, event.call.seg)?.pages ?? Number.POSITIVE_INFINITY),
};

/** On a call: may it be made, and what does it begin? */
export const calls = {
  callable: ({ context, event }: Args, numbers: Numbers) => "call" in event && callable(context, event.call, numbers),
  live: ({ context, event }: Args) => "call" in event && liveSegment(context, event.call.seg) !== null,
  nothingGranted: ({ context, event }: Args) =>
    event.type === "call.release_grefs" &&
    liveSegment(context, event.call.seg) !== null &&
    grantedPages(context, event.call).length === 0,
  /** The call makes this segment. */
  comesToBe: ({ context, event }: Args, { seg }: SegId) =>
    context.underWay === null &&
    context.made === seg &&
    ((event.type === "call.create" && event.call.seg === seg) ||
      (event.type === "call.dup" && event.call.into === seg && liveSegment(context, event.call.seg) !== null)),
  stillbornFreed: ({ context, event }: Args, { seg }: SegId) =>
    context.underWay === null && event.type === "call.free" && event.call.seg === seg,
  wholeUnmapped: (args: Args, { seg }: SegId) => {
    const unmap = args.context.underWay === null ? unmapOf(args) : null;
    return unmap !== null && unmap.seg === seg && !isBad(unmap) && unmap.len === unmap.bytes;
  },
  /** The page is registered, and its PTE is where the caller says. */
  registeredRightly: ({ context, event }: Args, { seg, page }: PageId) =>
    context.underWay === null &&
    event.type === "call.add_gref_pte" &&
    event.call.seg === seg &&
    event.call.page === page &&
    event.call.pte_ma === pteAddress(seg, page),
  registeredWrongly: ({ context, event }: Args, { seg, page }: PageId) =>
    context.underWay === null &&
    event.type === "call.add_gref_pte" &&
    event.call.seg === seg &&
    event.call.page === page &&
    event.call.pte_ma !== pteAddress(seg, page),
  /** Just before this call somebody began to wait for the segment's address space (D5). */
  somebodyWaits: ({ context, event }: Args, { seg, ...numbers }: SegId & Numbers) =>
    context.underWay === null &&
    "call" in event &&
    event.call.waiting === true &&
    event.call.seg === seg &&
    callable(context, event.call, numbers),
};

function isZero(event: ChartEvent): boolean {
  return ("rc" in event && event.rc === 0) || ("status" in event && event.status === 0);
}

/** On an answer, or on what the chart tells itself: how does the call under way go on? */
export const steps = {
  refused: ({ event }: Args) => !isZero(event),
  /** Another page's turn comes after this one. */
  more: ({ context }: Args) => {
    const walking = walk(context);
    return walking !== null && walking.at + 1 < walking.pages.length;
  },
  /** This element was refused, or one before it: it does not hold what the call wanted of it. */
  someRefused: ({ context, event }: Args) => {
    const walking = walk(context);
    const grefs = (walking && segmentOf(context, walking.seg)?.grefs) ?? [];
    const asWanted = (page: number) => (grefs[page] === null) === (walking?.call === "release_grefs");
    return !isZero(event) || !walking?.pages.slice(0, walking.at).every(asWanted);
  },
  addsFrames: ({ context }: Args) => context.underWay?.call === "add_mfns",
  childOfBound: ({ context }: Args) =>
    context.underWay?.call === "dup" && liveSegment(context, context.underWay.seg)?.domid !== 0,
  ofSegment: ({ context }: Args, { seg }: SegId) => context.underWay?.seg === seg,
  underWayHere: ({ context }: Args, { seg, page }: PageId) => {
    const walking = walk(context);
    return walking !== null && walking.seg === seg && walking.pages.includes(page);
  },
  turnOf: ({ context }: Args, { seg, page }: PageId) => turn(context, seg) === page,
  answeredZero: ({ context, event }: Args, { seg, page }: PageId) => isZero(event) && turn(context, seg) === page,
  grantedReadonly: ({ context, event }: Args, { seg, page }: PageId) =>
    isZero(event) && turn(context, seg) === page && isReadonly(context.underWay),
  grantedWritable: ({ context, event }: Args, { seg, page }: PageId) =>
    isZero(event) && turn(context, seg) === page && !isReadonly(context.underWay),
  nextElement: ({ context }: Args, { seg, page }: PageId) => turn(context, seg, 1) === page,
  /** The soft locks of the range are given up, and there were no others. */
  lastSoftLocksGo: ({ context }: Args, { seg }: SegId) =>
    onlyInRange(context, seg) && segmentOf(context, seg)?.frames.some((frame) => frame !== null) === true,
  /** The page whose turn it is is refused and gives its soft lock back, and so will the others of the range: there are no others. */
  lastSoftLocksGoBack: ({ context, event }: Args, { seg }: SegId) => !isZero(event) && onlyInRange(context, seg),
};

/** Is the call under way about a range of this segment, and does no page outside the range have a soft lock? */
function onlyInRange(context: SpecContext, seg: number): boolean {
  const walking = walk(context);
  const frames = segmentOf(context, seg)?.frames ?? [];
  return (
    walking !== null &&
    walking.seg === seg &&
    frames.every((frame, page) => frame === null || walking.pages.includes(page))
  );
}

function isReadonly(underWay: UnderWay | null): boolean {
  return underWay?.call === "add_grefs" && !underWay.writable;
}
