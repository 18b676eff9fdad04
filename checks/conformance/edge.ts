import type { Answered, AnswerSource, Call, Driver, Observation, Outcome } from "../../impl/driver.js";
import { judge } from "../../model/invariants/index.js";
import type { Breach, Judged } from "../../model/judged.js";
import { answersFrom } from "../../traces/scenario/record.js";
import type { Step } from "../../traces/scenario/scenario.js";
import type { Specification, SpecState, SpecStep } from "./specification.js";
import { textOf } from "./text.js";

/** One call with all its answers, made on the driver and on the specification, and judged. Plain data. */
export interface Edge {
  readonly call: Call;
  readonly outcome: Outcome;
  readonly after: Observation;
  readonly step: SpecStep;
  readonly breaches: readonly Breach[];
  readonly judged: Judged;
}

/** Whether an edge is followed: not if it broke an invariant, nor after the panic that contract section 3 prescribes. */
export function isFollowed({ outcome, breaches }: Edge): boolean {
  return outcome.panic === null && breaches.length === 0;
}

/** A call and what the environment answered during it: enough to make the same edge again. */
export interface EdgeRecord {
  readonly call: Call;
  readonly asked: readonly Answered[];
}

/** The scenario step that makes the same edge. */
export function stepOf({ call, asked }: EdgeRecord): Step {
  return { call, answers: answersFrom(asked) };
}

/**
 * Makes one call on the driver, steps the specification with the same answers, and judges every invariant.
 * The driver is left in the state after the call.
 */
export function takeEdge(
  driver: Driver,
  specification: Specification,
  from: { readonly spec: SpecState; readonly observed: Observation },
  call: Call,
  answers: AnswerSource,
): Edge {
  const outcome = driver.perform(call, answers);
  const after = driver.observe();
  const step = specification.perform(from.spec, call, outcome.asked);
  const judged: Judged = {
    call,
    before: from.observed,
    after,
    outcome,
    expectation: step.expectation,
    machine: driver.machine,
  };
  return { call, outcome, after, step, judged, breaches: judge(judged) };
}

const callKeys = new WeakMap<Call, string>();

/** Names a call uniquely: the same key for the same call with the same arguments. */
export function callKey(call: Call): string {
  let key = callKeys.get(call);
  if (key === undefined) {
    key = textOf(call);
    callKeys.set(call, key);
  }
  return key;
}
