import { type Awaited, awaiting } from "../../model/alphabet.js";
import type { ChartEvent, SpecEvent } from "../../model/events.js";
import type { SegmentMachine, SpecSnapshot } from "../../model/machine.js";
import { returned } from "../../model/returned.js";
import type { Returns } from "../../model/vocabulary.js";
import { type MachineState, type MachineStep, MachineStepper, type StateQuestion } from "../engine/index.js";

/** What one event does in a state of the chart. */
export interface ChartStep {
  /** As `MachineStep.next`. */
  readonly next: MachineState;
  /** How it ends the call under way; null if the call goes on. */
  readonly result: Returns | null;
  /** As `MachineStep.taken`. */
  readonly taken: MachineStep["taken"];
}

/** Steps the chart from state to state. */
export class ChartStepper {
  readonly #stepper: MachineStepper;
  /** By the transitions that a step takes. */
  readonly #results = new Map<MachineStep["taken"], Returns | null>();
  readonly #awaiting = chartQuestion(awaiting);

  constructor(machine: SegmentMachine) {
    this.#stepper = new MachineStepper(machine);
  }

  state(snapshot: SpecSnapshot): MachineState {
    return this.#stepper.state(snapshot);
  }

  /** The next state, and what the actions of the transitions that are taken say. Null if the event is not enabled. */
  step(from: MachineState, event: SpecEvent): ChartStep | null {
    const step = this.#stepper.step(from, event);
    if (step === null) return null;
    const { next, taken } = step;
    let result = this.#results.get(taken);
    if (result === undefined) {
      result = returned(taken.flatMap((transition) => transition.actions.flatMap((action) => named(action, event))));
      this.#results.set(taken, result);
    }
    return { next, result, taken };
  }

  can(from: MachineState, event: SpecEvent): boolean {
    return this.#stepper.can(from, event);
  }

  /** Which answer a state waits for; null if no call is under way. */
  awaited(state: MachineState): Awaited | null {
    return this.answer(this.#awaiting, state);
  }

  answer<T>(question: StateQuestion<T>, state: MachineState): T {
    return this.#stepper.answer(question, state);
  }

  /** As `MachineStepper.same`. */
  same(state: MachineState): MachineState {
    return this.#stepper.same(state);
  }

  /** As `MachineStepper.forget`. */
  forget(): void {
    this.#stepper.forget();
  }
}

/** A question about states of our chart. */
export function chartQuestion<T>(ask: (snapshot: SpecSnapshot) => T): StateQuestion<T> {
  return { ask: (snapshot) => ask(snapshot as SpecSnapshot) }; // it is asked of our chart only
}

/** Parameters of our actions depend on the event at most (`returnsBy`), and only where it is the step's own. */
function named(action: unknown, event: ChartEvent): readonly { readonly type: string; readonly params?: unknown }[] {
  if (typeof action !== "object" || action === null || !("type" in action) || typeof action.type !== "string")
    return [];
  const params: unknown = "params" in action ? action.params : undefined;
  return [{ type: action.type, params: typeof params === "function" ? (params as ParamsOf)({ event }) : params }];
}

type ParamsOf = (args: { readonly event: ChartEvent }) => unknown;
