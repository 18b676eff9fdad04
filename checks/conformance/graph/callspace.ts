import type { Answered, Call, Question } from "../../../impl/driver.js";
import type { Awaited } from "../../../model/alphabet.js";
import type { Verdict } from "../../../model/expectation.js";
import { answersFrom } from "../../../traces/scenario/record.js";
import type { Step } from "../../../traces/scenario/scenario.js";
import type { SpaceState, SpaceStep, StateSpace } from "./statespace.js";

/** The states at rest, and whole calls with all that is answered during them. */
export interface CallSpace {
  /** Numbers of states of the state space, the initial one first. */
  readonly rests: readonly number[];
  readonly calls: readonly WholeCall[];
}

export interface WholeCall {
  /** Numbers of states of the state space. */
  readonly from: number;
  readonly to: number;
  readonly call: Call;
  readonly asked: readonly Answered[];
  readonly verdict: Verdict;
}

/** Puts the steps from one state at rest to the next together. */
export function callSpace({ states, steps }: StateSpace): CallSpace {
  const leading = stepsFrom(states.length, steps);
  const rests = states.flatMap(({ awaited }, at) => (awaited === null ? [at] : []));
  const calls = rests.flatMap((from) =>
    (leading[from] ?? []).flatMap((step) =>
      "call" in step.event ? [...finished(states, leading, from, step.event.call, step, [])] : [],
    ),
  );
  return { rests, calls };
}

/** The step of a scenario that makes a call with these answers. */
export function stepOf({ call, asked }: WholeCall): Step {
  return { call, answers: answersFrom(asked) };
}

function stepsFrom(states: number, steps: readonly SpaceStep[]): readonly (readonly SpaceStep[])[] {
  const leading: SpaceStep[][] = Array.from({ length: states }, () => []);
  for (const step of steps) leading[step.from]?.push(step);
  return leading;
}

/** Every way in which a call goes on after a step, to where it ends. */
function* finished(
  states: readonly SpaceState[],
  leading: readonly (readonly SpaceStep[])[],
  from: number,
  call: Call,
  { to, result }: SpaceStep,
  asked: readonly Answered[],
): Generator<WholeCall> {
  if (result !== null) {
    yield { from, to, call, asked, verdict: result.verdict };
    return;
  }
  const awaited = states[to]?.awaited ?? null;
  if (awaited === null) throw new Error(`the specification neither returns nor waits in ${call.call}`);
  const question = questionOf(awaited);
  for (const step of leading[to] ?? []) {
    const answer = "rc" in step.event ? step.event.rc : "status" in step.event ? step.event.status : 0;
    yield* finished(states, leading, from, call, step, [...asked, { question, answer }]);
  }
}

/** As the driver is to ask it: one hypercall for all elements. */
function questionOf(awaited: Awaited): Question {
  if ("element" in awaited) return { kind: awaited.kind, op: 0, element: awaited.element };
  if ("count" in awaited) return { kind: awaited.kind, op: 0, count: awaited.count };
  return awaited;
}
