import type { StateValue } from "xstate";
import { type SegmentContext, segmentOf, segmentsOf } from "./context.js";
import type { ExpectedPage, ExpectedSegment, ExpectedState } from "./expectation.js";
import type { SpecView } from "./machine.js";

/** Is no call under way? So it is also after a panic, when no call is possible any more. */
export function quiescent(snapshot: SpecView): boolean {
  return snapshot.context.underWay === null;
}

/** Has the specification ended in the panic that contract section 3 prescribes? */
export function panicked(snapshot: SpecView): boolean {
  return snapshot.value === "panicked";
}

/** Whether somebody waits for the address space of the segment. */
export function waiting(snapshot: SpecView, seg: number): boolean {
  return under(snapshot.value, "running", `segment${seg}`, "waiters") === "waiting";
}

/** Which PTEs of a live segment callers registered, and whether at the right address. */
export type Registration = "none" | "registered" | "mistaken";

export function registration(snapshot: SpecView, seg: number, page: number): Registration {
  const state = under(pageValue(snapshot, seg, page), "registration");
  return state === "registered" || state === "mistaken" ? state : "none";
}

/** The quiescent state as the specification's word on what must be seen of a driver. After a panic there is nothing to see. */
export function project(snapshot: SpecView): ExpectedState {
  return {
    segments: segmentsOf(snapshot.context).map((segment, seg) => segment && projected(snapshot, seg, segment)),
  };
}

/** One segment of it; null if it is gone, or not there yet. */
export function projectSegment(snapshot: SpecView, seg: number): ExpectedSegment | null {
  const segment = segmentOf(snapshot.context, seg);
  return segment && projected(snapshot, seg, segment);
}

function projected(snapshot: SpecView, seg: number, segment: SegmentContext): ExpectedSegment {
  const { stillborn, prot, maxprot, domid, frames, grefs } = segment;
  return {
    stillborn,
    prot,
    maxprot,
    domid,
    pages: frames.map((frame, page) => projectPage(snapshot, seg, page, frame, grefs[page] ?? null)),
    registered: frames.map((_, page) => registration(snapshot, seg, page) !== "none"),
  };
}

function projectPage(
  snapshot: SpecView,
  seg: number,
  page: number,
  frame: number | null,
  gref: number | null,
): ExpectedPage {
  if (frame !== null) return { type: "mfn", mfn: BigInt(frame) };
  if (gref === null) return { type: "empty" };
  return { type: "gref", gref, writable: under(pageValue(snapshot, seg, page), "content", "granted") === "writable" };
}

function pageValue(snapshot: SpecView, seg: number, page: number): StateValue | undefined {
  return under(snapshot.value, "running", `segment${seg}`, "life", "live", `page${page}`);
}

/** The part of a state value under these keys, if it has one. */
function under(value: StateValue | undefined, ...keys: readonly string[]): StateValue | undefined {
  return keys.reduce<StateValue | undefined>((part, key) => (typeof part === "object" ? part[key] : undefined), value);
}
