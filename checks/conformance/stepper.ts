import type { ChartEvent, SpecEvent } from "../../model/events.js";
import type { SegmentMachine, SpecSnapshot } from "../../model/machine.js";
import { MachineStepper } from "../engine/index.js";

/** An action of the chart that a step would execute: its name and parameters. */
export interface ChartAction {
  readonly type: string;
  readonly params?: unknown;
}

/** Steps the chart from snapshot to snapshot. */
export class ChartStepper {
  readonly #stepper: MachineStepper;

  constructor(machine: SegmentMachine) {
    this.#stepper = new MachineStepper(machine);
  }

  /** The next snapshot, and the actions of the transitions that the step takes, in order. Nothing is executed. */
  step(from: SpecSnapshot, event: SpecEvent): readonly [SpecSnapshot, readonly ChartAction[]] {
    const { snapshot, taken } = this.#stepper.step(from, event);
    const actions = taken.flatMap((transition) => transition.actions.flatMap((action) => named(action, event)));
    return [snapshot as SpecSnapshot, actions]; // of the machine that the stepper was made for
  }
}

/** Parameters of our actions depend on the event at most (`returnsBy`), and only where it is the step's own. */
function named(action: unknown, event: ChartEvent): readonly ChartAction[] {
  if (typeof action !== "object" || action === null || !("type" in action) || typeof action.type !== "string") return [];
  const params: unknown = "params" in action ? action.params : undefined;
  return [{ type: action.type, params: typeof params === "function" ? (params as ParamsOf)({ event }) : params }];
}

type ParamsOf = (args: { readonly event: ChartEvent }) => unknown;
