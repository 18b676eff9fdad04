import type { Answered, AnswerSource, Call, Driver, Observation, Question, Snapshot } from "../../../impl/driver.js";
import { nativeDriver } from "../../../impl/native/driver.js";
import { segmfDriver } from "../../../impl/segmf/edition.js";
import { judge } from "../../../model/invariants/index.js";
import type { Judged } from "../../../model/judged.js";
import type { Scope } from "../../../model/scope.js";
import type { Step } from "../../../traces/scenario/scenario.js";
import { answersOf } from "../../../traces/scenario/script.js";
import { stepOf, takeEdge } from "../../conformance/edge.js";
import { type CourseStep, Specification, type SpecState } from "../../conformance/specification.js";
import { canBeMade } from "../../conformance/walk.js";
import { chartSizeOf, driverName, machineOf, type Setup, scopeOf } from "./setup.js";
import type { TreeNode } from "./tree.js";

/** A state that one stands in between two calls. */
export interface Visit {
  readonly observed: Observation;
  readonly snapshot: Snapshot;
  /** Where the specification stands; null once it is no reference any more. */
  readonly spec: SpecState | null;
  /** How the last call went; null at the start. */
  readonly made: Made | null;
}

/** How a call went. */
export interface Made {
  readonly step: Step;
  readonly judged: Judged;
  readonly breaches: ReturnType<typeof judge>;
  /** False once an earlier step broke an invariant (scenario.md). */
  readonly reference: boolean;
  /** The call's course through the chart; empty without a reference. */
  readonly course: readonly CourseStep[];
}

/** A call under way, with the answers given so far. */
export interface UnderWay {
  readonly call: Call;
  readonly answers: readonly number[];
}

/** Where a call under way stands. */
export interface Instant {
  readonly underWay: UnderWay;
  readonly asked: readonly Answered[];
  /** What the driver asks; its answer is what is to be chosen. */
  readonly question: Question;
  /** As the driver has it at this instant. */
  readonly observed: Observation;
  readonly course: readonly CourseStep[];
}

/** Steps the driver of a setup and the specification beside it. What was visited once is known. */
export class Walker {
  readonly setup: Setup;
  readonly specification: Specification;
  readonly driver: Driver;
  /** What is offered. */
  readonly scope: Scope;
  readonly #start: Visit;
  readonly #visits = new WeakMap<TreeNode, Visit | null>();

  constructor(setup: Setup) {
    this.setup = setup;
    this.specification = new Specification(chartSizeOf(setup));
    this.scope = scopeOf(setup);
    const machine = machineOf(setup);
    this.driver =
      setup.driver.kind === "native"
        ? nativeDriver(setup.driver.native, machine)
        : segmfDriver({ machine, errata: new Set(setup.driver.errata), name: driverName(setup) });
    const observed = this.driver.observe();
    this.#start = { observed, snapshot: this.driver.snapshot(), spec: this.specification.initial, made: null };
  }

  /** The state of a node; null where it can't be reached, since this driver panicked before or has no such segment. */
  visit(node: TreeNode): Visit | null {
    const waiting: TreeNode[] = [];
    let at: TreeNode | null = node;
    for (; at !== null && !this.#visits.has(at); at = at.parent) waiting.push(at);
    let visit = at === null ? null : (this.#visits.get(at) ?? null);
    for (const next of waiting.reverse()) {
      if (next.step === null) visit = this.#start;
      else visit = visit === null || !isCallable(visit, next.step.call) ? null : this.#take(visit, next.step);
      this.#visits.set(next, visit);
    }
    return visit;
  }

  /** Makes a call as far as the answers go: to the question that is asked next, or to its end. */
  begin(from: Visit, underWay: UnderWay): Instant | Step {
    const { call, answers } = underWay;
    const source = new Pausing(answers);
    this.driver.restore(from.snapshot);
    try {
      return stepOf({ call, asked: this.driver.perform(call, source).asked });
    } catch (thrown) {
      if (!(thrown instanceof Paused)) throw thrown;
      const { asked } = source;
      const course = from.spec === null ? [] : this.specification.course(from.spec, call, asked, true);
      return { underWay, asked, question: thrown.question, observed: this.driver.observe(), course };
    }
  }

  #take(from: Visit, step: Step): Visit {
    const { driver, specification } = this;
    const { spec, observed: before } = from;
    const { call } = step;
    driver.restore(from.snapshot);
    if (spec === null) {
      const outcome = driver.perform(call, answersOf(step));
      const after = driver.observe();
      const judged = { call, before, after, outcome, expectation: null, machine: driver.machine };
      const made = { step, judged, breaches: judge(judged), reference: false, course: [] };
      return { observed: after, snapshot: driver.snapshot(), spec: null, made };
    }
    const {
      after,
      breaches,
      judged,
      outcome,
      step: next,
    } = takeEdge(driver, specification, { spec, observed: before }, call, answersOf(step));
    const snapshot = driver.snapshot();
    const course = specification.course(spec, call, outcome.asked, false);
    const made = { step, judged, breaches, reference: true, course };
    return { observed: after, snapshot, spec: breaches.length > 0 ? null : next.next, made };
  }
}

/** Whether a call can be made at all in a state: no panic was before, and its segment is what the call needs. */
export function isCallable({ made, observed, spec }: Visit, call: Call): boolean {
  return made?.judged.outcome.panic == null && canBeMade(call, observed) && (spec === null || isInChart(call, spec));
}

/** The chart has room for so many segments; a driver can't make more than it offers. */
function isInChart(call: Call, spec: SpecState): boolean {
  return call.call !== "dup" || `segment${call.into}` in spec.view.context;
}

/** Stops a call in its midst: the driver is left as it is at that instant. */
class Paused extends Error {
  constructor(readonly question: Question) {
    super("the call waits for an answer");
  }
}

/** Gives the answers that there are, and stops at the question after them. */
class Pausing implements AnswerSource {
  readonly asked: Answered[] = [];
  readonly #answers: readonly number[];

  constructor(answers: readonly number[]) {
    this.#answers = answers;
  }

  answer(question: Question): number {
    const answer = this.#answers[this.asked.length];
    if (answer === undefined) throw new Paused(question);
    this.asked.push({ question, answer });
    return answer;
  }
}
