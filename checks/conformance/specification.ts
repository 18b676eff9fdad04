import { type AnyTransitionDefinition, getInitialSnapshot } from "xstate";
import type { Answered, Call } from "../../impl/driver.js";
import type { Awaited } from "../../model/alphabet.js";
import { answerEvent, callEvent, type SpecEvent } from "../../model/events.js";
import type { Expectation } from "../../model/expectation.js";
import { type SegmentMachine, type SpecView, segmentMachine } from "../../model/machine.js";
import type { ChartSize } from "../../model/plan.js";
import type { Returns } from "../../model/vocabulary.js";
import type { MachineState } from "../engine/index.js";
import { AnswerBook } from "./answerbook.js";
import { ReachedState, SpecSight, type SpecState, viewOf } from "./specstate.js";
import { ChartStepper } from "./stepper.js";
import { textOf } from "./text.js";

export type { SpecState } from "./specstate.js";

/** What the specification says of one call, and where it stands afterwards. */
export interface SpecStep {
  readonly next: SpecState;
  readonly expectation: Expectation;
}

/** One event of a call's course through the chart. */
export interface CourseStep {
  readonly event: SpecEvent;
  /** The transitions of the chart that were taken, in order. */
  readonly taken: readonly AnyTransitionDefinition[];
  /** The chart after it. */
  readonly view: SpecView;
  /** How it ends the call; null if the call goes on. */
  readonly result: Returns | null;
  /** What the call then waits for; null if it has ended. */
  readonly awaited: Awaited | null;
}

/**
 * The specification as a stepper over whole calls: the chart takes the call, then each answer that it waits for, taken
 * from what the driver's environment was asked (decision D4: an answer never asked for is success).
 */
export class Specification {
  readonly machine: SegmentMachine;
  readonly initial: SpecState;
  readonly #stepper: ChartStepper;
  readonly #sight: SpecSight;
  #states = new Map<MachineState, ReachedState>();
  #reached = 0;

  constructor(size: ChartSize) {
    this.machine = segmentMachine(size);
    this.#stepper = new ChartStepper(this.machine);
    this.#sight = new SpecSight(this.#stepper, size);
    this.initial = this.#intern(this.#stepper.state(getInitialSnapshot(this.machine)));
  }

  /** Quiescent states remembered. */
  get size(): number {
    return this.#states.size;
  }

  /**
   * Forgets all states but the initial one. What was reached before keeps its meaning; only that equal states
   * are one object holds anew. For whoever tells states apart by their content, and steps to more of them than there is room for.
   */
  forget(): void {
    this.#stepper.forget();
    const initial = ours(this.initial);
    this.#states = new Map([[this.#stepper.same(initial.at), initial]]);
  }

  /** Whether the call may be made at all: its segment exists and is live, its fork is the next one. */
  enables(state: SpecState, call: Call): boolean {
    return this.#stepper.can(ours(state).at, callEvent(call));
  }

  /** Steps one call with the answers that were asked for during it. */
  perform(state: SpecState, call: Call, asked: readonly Answered[]): SpecStep {
    return this.#perform(state, call, asked, null);
  }

  /** The answers that the chart waits for during one call, in order, if these were asked for: what a driver is to ask. */
  questions(state: SpecState, call: Call, asked: readonly Answered[]): readonly Awaited[] {
    const questions: Awaited[] = [];
    this.#perform(state, call, asked, questions);
    return questions;
  }

  /**
   * The course of one call, event by event: the call, then each answer that the chart waits for. If the call is still under
   * way, `asked` is what was asked of it so far, and the course ends where the next answer is awaited.
   */
  course(state: SpecState, call: Call, asked: readonly Answered[], isUnderWay: boolean): readonly CourseStep[] {
    const answers = new AnswerBook(asked);
    const course: CourseStep[] = [];
    let event: SpecEvent | null = callEvent(call);
    let { at } = ours(state);
    while (event !== null) {
      const step = this.#stepper.step(at, event);
      if (step === null) return course;
      const { result, next, taken } = step;
      const awaited: Awaited | null = result === null ? this.#stepper.awaited(next) : null;
      course.push({ event, taken, view: viewOf(next), result, awaited });
      const isKnown: boolean = !isUnderWay || course.length <= asked.length;
      event = awaited === null || !isKnown ? null : answerEvent(awaited.kind, answers.take(awaited));
      at = next;
    }
    return course;
  }

  /** @param questions is given what the chart waits for */
  #perform(state: SpecState, call: Call, asked: readonly Answered[], questions: Awaited[] | null): SpecStep {
    const answers = new AnswerBook(asked);
    let event: SpecEvent = callEvent(call);
    let { at } = ours(state);
    for (;;) {
      const step = this.#stepper.step(at, event);
      if (step === null) {
        throw new Error(`the specification does not enable ${textOf("call" in event ? event.call : event)}`);
      }
      const { result, next } = step;
      if (result !== null) {
        const reached = this.#intern(next);
        const { verdict, ret } = result;
        return { next: reached, expectation: { verdict, ret, after: reached.expected } };
      }
      const wanted = this.#stepper.awaited(next);
      if (wanted === null) throw new Error(`the specification neither returns nor waits after ${event.type}`);
      questions?.push(wanted);
      event = answerEvent(wanted.kind, answers.take(wanted));
      at = next;
    }
  }

  #intern(at: MachineState): SpecState {
    const same = this.#stepper.same(at);
    let state = this.#states.get(same);
    if (state === undefined) {
      state = new ReachedState(this.#reached++, same, this.#sight);
      this.#states.set(same, state);
    }
    return state;
  }
}

/** States of a specification are made by it. */
function ours(state: SpecState): ReachedState {
  if (!(state instanceof ReachedState)) throw new Error("a state of the specification was made by somebody else");
  return state;
}
