import { getInitialSnapshot } from "xstate";
import { type Awaited, eventsByPart } from "../../../model/alphabet.js";
import type { SpecEvent } from "../../../model/events.js";
import { machineOf, type SpecView } from "../../../model/machine.js";
import type { Scope } from "../../../model/scope.js";
import type { Returns } from "../../../model/vocabulary.js";
import type { MachineState } from "../../engine/index.js";
import { eventLoopTurn } from "../eventloop.js";
import { ChartStepper, chartQuestion } from "../stepper.js";

/** The specification's states and transitions in a scope, those in the middle of a call included. */
export interface StateSpace {
  readonly scope: Scope;
  /** In the order in which breadth-first search reaches them; the initial one first. */
  readonly states: readonly SpaceState[];
  /** In the order of the states that they lead on from. */
  readonly steps: readonly SpaceStep[];
  /** Why this is not all; null if it is. */
  readonly stopped: "transitions" | "aborted" | null;
}

export interface SpaceState {
  readonly view: SpecView;
  /** What the call under way waits for; null at rest. */
  readonly awaited: Awaited | null;
}

export interface SpaceStep {
  readonly from: number;
  readonly event: SpecEvent;
  readonly to: number;
  /** How it ends the call under way; null if the call goes on. */
  readonly result: Returns | null;
}

/** More than these fit into no picture, and hardly into a text. */
export const MOST_TRANSITIONS = 1_000_000;

export interface SpaceLimits {
  /** Only states that so many steps lead to are gone on from. */
  readonly depth?: number;
  readonly transitions?: number;
  readonly signal?: AbortSignal;
}

/** Steps between two turns of the event loop. */
const STEPS_BETWEEN_TURNS = 2_000;

/** Lists every state of the specification and every transition, as `explore` counts them. */
export async function stateSpace(scope: Scope, limits: SpaceLimits = {}): Promise<StateSpace> {
  const { depth = Number.POSITIVE_INFINITY, transitions = MOST_TRANSITIONS, signal } = limits;
  const space = new Space(scope);
  let turnDue = STEPS_BETWEEN_TURNS;
  for (let at = 0; at < space.states.length; at++) {
    if (space.depthOf(at) >= depth) break;
    space.expand(at);
    if (space.steps.length > transitions) return { ...space.found, stopped: "transitions" };
    if (space.steps.length < turnDue) continue;
    turnDue = space.steps.length + STEPS_BETWEEN_TURNS;
    await eventLoopTurn();
    if (signal?.aborted === true) return { ...space.found, stopped: "aborted" };
  }
  return { ...space.found, stopped: null };
}

class Space {
  readonly states: SpaceState[] = [];
  readonly steps: SpaceStep[] = [];
  readonly #scope: Scope;
  readonly #stepper: ChartStepper;
  readonly #questions;
  readonly #reached: MachineState[] = [];
  readonly #numbers = new Map<MachineState, number>();
  readonly #depths: number[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
    const machine = machineOf(scope);
    this.#stepper = new ChartStepper(machine);
    this.#questions = eventsByPart(scope).map((part) => chartQuestion(part));
    this.#numberOf(this.#stepper.state(getInitialSnapshot(machine)), 0);
  }

  get found(): Omit<StateSpace, "stopped"> {
    return { scope: this.#scope, states: this.states, steps: this.steps };
  }

  /** How many steps lead to a state. */
  depthOf(at: number): number {
    return this.#depths[at] ?? 0;
  }

  expand(from: number): void {
    const state = this.#reached[from];
    if (state === undefined) return;
    for (const question of this.#questions) {
      for (const event of this.#stepper.answer(question, state)) {
        const step = this.#stepper.step(state, event);
        if (step === null) continue;
        const to = this.#numberOf(step.next, this.depthOf(from) + 1);
        this.steps.push({ from, event, to, result: step.result });
      }
    }
  }

  #numberOf(state: MachineState, depth: number): number {
    const same = this.#stepper.same(state);
    const known = this.#numbers.get(same);
    if (known !== undefined) return known;
    const number = this.states.length;
    this.#numbers.set(same, number);
    this.#reached.push(same);
    this.#depths.push(depth);
    this.states.push({ view: same.view as SpecView, awaited: this.#stepper.awaited(same) }); // of our chart
    return number;
  }
}
