import type { Returned } from "../../../impl/driver.js";
import { EACCES, EFAULT, EINVAL, ENOTSUP } from "../../../model/constants.js";
import { isPassive, passiveReturn } from "../../../model/passive.js";
import type { LogEvent } from "../../../traces/log/log.js";
import { type Candidate, type Component, type Operation, type Search, unseen } from "./component.js";
import { type BoxStepper, isMade, type SeenCall } from "./step.js";
import { type Rejection, statesOf } from "./verdict.js";

/** What is wrong with a call that nobody could make now; `null` if it can be made. */
export function explainCall(
  component: Component,
  stepper: BoxStepper,
  operation: Operation,
): Pick<Rejection, "reason" | "expected"> | null {
  const { call } = operation.seen;
  const at = component.segs.indexOf(operation.seg);
  const child = operation.child === null ? null : component.segs.indexOf(operation.child);
  const made = ({ boxes }: Candidate) => isMade(boxes, at, child, call);
  if (component.candidates.some(made)) return null;
  const search = { stepper, pending: component.pending, seenOf: knownUpTo(operation.line) };
  const reached = component.perhapsAfterOthers(component.candidates, operation, search);
  if (component.cut || reached.some(made)) return null;
  const lives = [...new Set(component.candidates.map(({ boxes }) => boxes[at]?.life))].join(" or ");
  return {
    reason: `segment ${operation.seg} is ${lives}`,
    expected: [call.call === "free" ? "a stillborn segment" : `a live segment for ${call.call}`],
  };
}

/** How things could be now, for a call that can't be made. */
export function statesNow(component: Component): Rejection["states"] {
  return statesOf(component, component.candidates);
}

/**
 * Which return it is that can't be, where the returns that are known by now can't all be, and what could have been instead.
 * That of a later line may be to blame: what others returned afterwards is part of what is known.
 */
export function explainEnd(component: Component, stepper: BoxStepper): Rejection<LogEvent> {
  const { returned } = component;
  const culprit = returned.find(({ returned: line }) => !isPossible(component, stepper, knownUpTo(line), line));
  if (culprit === undefined) throw new Error("the returns of the log can be after all");
  const line = culprit.returned;
  const before = candidatesBefore(component, stepper, line);
  const expected = possibleEnds(component, stepper, culprit);
  const { thread, seen } = culprit;
  const was = seen.panicked ? "the kernel panicked" : `it returned ${String(seen.ret)}`;
  return {
    line,
    event: culprit.end ?? eventOf(culprit, seen),
    reason: `${seen.call.call} of thread ${thread}, called in line ${culprit.line}: ${was}`,
    expected: expected.map(({ words }) => words),
    states: statesOf(component, before),
    candidates: before.length,
    nearest: nearestTo(culprit, expected),
  };
}

/** What was seen by a line. */
function knownUpTo(line: number): (operation: Operation) => SeenCall {
  return (operation) => (operation.returned <= line ? operation.seen : unseen(operation));
}

/** Whether the returns up to a line can be, if this is what was seen. */
function isPossible(component: Component, stepper: BoxStepper, seenOf: Search["seenOf"], line: number): boolean {
  return simulate(component, stepper, seenOf, line).length > 0;
}

function simulate(
  component: Component,
  stepper: BoxStepper,
  seenOf: Search["seenOf"],
  line: number,
): readonly Candidate[] {
  let pending: readonly Operation[] = component.pending;
  let { candidates } = component;
  for (const operation of component.returned) {
    if (operation.returned > line) break;
    candidates = component.afterReturn(candidates, operation, { stepper, pending, seenOf });
    pending = pending.filter((other) => other !== operation);
  }
  return candidates;
}

function candidatesBefore(component: Component, stepper: BoxStepper, line: number): readonly Candidate[] {
  return simulate(component, stepper, knownUpTo(line - 1), line - 1);
}

/** An end that a call could have had. */
interface PossibleEnd {
  readonly words: string;
  readonly seen: SeenCall;
}

/** An errno that only VOP_ADDMAP gives: it stands for any. */
const ERRNO = 6;

function possibleEnds(component: Component, stepper: BoxStepper, culprit: Operation): readonly PossibleEnd[] {
  const { call, answers } = culprit.seen;
  const own: Returned = isPassive(call) ? passiveReturn(call) : null;
  const rets: readonly Returned[] = [...new Set([0, -1, EACCES, EFAULT, EINVAL, ENOTSUP, ERRNO, null, own])];
  // First with the answers that were seen; if none can be, with any.
  for (const given of [answers, {}]) {
    const ends: PossibleEnd[] = [
      ...rets.map((ret) => ({ words: wordsOf(ret), seen: { call, ret, answers: given, panicked: false } })),
      { words: "a panic", seen: { call, ret: undefined, answers: given, panicked: true } },
    ];
    const possible = ends.filter(({ seen }) => {
      const known = knownUpTo(culprit.returned);
      const seenOf = (operation: Operation) => (operation === culprit ? seen : known(operation));
      return isPossible(component, stepper, seenOf, culprit.returned);
    });
    const some = possible.some(({ seen }) => seen.ret === ERRNO);
    const meant = some ? possible.filter(({ seen: { ret } }) => ret === 0 || ret === ERRNO) : possible;
    if (meant.length > 0) return meant;
  }
  return [];
}

function wordsOf(ret: Returned): string {
  return ret === ERRNO ? "the errno of VOP_ADDMAP" : String(ret);
}

function nearestTo(culprit: Operation, ends: readonly PossibleEnd[]): LogEvent | null {
  const [end] = ends;
  return end === undefined ? null : eventOf(culprit, end.seen);
}

function eventOf({ thread }: Operation, { ret, answers, panicked }: SeenCall): LogEvent {
  return panicked
    ? { event: "panic", thread, reason: "of a bad range", answers }
    : { event: "return", thread, ret, answers };
}
