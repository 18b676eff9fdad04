import type { PanicEvent, ReturnEvent } from "../../../traces/log/log.js";
import { boxKey, type SegmentBox } from "./segments.js";
import type { BoxStepper, SeenCall } from "./step.js";

/** A call in the log. What was seen of its end comes with its return; until then nothing was. */
export interface Operation {
  readonly thread: number;
  readonly seg: number;
  /** Of a `dup`, the child's number. */
  readonly child: number | null;
  /** Of its segment. */
  readonly pages: number;
  readonly line: number;
  seen: SeenCall;
  /** Its return or panic, once that has come. */
  end: ReturnEvent | PanicEvent | null;
  /** The line of its return or panic; infinite until that has come. */
  returned: number;
}

/** One way in which things could be: the states, and which of the calls that have not returned have taken effect already. */
export interface Candidate {
  /** By the component's segments. */
  readonly boxes: readonly SegmentBox[];
  readonly done: readonly Operation[];
}

/** What a search goes by. */
export interface Search {
  readonly stepper: BoxStepper;
  /** The calls whose return has not been accounted for. */
  readonly pending: readonly Operation[];
  /** What is taken as seen of a call. */
  readonly seenOf: (operation: Operation) => SeenCall;
}

/** At most so many candidates are kept; an accepted log needs one. */
const MOST_CANDIDATES = 256;

/** Up to so many candidates are compared with each other for one that holds another. */
const MOST_COMPARED = 64;

/**
 * Segments whose states could depend on each other (a segment mostly is alone; a child is with its parent until its state
 * is known), with all candidates. Calls on different components don't see each other, so each has an order of its own.
 *
 * A call takes effect at one point between its call and its return. That point is chosen as late as can be: when a call
 * returns it must have taken effect, perhaps after others that were under way.
 */
export class Component {
  readonly segs: number[];
  candidates: readonly Candidate[];
  /** Calls whose return has not been accounted for, in the order in which they were made. */
  readonly pending: Operation[] = [];
  /** Those of them that have returned, in that order. */
  readonly returned: Operation[] = [];
  /** Whether candidates were left out, so that a log without any is not known to be wrong. */
  cut = false;

  constructor(segs: readonly number[], boxes: readonly SegmentBox[]) {
    this.segs = [...segs];
    this.candidates = boxes.map((box) => ({ boxes: [box], done: [] }));
  }

  /** What may be once this call has returned, from each of these candidates; none if it can't have returned so. */
  afterReturn(from: readonly Candidate[], operation: Operation, how: Search): readonly Candidate[] {
    const reached = new Reached();
    const begun: Candidate[] = [];
    for (const candidate of from) {
      if (candidate.done.includes(operation)) reached.add(without(candidate, operation));
      else begun.push(candidate);
    }
    for (const candidate of this.perhapsAfterOthers(begun, operation, how)) {
      for (const next of this.#effects(candidate, operation, how)) reached.add(next);
    }
    return this.#kept(reached.candidates);
  }

  /** These candidates, and what they may have become just before this call took effect: others that were under way may have before it. */
  perhapsAfterOthers(from: readonly Candidate[], operation: Operation, how: Search): readonly Candidate[] {
    if (how.pending.length < 2) return from;
    const reached = new Reached();
    for (const candidate of from) reached.add(candidate);
    for (const candidate of reached.candidates) {
      if (reached.candidates.length > MOST_CANDIDATES) {
        this.cut = true;
        break;
      }
      for (const other of how.pending) {
        if (other === operation || other.line > operation.returned || candidate.done.includes(other)) continue;
        for (const next of this.#effects(candidate, other, how)) {
          reached.add({ boxes: next.boxes, done: [...candidate.done, other] });
        }
      }
    }
    return reached.candidates;
  }

  #effects({ boxes, done }: Candidate, operation: Operation, { stepper, seenOf }: Search): readonly Candidate[] {
    const at = this.segs.indexOf(operation.seg);
    const child = operation.child === null ? null : this.segs.indexOf(operation.child);
    const came = stepper.step(boxes, at, child, operation.pages, seenOf(operation));
    if (stepper.takeCut()) this.cut = true;
    return came.map((next) => ({ boxes: next.boxes, done }));
  }

  #kept(candidates: readonly Candidate[]): readonly Candidate[] {
    const kept = candidates.length < 2 || candidates.length > MOST_COMPARED ? candidates : withoutHeld(candidates);
    if (kept.length <= MOST_CANDIDATES) return kept;
    this.cut = true;
    return kept.slice(0, MOST_CANDIDATES);
  }
}

/** A call of whose end nothing was seen, but that it did not end the world. */
export function unseen({ seen: { call } }: Operation): SeenCall {
  return { call, ret: undefined, answers: {}, panicked: false };
}

function without({ boxes, done }: Candidate, operation: Operation): Candidate {
  return { boxes, done: done.filter((other) => other !== operation) };
}

/** Different candidates, in the order in which they were found. May grow while it is walked over. */
class Reached {
  readonly candidates: Candidate[] = [];
  #keys: Set<string> | null = null;

  add(candidate: Candidate): void {
    const [first] = this.candidates;
    if (first === undefined) {
      this.candidates.push(candidate);
      return;
    }
    this.#keys ??= new Set([keyOf(first)]);
    const key = keyOf(candidate);
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.candidates.push(candidate);
  }
}

function keyOf({ boxes, done }: Candidate): string {
  const lines = done.map(({ line }) => line).sort((a, b) => a - b);
  return `${lines.join()}|${boxes.map(boxKey).join("|")}`;
}

/** Those whose states are not all among those of another. */
function withoutHeld(candidates: readonly Candidate[]): readonly Candidate[] {
  const held = new Set<Candidate>();
  for (const one of candidates) {
    if (candidates.some((other) => other !== one && !held.has(other) && holds(other, one))) held.add(one);
  }
  return held.size === 0 ? candidates : candidates.filter((candidate) => !held.has(candidate));
}

function holds(larger: Candidate, smaller: Candidate): boolean {
  return (
    larger.done.length === smaller.done.length &&
    larger.done.every((operation) => smaller.done.includes(operation)) &&
    larger.boxes.every((box, at) => {
      const other = smaller.boxes[at];
      return other !== undefined && boxHolds(box, other);
    })
  );
}

function boxHolds(larger: SegmentBox, smaller: SegmentBox): boolean {
  if (larger.life !== smaller.life || larger.prot !== smaller.prot) return false;
  if (JSON.stringify(larger.domid) !== JSON.stringify(smaller.domid)) return false;
  for (let page = 0; page < larger.pages.length; page++) {
    if (((smaller.pages[page] ?? 0) & ~(larger.pages[page] ?? 0)) !== 0) return false;
  }
  return true;
}
