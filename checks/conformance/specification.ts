import { getInitialSnapshot } from "xstate";
import type { Answered, Call, Question, QuestionKind } from "../../impl/driver.js";
import { type Awaited, awaiting } from "../../model/alphabet.js";
import { answerEvent, callEvent, type SpecEvent } from "../../model/events.js";
import type { Expectation, ExpectedState } from "../../model/expectation.js";
import { type SegmentMachine, type SpecSnapshot, segmentMachine } from "../../model/machine.js";
import type { ChartSize } from "../../model/plan.js";
import { project, quiescent } from "../../model/projection.js";
import { returned } from "../../model/returned.js";
import type { Returns } from "../../model/vocabulary.js";
import { stateKey } from "../engine/index.js";
import { ChartStepper } from "./stepper.js";
import { textOf } from "./text.js";

/** A quiescent state of the specification. One object a state: identity is equality. */
export interface SpecState {
  /** Numbered from 0 in the order in which they were first reached. */
  readonly id: number;
  readonly snapshot: SpecSnapshot;
  readonly expected: ExpectedState;
}

/** What the specification says of one call, and where it stands afterwards. */
export interface SpecStep {
  readonly next: SpecState;
  readonly expectation: Expectation;
}

/** One event taken by the chart, during a call. */
interface ChartStep {
  /** Null for the call itself. */
  readonly answer: number | null;
  readonly snapshot: SpecSnapshot;
  readonly result: Returns | null;
  readonly wanted: Awaited | null;
}

type Waited = (wanted: Awaited) => void;

/**
 * The specification as a stepper over whole calls: the chart takes the call, then each answer that it waits for, taken
 * from what the driver's environment was asked (decision D4: an answer never asked for is success). Steps are
 * remembered, so that a small space computes each once.
 */
export class Specification {
  readonly machine: SegmentMachine;
  readonly initial: SpecState;
  readonly #stepper: ChartStepper;
  readonly #states = new Map<string, SpecState>();
  /** The stepper gives the same snapshot for the same state, as long as it remembers it. */
  #interned = new WeakMap<SpecSnapshot, SpecState>();
  #reached = 0;
  readonly #steps = new Map<string, SpecStep>();
  /** Calls by number, so that keys of steps stay short: there are millions of them. */
  readonly #calls = new Map<string, number>();

  #last: { readonly state: SpecState | null; readonly callKey: string; readonly steps: ChartStep[] } = {
    state: null,
    callKey: "",
    steps: [],
  };

  constructor(size: ChartSize) {
    this.machine = segmentMachine(size);
    this.#stepper = new ChartStepper(this.machine);
    this.initial = this.#intern(getInitialSnapshot(this.machine));
  }

  /** Quiescent states remembered. */
  get size(): number {
    return this.#states.size;
  }

  /**
   * Forgets all states and steps but the initial one. What was reached before keeps its meaning; only that equal states
   * are one object holds anew. For whoever tells states apart by their content, and steps to more of them than there is room for.
   */
  forget(): void {
    this.#states.clear();
    this.#steps.clear();
    this.#interned = new WeakMap();
    this.#states.set(stateKey(this.initial.snapshot), this.initial);
  }

  /** Whether the call may be made at all: its segment exists and is live, its fork is the next one. */
  enables(state: SpecState, call: Call): boolean {
    return state.snapshot.can(callEvent(call));
  }

  /**
   * Steps one call with the answers that were asked for during it.
   * @param callKey names the call uniquely among all that this specification is stepped with.
   */
  perform(state: SpecState, call: Call, callKey: string, asked: readonly Answered[]): SpecStep {
    const key = this.#stepKey(state, callKey, asked);
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const step = this.#perform(state, call, callKey, asked);
    if (this.#steps.size >= MOST_STEPS) this.#steps.clear();
    this.#steps.set(key, step);
    return step;
  }

  #stepKey(state: SpecState, callKey: string, asked: readonly Answered[]): string {
    let number = this.#calls.get(callKey);
    if (number === undefined) {
      number = this.#calls.size;
      this.#calls.set(callKey, number);
    }
    let key = `${state.id} ${number}`;
    for (const answered of asked) key += answerKey(answered);
    return key;
  }

  /** The answers that the chart waits for during one call, in order, if these were asked for: what a driver is to ask. */
  questions(state: SpecState, call: Call, asked: readonly Answered[]): readonly Awaited[] {
    const questions: Awaited[] = [];
    this.#perform(state, call, textOf(call), asked, (wanted) => questions.push(wanted));
    return questions;
  }

  #perform(state: SpecState, call: Call, callKey: string, asked: readonly Answered[], waited?: Waited): SpecStep {
    const answers = new AnswerBook(asked);
    const taken = this.#taken(state, callKey);
    let event: SpecEvent = callEvent(call);
    let answer: number | null = null;
    let { snapshot } = state;
    for (let at = 0; ; at++) {
      const known = taken[at];
      const step = known?.answer === answer ? known : this.#step(snapshot, event, answer);
      if (step !== known) taken.splice(at, taken.length, step);
      const { result, wanted } = step;
      if (result !== null) {
        const reached = this.#intern(step.snapshot);
        return { next: reached, expectation: { ...result, after: reached.expected } };
      }
      if (wanted === null) throw new Error(`the specification neither returns nor waits after ${event.type}`);
      waited?.(wanted);
      answer = answers.take(wanted);
      event = answerEvent(wanted.kind, answer);
      snapshot = step.snapshot;
    }
  }

  /** The steps of the chart that were last taken for this very call: those with the same answers need not be taken again. */
  #taken(state: SpecState, callKey: string): ChartStep[] {
    if (this.#last.state !== state || this.#last.callKey !== callKey) this.#last = { state, callKey, steps: [] };
    return this.#last.steps;
  }

  #step(from: SpecSnapshot, event: SpecEvent, answer: number | null): ChartStep {
    const [snapshot, actions] = this.#stepper.step(from, event);
    const result = returned(actions);
    // Asking first whether the event is enabled would take as long again as the step. One that isn't leaves all as it is.
    if (result === null && snapshot === from) {
      throw new Error(`the specification does not enable ${textOf("call" in event ? event.call : event)}`);
    }
    return { answer, snapshot, result, wanted: awaiting(snapshot) };
  }

  #intern(snapshot: SpecSnapshot): SpecState {
    let state = this.#interned.get(snapshot);
    if (state === undefined) {
      state = this.#internNew(snapshot);
      this.#interned.set(snapshot, state);
    }
    return state;
  }

  #internNew(snapshot: SpecSnapshot): SpecState {
    const key = stateKey(snapshot);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const expected: ExpectedState = quiescent(snapshot) ? project(snapshot) : { segments: [] };
    const state = { id: this.#reached++, snapshot, expected };
    this.#states.set(key, state);
    return state;
  }
}

/** Steps remembered at a time: some 30 MB. A large space has millions, and most are taken once. */
const MOST_STEPS = 100_000;

const KIND_LETTERS: Readonly<Record<QuestionKind, string>> = {
  addmap: "a",
  update_va_mapping: "u",
  map_grant_ref: "m",
  map_grant_ref_status: "s",
  unmap_grant_ref: "r",
  unmap_grant_ref_status: "t",
};

function answerKey({ question, answer }: Answered): string {
  return `${KIND_LETTERS[question.kind]}${whatAbout(question)}:${answer}`;
}

/** All of a question that decides what an answer to it is about. */
function whatAbout(question: Question): string {
  if ("element" in question) return `${question.op}.${question.element}`;
  if ("count" in question) return `${question.op}.${question.count}`;
  return "page" in question ? `${question.page}` : "";
}

/** The answers given during one call, looked up by what they were about. */
class AnswerBook {
  readonly #asked: readonly Answered[];

  constructor(asked: readonly Answered[]) {
    this.#asked = asked;
  }

  take(wanted: Awaited): number {
    switch (wanted.kind) {
      case "addmap":
        return this.#first("addmap");
      case "update_va_mapping":
        return (
          this.#asked.find(({ question: q }) => q.kind === "update_va_mapping" && q.page === wanted.page)?.answer ?? 0
        );
      case "map_grant_ref":
      case "unmap_grant_ref":
        return this.#wholeCall(wanted.kind);
      case "map_grant_ref_status":
        return this.#element("map_grant_ref", "map_grant_ref_status", wanted.element);
      case "unmap_grant_ref_status":
        return this.#element("unmap_grant_ref", "unmap_grant_ref_status", wanted.element);
    }
  }

  #first(kind: QuestionKind): number {
    return this.#asked.find(({ question }) => question.kind === kind)?.answer ?? 0;
  }

  /** A driver that makes one hypercall has its code; one that makes several fails element by element. */
  #wholeCall(kind: "map_grant_ref" | "unmap_grant_ref"): number {
    const hypercalls = this.#asked.filter(({ question }) => question.kind === kind);
    return hypercalls.length === 1 ? (hypercalls[0]?.answer ?? 0) : 0;
  }

  /** The status of an element counted over all hypercalls of the call; a hypercall that failed refuses all of its own. */
  #element(
    whole: "map_grant_ref" | "unmap_grant_ref",
    status: "map_grant_ref_status" | "unmap_grant_ref_status",
    element: number,
  ): number {
    let before = 0;
    for (const { question, answer } of this.#asked) {
      if (question.kind !== whole) continue;
      if (element < before + question.count) {
        if (answer !== 0) return answer;
        const own = this.#asked.find(
          ({ question: q }) => q.kind === status && q.op === question.op && q.element === element - before,
        );
        return own?.answer ?? 0;
      }
      before += question.count;
    }
    return 0;
  }
}
