import { initialTransition } from "xstate";
import type { Answered, Call, Driver, Observation, Outcome, Question, QuestionKind } from "../../../impl/driver.js";
import { calls, events } from "../../../model/alphabet.js";
import { answerEvent, callEvent, type SpecEvent } from "../../../model/events.js";
import { type SegmentMachine, type SpecSnapshot, segmentMachine } from "../../../model/machine.js";
import { sizeOf } from "../../../model/plan.js";
import { quiescent } from "../../../model/projection.js";
import type { Scope } from "../../../model/scope.js";
import { transition } from "../../engine/testing/transition.js";

/**
 * Explorers written to be obviously right, which share nothing with those that they are compared with but the alphabet
 * and the chart: a list that grows while it is read, states told apart by text, answers enumerated one by one.
 */

export interface Counted {
  readonly states: number;
  /** Of the chart: events taken. Of the product: calls with all their answers. */
  readonly steps: number;
  /** Levels, the initial state's included. */
  readonly depth: number;
}

/** Every event in every state of the chart alone. */
export function bruteForceChart(scope: Scope): Counted {
  const machine = segmentMachine(sizeOf(scope));
  const offered = events(scope);
  const [initial] = initialTransition(machine);
  const seen = new Map([[chartText(initial), { snapshot: initial, level: 1 }]]);
  let steps = 0;
  let depth = 1;
  for (const { snapshot, level } of seen.values()) {
    for (const event of offered(snapshot)) {
      if (!snapshot.can(event)) continue;
      const [next] = transition(machine, snapshot, event);
      steps++;
      const text = chartText(next);
      if (seen.has(text)) continue;
      seen.set(text, { snapshot: next, level: level + 1 });
      depth = level + 1;
    }
  }
  return { states: seen.size, steps, depth };
}

/** What came of one call with all its answers. */
export interface BruteStep {
  readonly call: Call;
  readonly outcome: Outcome;
  readonly before: Observation;
  readonly after: Observation;
}

export interface BruteOptions {
  /** Levels that are expanded; all by default. */
  readonly levels?: number;
  /** Whether to go on from what a call led to; from everything by default. */
  readonly follow?: (step: BruteStep) => boolean;
}

interface Pair {
  readonly spec: SpecSnapshot;
  readonly driver: ReturnType<Driver["snapshot"]>;
  readonly observed: Observation;
  readonly level: number;
}

/** Every call with every answer in every state of chart and driver together, on a new driver. */
export function bruteForceProduct(driver: Driver, scope: Scope, options: BruteOptions = {}): Counted {
  const { levels = Number.POSITIVE_INFINITY, follow = () => true } = options;
  const machine = segmentMachine(sizeOf(scope));
  const [spec] = initialTransition(machine);
  const first: Pair = { spec, driver: driver.snapshot(), observed: driver.observe(), level: 1 };
  const seen = new Map([[pairText(first), first]]);
  let steps = 0;
  let depth = 1;
  for (const pair of seen.values()) {
    if (pair.level > levels) continue;
    const offered = [...calls(scope, pair.spec)];
    for (const call of offered) {
      let matters = false;
      for (const outcome of behaviours(driver, scope, pair, call)) {
        steps++;
        matters ||= concernsWaiters(outcome, call.seg);
        const step: BruteStep = { call, outcome, before: pair.observed, after: driver.observe() };
        if (outcome.panic !== null || !follow(step)) continue;
        const next: Pair = {
          spec: told(machine, pair.spec, call, outcome.asked),
          driver: driver.snapshot(),
          observed: step.after,
          level: pair.level + 1,
        };
        const key = pairText(next);
        if (seen.has(key)) continue;
        seen.set(key, next);
        depth = next.level;
      }
      if (matters) offered.push(...withWaiter(call, scope, pair, offered));
    }
  }
  return { states: seen.size, steps, depth };
}

/** The same call with somebody waiting, where that is not offered anyway (decision D5). */
function withWaiter(call: Call, scope: Scope, pair: Pair, offered: readonly Call[]): readonly Call[] {
  if (!scope.faults.has("waiting") || call.waiting === true || pair.observed.waiting[call.seg] === true) return [];
  const waiting = { ...call, waiting: true };
  return offered.some((other) => text(other) === text(waiting)) ? [] : [waiting];
}

function concernsWaiters({ calls: made, moments }: Outcome, seg: number): boolean {
  const counts = moments.map(({ segments }) => segments.find((own) => own.seg === seg)?.softlockcnt ?? 0);
  const falls = counts.some((count, i) => count === 0 && (counts[i - 1] ?? 0) !== 0);
  return falls || made.some(({ fn }) => fn === "as_isunmapwait");
}

/**
 * All outcomes of a call: first all answers are success; then each answer that might have been a failure is one, with the
 * answers before it as they were. The driver is left after the outcome that was yielded last.
 */
function* behaviours(driver: Driver, scope: Scope, pair: Pair, call: Call): Generator<Outcome, void> {
  const scripts: (readonly number[])[] = [[]];
  for (const script of scripts) {
    driver.restore(pair.driver);
    const outcome = driver.perform(call, { answer: scriptedAnswer(script) });
    const given = outcome.asked.map(({ answer }) => answer);
    outcome.asked.forEach(({ question: { kind } }, i) => {
      if (i >= script.length && scope.faults.has(kind)) scripts.push([...given.slice(0, i), FAILURE[kind]]);
    });
    yield outcome;
  }
}

const FAILURE: Readonly<Record<QuestionKind, number>> = {
  addmap: 6,
  update_va_mapping: -1,
  map_grant_ref: -14,
  map_grant_ref_status: -3,
  unmap_grant_ref: -14,
  unmap_grant_ref_status: -2,
};

function scriptedAnswer(script: readonly number[]): (question: Question) => number {
  let asked = 0;
  return () => script[asked++] ?? 0;
}

/** The chart after a call and its answers, event by event. Throws if chart and driver don't ask alike. */
function told(machine: SegmentMachine, before: SpecSnapshot, call: Call, asked: readonly Answered[]): SpecSnapshot {
  const path: SpecEvent[] = [
    callEvent(call),
    ...asked.map(({ question, answer }) => answerEvent(question.kind, answer)),
  ];
  let snapshot = before;
  for (const event of path) {
    const [next, actions] = transition(machine, snapshot, event);
    // What the chart takes leads to another state, or returns.
    if (next === snapshot && actions.length === 0)
      throw new Error(`${text(call)}: the chart does not take ${event.type}`);
    snapshot = next;
  }
  if (!quiescent(snapshot)) throw new Error(`${text(call)}: the chart waits on where the driver has ended the call`);
  return snapshot;
}

function pairText({ spec, observed }: Pair): string {
  return `${chartText(spec)} ${observationText(observed)}`;
}

/** Chart states have small contexts of plain data. */
function chartText({ status, value, context }: SpecSnapshot): string {
  return text([status, value, context]);
}

/** An observation as text, with handles named by the page that their grant is mapped at: of grants that lie one over the other, by rank. */
function observationText({ grants, ...rest }: Observation): string {
  const names = new Map<number, string>();
  for (const { handle, seg, page } of grants) {
    const rank = grants.filter((other) => other.seg === seg && other.page === page && other.handle < handle).length;
    names.set(handle, `${seg}.${page}.${rank}`);
  }
  const named = (name: string, value: unknown) => (name === "handle" ? (names.get(Number(value)) ?? "dead") : value);
  const sorted = grants.map((grant) => text(grant, named)).sort();
  return `${text(rest, named)} ${sorted.join()}`;
}

function text(value: unknown, replaced: (name: string, value: unknown) => unknown = (_, same) => same): string {
  return JSON.stringify(value, (name, own: unknown) => {
    const other = replaced(name, own);
    return typeof other === "bigint" ? `${other}n` : other;
  });
}
