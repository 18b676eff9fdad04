import type { Call } from "../impl/driver.js";
import { type Awaited, awaiting } from "./awaiting.js";
import { answerEvent, callEvent, type SpecEvent } from "./events.js";
import type { Expectation } from "./expectation.js";
import type { SpecSnapshot } from "./machine.js";
import { project, quiescent } from "./projection.js";
import { returned } from "./returned.js";

/** One step of the specification: xstate's `transition` on a machine, or anything that does the same faster. */
export type Step = (
  snapshot: SpecSnapshot,
  event: SpecEvent,
) => readonly [SpecSnapshot, readonly { readonly type: string; readonly params?: unknown }[]];

export interface Foreseen extends Expectation {
  /** The specification's state after the call. */
  readonly next: SpecSnapshot;
  /** What the call waited for, in order. */
  readonly awaited: readonly Awaited[];
}

/**
 * What the specification says of a call with its answers (contract section 3). `answer` gives the environment's answer to
 * what the specification waits for: 0 where a driver did not ask (D4). Throws a RangeError if the call can't be made in the snapshot: one is
 * under way, or there is no such segment.
 */
export function foresee(
  step: Step,
  snapshot: SpecSnapshot,
  call: Call,
  answer: (awaited: Awaited) => number,
): Foreseen {
  if (!quiescent(snapshot)) throw new RangeError("the specification has a call under way");
  const awaited: Awaited[] = [];
  let [next, actions] = step(snapshot, callEvent(call));
  for (let end = returned(actions); ; end = returned(actions)) {
    if (end !== null) return { ...end, after: project(next), next, awaited };
    const question = awaiting(next);
    if (question === null) throw new RangeError(`the specification has no ${call.call} on segment ${call.seg} here`);
    awaited.push(question);
    [next, actions] = step(next, answerEvent(question.kind, answer(question)));
  }
}
