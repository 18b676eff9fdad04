import type { Driver, KernelKind, Observation } from "../../impl/driver.js";
import type { Scenario, Step } from "../../traces/scenario/scenario.js";
import { answersOf } from "../../traces/scenario/script.js";
import { type Difference, differences, type Seen } from "./difference.js";
import { eventLoopTurn } from "./eventloop.js";
import { FIELD_MAX_GREFS } from "./run.js";
import type { Subject } from "./subject.js";
import { canBeMade } from "./walk.js";

/** The first step after which two drivers are not alike. Up to it they were, so what was before it is said once. */
export interface Divergence {
  /** The index of the step. */
  readonly at: number;
  readonly step: Step;
  /** All that differs, what the call gave before what it left. */
  readonly about: readonly Difference["about"][];
  readonly before: Observation;
  readonly expected: Seen;
  readonly got: Seen;
}

/**
 * Why no further step was made: there is none, they diverged, both panicked, both have made something else of a segment than
 * the next step needs, or the user stopped it.
 */
export type Ending = "all" | "diverged" | "panic" | "no segment" | "interrupted";

/** One scenario on two drivers. */
export interface DriverComparison {
  /** The drivers' names. */
  readonly expected: string;
  readonly got: string;
  readonly kernel: KernelKind;
  /** Steps that both made, the one after which they diverged among them. */
  readonly compared: number;
  readonly ending: Ending;
  /** `null`: nothing differs in any step that was made. */
  readonly divergence: Divergence | null;
}

export interface ComparisonOptions {
  readonly kernel: KernelKind;
  readonly maxGrefs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes the steps of a scenario on two drivers side by side, and compares all that can be seen of them (`difference`) after
 * each, up to the first divergence. No specification is asked: neither driver need be right.
 */
export async function compareDrivers(
  expected: Subject,
  got: Subject,
  { pages, steps }: Scenario,
  { kernel, maxGrefs = FIELD_MAX_GREFS, signal }: ComparisonOptions,
): Promise<DriverComparison> {
  const machine = { kernel, pages, maxGrefs };
  const left = await expected.open(machine);
  const right = await got.open(machine);
  const ended = (ending: Ending, compared: number, divergence: Divergence | null = null): DriverComparison => ({
    expected: expected.name,
    got: got.name,
    kernel,
    compared,
    ending,
    divergence,
  });
  let before = left.observe();
  for (const [at, step] of steps.entries()) {
    if (signal?.aborted === true) return ended("interrupted", at);
    // Both are in the same state: what one can't be asked, neither can.
    if (!canBeMade(step.call, before)) return ended("no segment", at);
    const one = made(left, step);
    const other = made(right, step);
    const about = [...differences(one, other)].map((found) => found.about);
    if (about.length > 0) return ended("diverged", at + 1, { at, step, about, before, expected: one, got: other });
    if (one.outcome.panic !== null) return ended(at + 1 < steps.length ? "panic" : "all", at + 1);
    before = one.observed;
    await eventLoopTurn();
  }
  return ended("all", steps.length);
}

function made(driver: Driver, step: Step): Seen {
  const outcome = driver.perform(step.call, answersOf(step));
  return { outcome, observed: driver.observe() };
}
