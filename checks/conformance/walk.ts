import type { Answered, Call, Driver, Machine, Observation, Outcome } from "../../impl/driver.js";
import { judge } from "../../model/invariants/index.js";
import type { Breach } from "../../model/judged.js";
import type { ChartSize } from "../../model/plan.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { answersOf } from "../../traces/scenario/script.js";
import { takeEdge } from "./edge.js";
import type { Specification, SpecState } from "./specification.js";

/** One step of a scenario as a driver took it, judged. */
export interface WalkedStep {
  readonly call: Call;
  readonly outcome: Outcome;
  readonly after: Observation;
  readonly breaches: readonly Breach[];
  /** False once an earlier step broke an invariant: the specification is no reference any more (scenario.md). */
  readonly reference: boolean;
}

/** The chart that a scenario needs: as many segments as ever come to be. */
export function chartSize({ pages, maxGrefs }: Machine, steps: readonly Step[]): ChartSize {
  const creates = steps.filter(({ call }) => call.call === "create").length;
  const forks = steps.filter(({ call }) => call.call === "dup").length;
  return { pages, maxGrefs, forks, creates: Math.max(1, creates) };
}

/**
 * Takes the steps one by one on a driver, from its present state on, which must be the one that the specification's
 * initial state describes. Ends after the last step, at the first panic, or before a step that can't be made since the driver
 * has made something else of its segment than the scenario says (a violation by then).
 */
export function* walk(driver: Driver, specification: Specification, steps: readonly Step[]): Generator<WalkedStep> {
  let spec: SpecState | null = specification.initial;
  let observed = driver.observe();
  for (const step of steps) {
    if (spec === null && !canBeMade(step.call, observed)) return;
    const walked: WalkedStep & { readonly next: SpecState | null } =
      spec === null ? takeAlone(driver, observed, step) : takeReferenced(driver, specification, spec, observed, step);
    yield walked;
    if (walked.outcome.panic !== null) return;
    spec = walked.breaches.length > 0 ? null : walked.next;
    observed = walked.after;
  }
}

/** Whether the call's segment is what the call needs (scenario.md): live, stillborn for `free`, the next one to be made. */
export function canBeMade(call: Call, { segments }: Observation): boolean {
  if (call.call === "create") return call.seg === segments.length;
  const segment = segments[call.seg];
  if (!segment || segment.stillborn !== (call.call === "free")) return false;
  return call.call !== "dup" || call.into === segments.length;
}

/** Whether every call is made of a segment that exists by then, if all goes as the specification says. */
export function isLegal(specification: Specification, steps: readonly Step[]): boolean {
  let spec = specification.initial;
  for (const { call, answers } of steps) {
    if (!specification.enables(spec, call)) return false;
    spec = specification.perform(spec, call, scripted(answers)).next;
  }
  return true;
}

/** The one answer of a script that decides whether a segment comes to be live. */
function scripted({ addmap }: Step["answers"]): readonly Answered[] {
  return [{ question: { kind: "addmap", seg: 0 }, answer: addmap }];
}

function takeReferenced(
  driver: Driver,
  specification: Specification,
  spec: SpecState,
  observed: Observation,
  step: Step,
): WalkedStep & { readonly next: SpecState } {
  const { call } = step;
  const edge = takeEdge(driver, specification, { spec, observed }, call, answersOf(step));
  return {
    call,
    outcome: edge.outcome,
    after: edge.after,
    breaches: edge.breaches,
    reference: true,
    next: edge.step.next,
  };
}

function takeAlone(driver: Driver, before: Observation, step: Step): WalkedStep & { readonly next: SpecState | null } {
  const { call } = step;
  const outcome = driver.perform(call, answersOf(step));
  const after = driver.observe();
  const breaches = judge({ call, before, after, outcome, expectation: null, machine: driver.machine });
  return { call, outcome, after, breaches, reference: false, next: null };
}
