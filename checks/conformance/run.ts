import type { KernelKind } from "../../impl/driver.js";
import type { ChartSize } from "../../model/plan.js";
import type { RunResult, RunStep } from "../../traces/run/run.js";
import { runStepOf } from "../../traces/run/step.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { eventLoopTurn } from "./eventloop.js";
import { Specification } from "./specification.js";
import type { Subject } from "./subject.js";
import { chartSize, walk } from "./walk.js";

/** SEGMF_MAX_GREFS in the field: what scenarios run with (contract section 2). */
export const FIELD_MAX_GREFS = 16;

/**
 * Runs one scenario on a driver and judges every step (scenario.md, Output). Ends at the first panic, or after the step
 * during which `signal` was aborted.
 */
export async function runScenario(
  subject: Subject,
  kernel: KernelKind,
  scenario: Scenario,
  maxGrefs = FIELD_MAX_GREFS,
  signal?: AbortSignal,
): Promise<RunResult> {
  const machine = { kernel, pages: scenario.pages, maxGrefs };
  const driver = await subject.open(machine);
  const specification = specificationOf(chartSize(machine, scenario.steps));
  const steps: RunStep[] = [];
  for (const { outcome, after, breaches, reference } of walk(driver, specification, scenario.steps)) {
    steps.push(runStepOf(outcome, after, { violations: breaches, reference }));
    await eventLoopTurn();
    if (signal?.aborted === true) break;
  }
  return { driver: subject.name, kernel, steps };
}

/** Whether any step of a run broke an invariant. */
export function isViolated(run: RunResult): boolean {
  return run.steps.some(({ violations }) => violations.length > 0);
}

/** So many states are remembered from one scenario to the next. */
const MOST_STATES = 10_000;

let last: { readonly key: string; readonly specification: Specification } | null = null;

/** The specification of the last run, if it is of this size: making a chart takes longer than most scenarios do. */
function specificationOf(size: ChartSize): Specification {
  const key = JSON.stringify(size);
  if (last?.key !== key) last = { key, specification: new Specification(size) };
  else if (last.specification.size > MOST_STATES) last.specification.forget();
  return last.specification;
}
