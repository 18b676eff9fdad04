import type { KernelCall, LockName, Moment, SegmentMoment, SegmentState } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { type Found, found, type HypercallInvariant, NONE } from "./invariant.js";
import { freedAt, segmentAt, whenWords } from "./moments.js";
import { sameMap } from "./same.js";
import { lockWords } from "./words.js";

/** The invariant on mutexes: their order, what changes under which, and that none is kept. */

function holds(held: readonly LockName[], lock: LockName["lock"], seg: number | null): boolean {
  for (const one of held) if (one.lock === lock && (seg === null || one.seg === seg)) return true;
  return false;
}

/** The lock that a kernel call is about to enter, if that is what it does. */
function enteredBy(call: KernelCall | undefined): LockName | null {
  if (call?.fn !== "mutex_enter") return null;
  const { lock, seg } = call;
  if (lock !== "segment" && lock !== "a_contents" && lock !== "freemem_lock") return null;
  return { lock, seg: typeof seg === "number" ? seg : null };
}

/** A lock that is held already and must not be when this one is entered. */
function outOfOrder(entered: LockName, held: readonly LockName[]): LockName | null {
  for (const one of held) {
    // Segments' locks come first; a_contents and freemem_lock, both inside, are never held together.
    if (one.lock !== "segment" && (entered.lock === "segment" || one.lock !== entered.lock)) return one;
  }
  return null;
}

function orderBreach(call: KernelCall | undefined, moment: Moment, so: Found): Found {
  if (moment.held.length === 0) return so;
  const entered = enteredBy(call);
  const other = entered === null ? null : outOfOrder(entered, moment.held);
  if (entered === null || other === null) return so;
  return found(so, `${lockWords(entered)} is entered while ${lockWords(other)} is held (kernel call ${moment.at})`);
}

/** Is the segment still being made, or stillborn, so that nobody else can know of it? */
function isUnborn({ call, before }: Judged, seg: number): boolean {
  if (call.call === "create" && call.seg === seg) return true;
  if (call.call === "dup" && call.into === seg) return true;
  return before.segments[seg]?.stillborn === true;
}

function changeBreaches(
  judged: Judged,
  was: SegmentState | SegmentMoment,
  now: SegmentMoment,
  moment: Moment,
  so: Found,
): Found {
  let left = so;
  const { seg } = now;
  if (!sameMap(was.map, now.map) && !holds(moment.held, "segment", seg)) {
    left = found(left, `segment ${seg}: its map changed without its lock${whenWords(moment, judged.outcome)}`);
  }
  if (was.softlockcnt !== now.softlockcnt && !holds(moment.held, "freemem_lock", null)) {
    const change = `softlockcnt went from ${was.softlockcnt} to ${now.softlockcnt} without freemem_lock`;
    left = found(left, `segment ${seg}: ${change}${whenWords(moment, judged.outcome)}`);
  }
  return left;
}

function momentBreaches(judged: Judged, moment: Moment, previous: Moment | undefined, so: Found): Found {
  if (moment.segments === previous?.segments) return so;
  let left = so;
  for (let i = 0; i < moment.segments.length; i++) {
    const now = moment.segments[i];
    if (now === undefined) continue;
    const was = previous === undefined ? judged.before.segments[now.seg] : segmentAt(previous, now.seg, i);
    if (!was || (was.map === now.map && was.softlockcnt === now.softlockcnt)) continue;
    if (isUnborn(judged, now.seg) || moment.at > freedAt(judged, now.seg)) continue;
    left = changeBreaches(judged, was, now, moment, left);
  }
  return left;
}

function lockBreaches(judged: Judged): readonly string[] {
  const { calls, moments, panic } = judged.outcome;
  let so: Found = null;
  let previous: Moment | undefined;
  for (const moment of moments) {
    so = orderBreach(calls[moment.at], moment, so);
    so = momentBreaches(judged, moment, previous, so);
    previous = moment;
  }
  // After a panic the call is still under way, and may hold what it likes.
  if (panic === null) {
    for (const lock of judged.after.heldLocks) so = found(so, `${lockWords(lock)} is still held on return`);
  }
  return so ?? NONE;
}

/**
 * What changed between two moments changed after the first one's kernel call took effect and before the second one's, so
 * the locks that count are those held at the second. The map is judged as it is observed: the registration of an EMPTY
 * page shows in no record (decision D1). A segment is live, and so judged, from the end of the call that makes it until
 * the kernel begins to free it; one stillborn never is.
 */
export const lockDiscipline: HypercallInvariant = {
  id: "lock-discipline",
  prose:
    "No call returns holding a lock. A segment's lock is entered before freemem_lock and before a_contents, and those " +
    "two are never held together. The map of a live segment changes only under its lock, softlockcnt only under freemem_lock.",
  section: "5",
  clauses: ["3.locks", "4.mutex"],
  scope: "hypercall",
  breaches: lockBreaches,
};
