import type {
  Answered,
  AnswerSource,
  KernelCall,
  LockName,
  Moment,
  Outcome,
  Question,
  Returned,
  SegmentMoment,
} from "../driver.js";
import type { PrivateView } from "./ops.js";
import type { KernelState } from "./state.js";

/** Looks at a driver's own record of a segment; `null` while it has none. */
export type View = (seg: number) => PrivateView | null;

/** Writes down one call of a driver: what it asked of the kernel, what the environment answered, and every moment. */
export class Recorder {
  #calls: KernelCall[] = [];
  #asked: Answered[] = [];
  #moments: Moment[] = [];
  #answers: AnswerSource | null = null;
  #segments: readonly SegmentMoment[] = [];
  /** What `#segments` was read from. */
  #state: KernelState | null = null;
  #stamp = 0;

  begin(answers: AnswerSource): void {
    this.#calls = [];
    this.#asked = [];
    this.#moments = [];
    this.#answers = answers;
  }

  /** A kernel call, before it takes effect. Its result may still be written into `call`. */
  enter(call: KernelCall, state: KernelState, view: View, stamp: number): void {
    this.#moment(state, view, stamp);
    this.#calls.push(call);
  }

  ask(question: Question): number {
    const answer = this.#answers?.answer(question) ?? 0;
    this.#asked.push({ question, answer });
    return answer;
  }

  /** The call has returned, or the kernel has panicked. */
  end(
    ret: Returned,
    panic: string | null,
    state: KernelState,
    view: View,
    stamp: number,
    touched: readonly number[] | null,
  ): Outcome {
    this.#moment(state, view, stamp);
    this.#answers = null;
    return { ret, panic, calls: this.#calls, asked: this.#asked, moments: this.#moments, touched };
  }

  /** Most kernel calls come when nothing has changed that a moment shows. `stamp` is the driver's (`DriverOps.stamp`). */
  #moment(state: KernelState, view: View, stamp: number): void {
    const held: readonly LockName[] = state.mutexes.held;
    if (this.#state === null || this.#stamp !== stamp || !showsSame(this.#state, state)) {
      this.#segments = segmentsNow(this.#segments, state, view);
    }
    this.#state = state;
    this.#stamp = stamp;
    this.#moments.push({ at: this.#calls.length, segments: this.#segments, held });
  }
}

/**
 * What the segments look like, except those that `create` or `dup` is still making. What reads the same as `before` has
 * the identity that it had there, and so has the whole if nothing changed: most kernel calls change no segment.
 */
function segmentsNow(before: readonly SegmentMoment[], state: KernelState, view: View): readonly SegmentMoment[] {
  let changed: SegmentMoment[] | null = null;
  let count = 0;
  for (let seg = 0; seg < state.segments.length; seg++) {
    const life = state.segments[seg]?.life;
    const table = state.tables[seg];
    if (table === undefined || life === "making" || life === "freed") continue;
    const seen = view(seg);
    if (seen === null) continue;
    const old = before[count];
    if (old !== undefined && old.seg === seg && old.ptes === table.ptes && reads(old, seen)) {
      changed?.push(old);
    } else {
      changed ??= before.slice(0, count);
      const { domid, softlockcnt, map } = seen;
      changed.push({ seg, domid, softlockcnt, map, ptes: table.ptes });
    }
    count++;
  }
  return changed ?? (count === before.length ? before : before.slice(0, count));
}

/** Is all that a moment is read from the same? */
function showsSame(a: KernelState, b: KernelState): boolean {
  return a === b || (a.kmem === b.kmem && a.tables === b.tables && a.segments === b.segments);
}

function reads(old: SegmentMoment, seen: PrivateView): boolean {
  return old.map === seen.map && old.domid === seen.domid && old.softlockcnt === seen.softlockcnt;
}
