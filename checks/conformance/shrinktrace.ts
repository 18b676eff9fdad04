import type { KernelKind } from "../../impl/driver.js";
import type { Breach } from "../../model/judged.js";
import type { Scenario, Step } from "../../traces/scenario/scenario.js";
import { type Cause, causeName } from "./cause.js";
import { eventLoopTurn } from "./eventloop.js";
import { Causes } from "./explain.js";
import { reductions, without } from "./reductions.js";
import { FIELD_MAX_GREFS } from "./run.js";
import { type Reducible, shrink } from "./shrink.js";
import { Specifications } from "./specifications.js";
import type { Subject } from "./subject.js";
import { Trials } from "./trials.js";
import { brokenText, type Violation } from "./violation.js";

/** A trace made minimal for the finding that it first shows. */
export interface Shrunk {
  readonly scenario: Scenario;
  /** For each of its steps the index of the step that it was. */
  readonly origins: readonly number[];
  /** How many steps of the trace come after the first that breaks an invariant, and were left out for that. */
  readonly after: number;
  /** What the finding is called: its cause. */
  readonly cause: string;
  readonly breaches: readonly Breach[];
  readonly panic: string | null;
}

export interface ShrinkOptions {
  readonly kernel: KernelKind;
  readonly maxGrefs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes a trace that breaks an invariant 1-minimal: no single change (`reductions`) makes it simpler and still shows the same
 * finding at its last step. `null` if it breaks none. Throws the signal's reason once it was aborted.
 */
export async function shrinkTrace(
  subject: Subject,
  { pages, steps }: Scenario,
  { kernel, maxGrefs = FIELD_MAX_GREFS, signal }: ShrinkOptions,
): Promise<Shrunk | null> {
  const trials = new Showing(subject, kernel, maxGrefs);
  const first = await trials.violation({ pages, steps });
  if (first === null) return null;
  const finding = trials.finding(pages, first);
  let shown = first;
  const shows = async (candidate: Reducible): Promise<boolean> => {
    await eventLoopTurn();
    signal?.throwIfAborted();
    const violation = await trials.violation(candidate);
    if (violation?.steps.length !== candidate.steps.length) return false;
    if (!isSame(trials.finding(candidate.pages, violation, finding), finding)) return false;
    shown = violation;
    return true;
  };
  const start = first.steps.map((step, origin): Traced => ({ ...step, origin }));
  const fewer = await withFewerSteps({ pages, steps: start }, shows);
  const least = await shrink(fewer, shows, reductions);
  const { breaches, panic } = shown;
  return {
    scenario: { pages: least.pages, steps: least.steps.map(({ call, answers }) => ({ call, answers })) },
    origins: least.steps.map(({ origin }) => origin),
    after: steps.length - first.steps.length,
    cause: causeName(finding.cause ?? []),
    breaches,
    panic,
  };
}

/** A step that knows the index of the one that it was made of. */
interface Traced extends Step {
  readonly origin: number;
}

/** Leaves out many steps at a time, then fewer and fewer, each time from the end on: long traces take too long one by one. */
async function withFewerSteps<S extends Step>(
  start: Reducible<S>,
  shows: (candidate: Reducible<S>) => Promise<boolean>,
): Promise<Reducible<S>> {
  let best = start;
  for (let size = best.steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = best.steps.length - 1 - size; from > -size; from -= size) {
      const at = Math.max(0, from);
      const steps = without(best.steps, at, Math.min(size, best.steps.length - 1 - at));
      const candidate = { ...best, steps: steps ?? [] };
      if (steps !== null && steps.length < best.steps.length && (await shows(candidate))) best = candidate;
    }
  }
  return best;
}

/** What makes two violations one finding: call, invariants, whether the kernel panicked, cause. */
interface SameFinding {
  readonly how: string;
  /** `null`: not asked for, since they are not alike anyway. */
  readonly cause: Cause | null;
}

function isSame(one: SameFinding, other: SameFinding): boolean {
  return one.how === other.how && one.cause?.join() === other.cause?.join();
}

/** Performs candidates and says what they show. */
class Showing {
  readonly #trials: Trials;
  readonly #causes: Causes;

  constructor(subject: Subject, kernel: KernelKind, maxGrefs: number) {
    const specifications = new Specifications();
    this.#trials = new Trials(subject, kernel, maxGrefs, specifications);
    this.#causes = new Causes(subject, kernel, maxGrefs, specifications);
  }

  /** The first violation. */
  async violation(candidate: Reducible): Promise<Violation | null> {
    return await this.#trials.violation(candidate);
  }

  /** @param wanted saves finding the cause of what is not alike */
  finding(pages: number, violation: Violation, wanted?: SameFinding): SameFinding {
    const call = violation.steps.at(-1)?.call.call;
    const panics = violation.panic === null ? "" : " and panics";
    const how = `${call} breaks ${brokenText({ ...violation, panic: null })}${panics}`;
    const isAlike = wanted === undefined || wanted.how === how;
    return { how, cause: isAlike ? this.#causes.of(pages, violation) : null };
  }
}
