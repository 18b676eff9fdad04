import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition, EventObject } from "xstate";
import { stateNodes, transitionsOf } from "./chart.js";
import { taken } from "./conflicts.js";
import type { OfferedEvent } from "./events.js";
import { guardName } from "./guards.js";
import type { Coverage, TransitionCoverage } from "./result.js";

/** Counts which transitions of a chart are taken. */
export class CoverageCounter {
  readonly #machine: AnyStateMachine;
  readonly #counts = new Map<AnyTransitionDefinition, number>();

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
  }

  /** One microstep: what it selected, and the snapshot that it started from. */
  microstep(selected: readonly AnyTransitionDefinition[], before: AnyMachineSnapshot): void {
    for (const transition of taken(selected, before)) this.#count(transition);
  }

  /** Transitions that keep an event from having any effect. */
  blocked(selected: readonly AnyTransitionDefinition[]): void {
    for (const transition of selected) this.#count(transition);
  }

  #count(transition: AnyTransitionDefinition): void {
    this.#counts.set(transition, (this.#counts.get(transition) ?? 0) + 1);
  }

  result(offered: readonly OfferedEvent[]): Coverage<EventObject> {
    return coverageOf(this.#machine, (transition) => this.#counts.get(transition) ?? 0, offered);
  }
}

/** The coverage of a chart, given how often each transition was taken. `number` is its place in document order. */
export function coverageOf(
  machine: AnyStateMachine,
  taken: (transition: AnyTransitionDefinition, number: number) => number,
  offered: readonly OfferedEvent[],
): Coverage<EventObject> {
  const written = stateNodes(machine).flatMap((node) => transitionsOf(node).map((own) => ({ ...own, node })));
  const transitions = written.map(
    ({ node, transition, event, candidate }, number): TransitionCoverage => ({
      source: node.id,
      event,
      candidate,
      guard: guardName(transition.guard),
      targets: (transition.target ?? []).map((target) => target.id),
      taken: taken(transition, number),
    }),
  );
  return {
    transitions,
    neverTaken: transitions.filter((transition) => transition.taken === 0),
    events: offered.map(({ event, enabled }) => ({ event, enabled })),
    neverEnabled: offered.filter(({ enabled }) => enabled === 0).map(({ event }) => event),
  };
}
