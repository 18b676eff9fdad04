import type { KernelCall } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { type CallInvariant, type Found, found, NONE } from "./invariant.js";
import { freedAt, segmentAt } from "./moments.js";

/** The invariant on those who wait to unmap in an address space whose pages are soft-locked. */

/** Does somebody wait for the segment's address space, from before the call or from its start? */
function isWaited({ before, call }: Judged, seg: number): boolean {
  return before.waiting[seg] === true || (call.seg === seg && call.waiting === true);
}

interface Fall {
  /** The first kernel call that comes after the fall: from there on a wake-up counts. */
  readonly at: number;
  /** The soft locks that a segment still had when it ended; 0 where softlockcnt itself fell. */
  readonly left: number;
}

/** The first time in the call that softlockcnt falls to 0, or the end of a segment that has soft locks still. */
function firstFall(judged: Judged, seg: number): Fall | null {
  let was = judged.before.segments[seg]?.softlockcnt ?? 0;
  const freed = freedAt(judged, seg);
  for (const moment of judged.outcome.moments) {
    const now = moment.at > freed ? null : segmentAt(moment, seg, seg);
    if (now === null) continue;
    if (was > 0 && now.softlockcnt <= 0) return { at: moment.at, left: 0 };
    was = now.softlockcnt;
  }
  return was > 0 && !judged.after.segments[seg] ? { at: 0, left: was } : null;
}

function isWoken(calls: readonly KernelCall[], seg: number, from: number): boolean {
  for (let at = from; at < calls.length; at++) {
    const call = calls[at];
    if (call?.fn === "cv_broadcast" && call.seg === seg) return true;
  }
  return false;
}

function wakeBreaches(judged: Judged): readonly string[] {
  const { before, after, outcome } = judged;
  let so: Found = null;
  for (let seg = 0; seg < before.segments.length; seg++) {
    if (!before.segments[seg] || !isWaited(judged, seg)) continue;
    const fall = firstFall(judged, seg);
    if (fall === null) continue;
    const what = fall.left > 0 ? `it ended with softlockcnt ${fall.left}` : "softlockcnt fell to 0";
    if (!isWoken(outcome.calls, seg, fall.at)) {
      so = found(so, `segment ${seg}: ${what}, but those who wait for its address space were not woken`);
    } else if (after.waiting[seg] === true) {
      so = found(so, `segment ${seg}: ${what} and its waiters were woken, but they sleep on, since the flag is set`);
    }
  }
  return so ?? NONE;
}

/**
 * Woken means broadcast to, and awake at the end of the call: whoever wakes and finds the flag set goes back to sleep. The broadcast counts from the fall on; one before it finds the soft locks still there. After the first fall
 * and wake-up nobody waits any more, so the first fall decides, also if softlockcnt rises again. For the end of a segment
 * whose count never fell any broadcast of the call will do.
 */
export const wake: CallInvariant = {
  id: "wake",
  prose:
    "When softlockcnt falls to 0, or a segment with soft locks ends, while somebody waits for the address space, those who " +
    "wait are woken in the same call.",
  section: "5",
  clauses: ["3.wake"],
  scope: "call",
  concerns: ({ before, call }) => call.waiting === true || before.waiting.includes(true),
  breaches: wakeBreaches,
};
