import { type AnyActorScope, createEmptyActor } from "xstate";
import type { SpecEvent } from "../../model/events.js";
import type { SegmentMachine, SpecSnapshot } from "../../model/machine.js";

/** An action of the chart that a step would execute: its name and parameters. */
export interface ChartAction {
  readonly type: string;
  readonly params?: unknown;
}

/** XState's own `machine.transition` on one inert scope for all steps; its pure function `transition` makes a scope a step. */
export class ChartStepper {
  readonly #machine: SegmentMachine;
  readonly #scope: AnyActorScope;
  #actions: ChartAction[] = [];

  constructor(machine: SegmentMachine) {
    this.#machine = machine;
    const self = createEmptyActor();
    const nothing = (): void => undefined;
    this.#scope = {
      self,
      system: self.system,
      id: machine.id,
      sessionId: "",
      logger: nothing,
      defer: nothing,
      emit: nothing,
      stopChild: nothing,
      actionExecutor: (action) => {
        this.#actions.push(action);
      },
    };
  }

  /** The next snapshot, and the actions that the step executes, in order. Nothing is executed. */
  step(snapshot: SpecSnapshot, event: SpecEvent): readonly [SpecSnapshot, readonly ChartAction[]] {
    this.#actions = [];
    const next = this.#machine.transition(snapshot, event, this.#scope);
    return [next, this.#actions];
  }
}
