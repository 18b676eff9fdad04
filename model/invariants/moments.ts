import type { Moment, Outcome, PageRecord, Prot, Pte, SegmentMoment } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { NONE } from "./invariant.js";

/** How the invariants marked † walk through the moments of a call. */

/** A segment as a moment, or the rest after the call, shows it. */
export type Look = (
  judged: Judged,
  seg: number,
  domid: number,
  softlockcnt: number,
  map: readonly PageRecord[],
  ptes: readonly (Pte | null)[],
) => readonly string[];

/** A segment within a moment; most often `hint`, its place in the moment before, finds it. */
export function segmentAt(moment: Moment | undefined, seg: number, hint: number): SegmentMoment | null {
  if (moment === undefined) return null;
  const likely = moment.segments[hint];
  if (likely?.seg === seg) return likely;
  for (const segment of moment.segments) if (segment.seg === seg) return segment;
  return null;
}

/**
 * The number of the kernel call that began to free the segment: at later moments it is on its way out, its memory may be
 * dead, and nothing is promised of it but that nothing stays (`no-residue`). Infinity where it isn't freed, -1 where
 * freeing it is the whole call.
 */
export function freedAt({ call, after, outcome }: Judged, seg: number): number {
  if (call.seg === seg && call.call === "free") return -1;
  if (call.call !== "unmap" && after.segments[seg]) return Number.POSITIVE_INFINITY;
  const { calls } = outcome;
  for (let at = 0; at < calls.length; at++) {
    const { fn, seg: freed } = calls[at] ?? { fn: "" };
    if (fn === "seg_free" && freed === seg) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** The protections that a segment was made with, also while it is being made. */
export function protOf({ before, after, call }: Judged, seg: number): Prot {
  const known = before.segments[seg] ?? after.segments[seg];
  if (known) return known.prot;
  if (call.call === "create") return call.prot;
  return before.segments[call.seg]?.prot ?? "none";
}

/** ", on entry to hat_unload (kernel call 3)": when a moment was, to follow what was wrong then. Calls count from 0. */
export function whenWords(moment: Moment, outcome: Outcome): string {
  const entered = outcome.calls[moment.at];
  if (entered !== undefined) return `, on entry to ${entered.fn} (kernel call ${moment.at})`;
  return outcome.panic === null ? "" : ", at the panic";
}

function sameSight(a: SegmentMoment, b: SegmentMoment): boolean {
  return a === b || (a.ptes === b.ptes && a.map === b.map && a.domid === b.domid && a.softlockcnt === b.softlockcnt);
}

/** What was wrong so far, and when it was first seen to be. */
type Told = Map<string, string> | null;

/**
 * Looks at every segment at every moment of the call, and once more at rest, but not twice at what didn't change.
 * What is wrong for long is told once, for the first moment that shows it.
 */
export function throughMoments(judged: Judged, look: Look): readonly string[] {
  let told: Told = null;
  let previous: Moment | undefined;
  for (const moment of judged.outcome.moments) {
    if (moment.segments !== previous?.segments) told = atMoment(judged, look, moment, previous, told);
    previous = moment;
  }
  told = atRest(judged, look, previous, told);
  return told === null ? NONE : [...told].map(([fact, when]) => fact + when);
}

function atMoment(judged: Judged, look: Look, moment: Moment, previous: Moment | undefined, told: Told): Told {
  let so = told;
  for (let i = 0; i < moment.segments.length; i++) {
    const now = moment.segments[i];
    if (now === undefined) continue;
    const was = segmentAt(previous, now.seg, i);
    if ((was !== null && sameSight(was, now)) || moment.at > freedAt(judged, now.seg)) continue;
    const wrong = look(judged, now.seg, now.domid, now.softlockcnt, now.map, now.ptes);
    if (wrong.length > 0) so = tell(so, wrong, whenWords(moment, judged.outcome));
  }
  return so;
}

/** The last moment is the return, so as a rule there is nothing new to see at rest. */
function atRest(judged: Judged, look: Look, last: Moment | undefined, told: Told): Told {
  const { after } = judged;
  let so = told;
  for (let seg = 0; seg < after.segments.length; seg++) {
    const state = after.segments[seg];
    const table = after.pageTables[seg];
    if (!state || !table) continue;
    const seen = segmentAt(last, seg, seg);
    if (
      seen !== null &&
      seen.ptes === table.ptes &&
      seen.map === state.map &&
      seen.domid === state.domid &&
      seen.softlockcnt === state.softlockcnt
    ) {
      continue;
    }
    const wrong = look(judged, seg, state.domid, state.softlockcnt, state.map, table.ptes);
    if (wrong.length > 0) so = tell(so, wrong, "");
  }
  return so;
}

function tell(told: Told, facts: readonly string[], when: string): Map<string, string> {
  const so = told ?? new Map<string, string>();
  for (const fact of facts) if (!so.has(fact)) so.set(fact, when);
  return so;
}
