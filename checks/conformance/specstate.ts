import type { Parts } from "../../impl/driver.js";
import type { ExpectedSegment, ExpectedState } from "../../model/expectation.js";
import type { SpecSnapshot, SpecView } from "../../model/machine.js";
import type { ChartSize } from "../../model/plan.js";
import { project, projectSegment, quiescent } from "../../model/projection.js";
import type { MachineState, StateQuestion } from "../engine/index.js";
import { specificationPart, specificationParts, specificationRest } from "./parts.js";
import { type ChartStepper, chartQuestion } from "./stepper.js";

/** A quiescent state of the specification. One object a state: identity is equality. */
export interface SpecState {
  /** Numbered from 0 in the order in which they were first reached. */
  readonly id: number;
  readonly view: SpecView;
  /** As XState has it. Takes long to make. */
  readonly snapshot: SpecSnapshot;
  /** What must be seen of a driver. Of a small chart segments that must look the same are the same object. */
  readonly expected: ExpectedState;
  /** It taken apart (`specificationParts`). */
  readonly parts: Parts | null;
}

/** What is to be known of one segment, as questions to states. */
interface SegmentQuestions {
  readonly expected: StateQuestion<ExpectedSegment | null>;
  readonly part: StateQuestion<string>;
}

/** Questions are answered by looking at a state slot by slot, which does not pay where there are many. */
const MOST_PAGES_FOR_QUESTIONS = 8;

/** Finds out what is to be known of states at rest. What several states have in common is found out once. */
export class SpecSight {
  readonly #stepper: ChartStepper;
  readonly #isSmall: boolean;
  readonly #segments: SegmentQuestions[] = [];
  readonly #made = chartQuestion((snapshot) => (quiescent(snapshot) ? snapshot.context.made : 0));
  readonly #rest = chartQuestion(specificationRest);

  constructor(stepper: ChartStepper, { pages }: ChartSize) {
    this.#stepper = stepper;
    this.#isSmall = pages <= MOST_PAGES_FOR_QUESTIONS;
  }

  expected(state: MachineState): ExpectedState {
    if (!this.#isSmall) {
      const view = viewOf(state);
      return quiescent(view) ? project(view) : { segments: [] };
    }
    const made = this.#stepper.answer(this.#made, state);
    const segments: (ExpectedSegment | null)[] = [];
    for (let seg = 0; seg < made; seg++) segments.push(this.#stepper.answer(this.#of(seg).expected, state));
    return { segments };
  }

  parts(state: MachineState): Parts | null {
    if (!this.#isSmall) return specificationParts(viewOf(state));
    const rest = this.#stepper.answer(this.#rest, state);
    if (rest === null) return null;
    const made = this.#stepper.answer(this.#made, state);
    const segments: string[] = [];
    for (let seg = 0; seg < made; seg++) segments.push(this.#stepper.answer(this.#of(seg).part, state));
    return { segments, rest };
  }

  #of(seg: number): SegmentQuestions {
    let questions = this.#segments[seg];
    if (questions === undefined) {
      questions = {
        expected: chartQuestion((snapshot) => projectSegment(snapshot, seg)),
        part: chartQuestion((snapshot) => specificationPart(snapshot, seg)),
      };
      this.#segments[seg] = questions;
    }
    return questions;
  }
}

/** A state, of which what nobody has asked for is not there yet. */
export class ReachedState implements SpecState {
  readonly id: number;
  readonly at: MachineState;
  readonly #sight: SpecSight;
  #expected: ExpectedState | null = null;
  #parts: Parts | null | undefined;

  constructor(id: number, at: MachineState, sight: SpecSight) {
    this.id = id;
    this.at = at;
    this.#sight = sight;
  }

  get view(): SpecView {
    return viewOf(this.at);
  }

  get snapshot(): SpecSnapshot {
    return this.at.snapshot as SpecSnapshot; // of our chart
  }

  get expected(): ExpectedState {
    this.#expected ??= this.#sight.expected(this.at);
    return this.#expected;
  }

  get parts(): Parts | null {
    if (this.#parts === undefined) this.#parts = this.#sight.parts(this.at);
    return this.#parts;
  }
}

/** What of a state of our chart says all of it. */
export function viewOf(state: MachineState): SpecView {
  return state.view as SpecView; // of our chart
}
