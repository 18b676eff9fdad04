import fc from "fast-check";
import type { AnswerSource, Call, Driver, KernelKind, Observation, Question } from "../../impl/driver.js";
import type { Breach } from "../../model/judged.js";
import { scenarioOf } from "../../traces/scenario/record.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { type EdgeRecord, takeEdge } from "./edge.js";
import { eventLoopTurn } from "./eventloop.js";
import { type RandomCall, randomCall, toCall } from "./randomcall.js";
import type { Shard } from "./shards.js";
import { Specification, type SpecState } from "./specification.js";
import type { Subject } from "./subject.js";

export interface RandomOptions {
  readonly kernel: KernelKind;
  readonly runs: number;
  readonly seed: number;
  readonly maxPages: number;
  readonly maxCalls: number;
  readonly signal?: AbortSignal;
  /** Only every so many-th run; which runs there are does not depend on it. */
  readonly shard?: Shard;
}

/** A failing run, shrunk. */
export interface RandomFailure {
  readonly scenario: Scenario;
  readonly breaches: readonly Breach[];
  readonly panic: string | null;
}

/** What random runs found: nothing, or one failing run, shrunk. */
export interface RandomReport {
  readonly seed: number;
  readonly runs: number;
  readonly calls: number;
  /** False if it was stopped before all runs were made. */
  readonly complete: boolean;
  readonly failure: RandomFailure | null;
}

/** What the runs of one shard came to. Plain data. */
export interface RandomPart {
  readonly shard: Shard;
  /** Of each of its runs that passed, in order, how many calls it made. */
  readonly calls: readonly number[];
  /** False if it was stopped before all of its runs were made. */
  readonly complete: boolean;
  /** The first run that failed: which of all it is, from 0, and the calls it made, with those that shrank it. */
  readonly failed: { readonly run: number; readonly calls: number; readonly failure: RandomFailure } | null;
}

/** How many segments a random run may bring to life. */
const SEGMENTS = 3;

/**
 * Runs random sequences of calls and answers against a driver, beyond the bounds of exploration: larger segments, hostile
 * arguments, forced statuses. Every call is judged by the specification. A failing run is shrunk by fast-check.
 * The same seed gives the same runs.
 */
export async function randomRuns(subject: Subject, options: RandomOptions): Promise<RandomReport> {
  return reportOfParts(options, [await randomPart(subject, options)]);
}

/** The same for the runs of one shard. */
export async function randomPart(subject: Subject, options: RandomOptions): Promise<RandomPart> {
  const { shard = { number: 1, of: 1 } } = options;
  const seen: Seen = { run: -1, calls: [], shrinking: 0, stopped: false, failure: null, error: null };
  const property = fc.asyncProperty(
    fc.constantFrom(...sizesUpTo(options.maxPages)),
    fc.array(randomCall(), { maxLength: options.maxCalls, size: "max" }),
    (pages, script) => passes(subject, { ...options, shard }, pages, script, seen),
  );
  await fc.check(property, { numRuns: options.runs, seed: options.seed });
  if (seen.error !== null) throw seen.error.thrown;
  const { run, calls, shrinking, stopped, failure } = seen;
  const failed = failure === null ? null : { run, calls: shrinking, failure };
  return { shard, calls, complete: !stopped, failed };
}

/**
 * What all shards together came to: the same as if one had made all runs, up to the first that fails. If a shard is missing
 * it is incomplete.
 */
export function reportOfParts({ seed, runs }: RandomOptions, parts: readonly RandomPart[]): RandomReport {
  const first = parts.reduce<RandomPart["failed"]>(
    (least, { failed }) => (failed !== null && failed.run < (least?.run ?? runs) ? failed : least),
    null,
  );
  const end = first?.run ?? runs;
  const own = parts.map(({ shard: { number, of }, calls }) => calls.filter((_, at) => at * of + number - 1 < end));
  const passed = own.flat();
  const all = passed.length + (first === null ? 0 : 1);
  return {
    seed,
    runs: all,
    calls: passed.reduce((sum, calls) => sum + calls, first?.calls ?? 0),
    complete: passed.length === end,
    failure: first?.failure ?? null,
  };
}

/** What is gathered over the runs of a shard. */
interface Seen {
  /** The run that is being made, or was shrunk. */
  run: number;
  readonly calls: number[];
  /** Calls of the run that failed, and of those that shrank it. */
  shrinking: number;
  /** Whether the user had had enough before all runs were made. */
  stopped: boolean;
  /** The last run that failed: fast-check goes on only from smaller to still smaller ones. */
  failure: RandomFailure | null;
  error: { readonly thrown: unknown } | null;
}

/** Makes one run. Whether it found nothing; fast-check makes no more runs once one did. */
async function passes(
  subject: Subject,
  { kernel, signal, shard }: RandomOptions & { readonly shard: Shard },
  pages: number,
  script: readonly RandomCall[],
  seen: Seen,
): Promise<boolean> {
  if (seen.stopped || seen.error !== null) return true;
  const isFirst = seen.failure === null;
  if (isFirst) {
    seen.run += 1;
    if (seen.run % shard.of !== shard.number - 1) return true;
  }
  await eventLoopTurn();
  if (signal?.aborted === true) {
    // A failure stays as small as it got by now.
    if (!isFirst) return true;
    seen.stopped = true;
    return false;
  }
  try {
    const run = await RandomRun.open(subject, kernel, pages);
    const failure = run.take(script);
    if (isFirst && failure === null) seen.calls.push(run.length);
    else seen.shrinking += run.length;
    if (failure === null) return true;
    seen.failure = failure;
  } catch (thrown) {
    // No finding: the subject can't be opened, or the fault is ours. There is nothing to shrink.
    seen.error = { thrown };
  }
  return false;
}

/** Powers of two up to a bound, the bound itself, and 3: enough variety, and charts to be built once each. */
function sizesUpTo(maxPages: number): readonly number[] {
  const sizes = [1, 2, 3, 4, 8, 16, 32, 64].filter((pages) => pages < maxPages);
  return [...sizes, maxPages];
}

const specifications = new Map<number, Specification>();

class RandomRun {
  readonly #driver: Driver;
  readonly #specification: Specification;
  readonly #taken: EdgeRecord[] = [];
  #spec: SpecState;
  #observed: Observation;
  #born = 0;

  static async open(subject: Subject, kernel: KernelKind, pages: number): Promise<RandomRun> {
    const driver = await subject.open({ kernel, pages, maxGrefs: 16 });
    let specification = specifications.get(pages);
    if (specification === undefined) {
      specification = new Specification({ pages, forks: SEGMENTS - 1, maxGrefs: 16 });
      specifications.set(pages, specification);
    }
    return new RandomRun(driver, specification);
  }

  private constructor(driver: Driver, specification: Specification) {
    this.#driver = driver;
    this.#specification = specification;
    this.#spec = specification.initial;
    this.#observed = driver.observe();
  }

  get length(): number {
    return this.#taken.length;
  }

  /** Makes every call that is legal when its turn comes, up to the first breach or panic. */
  take(script: readonly RandomCall[]): RandomFailure | null {
    for (const random of script) {
      const call = toCall(random, { pages: this.#driver.machine.pages, born: this.#born });
      if (!this.#specification.enables(this.#spec, call)) continue;
      const edge = this.#take(call, random.fails);
      if (edge.breaches.length > 0) {
        const scenario = scenarioOf(this.#driver.machine.pages, this.#taken);
        return { scenario, breaches: edge.breaches, panic: edge.outcome.panic };
      }
      if (edge.outcome.panic !== null) return null;
    }
    return null;
  }

  #take(call: Call, fails: readonly boolean[]) {
    const from = { spec: this.#spec, observed: this.#observed };
    const edge = takeEdge(this.#driver, this.#specification, from, call, new DrawnAnswers(fails));
    this.#taken.push({ call, asked: edge.outcome.asked });
    this.#spec = edge.step.next;
    this.#observed = edge.after;
    if (call.call === "create" || call.call === "dup") this.#born++;
    return edge;
  }
}

/** Answers drawn beforehand: success where the draw has run out. */
export class DrawnAnswers implements AnswerSource {
  readonly #fails: readonly boolean[];
  #asked = 0;
  #addmaps = 0;

  constructor(fails: readonly boolean[]) {
    this.#fails = fails;
  }

  answer(question: Question): number {
    const fails = this.#fails[this.#asked++] ?? false;
    if (question.kind === "addmap") return this.#addmaps++ === 0 && fails ? 12 : 0;
    return fails ? -22 : 0;
  }
}
