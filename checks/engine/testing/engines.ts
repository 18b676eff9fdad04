import type { AnyStateMachine } from "xstate";
import type { Events, MachineSystem } from "../machine-system.js";
import { referenceSystem } from "../reference.js";

/** An engine that is held against the reference. */
export interface Engine {
  readonly name: string;
  readonly system: (machine: AnyStateMachine, events: Events, input?: unknown) => MachineSystem<unknown>;
}

/** All of them. A new engine is one more line here. */
export const engines: readonly Engine[] = [
  { name: "reference", system: (machine, events, input) => hideState(referenceSystem(machine, events, input)) },
];

/** A system whose states nobody looks into. */
export function hideState<State>(system: MachineSystem<State>): MachineSystem<unknown> {
  return {
    initial: () => system.initial(),
    enabled: (state) => system.enabled(state as State),
    next: (state, event) => system.next(state as State, event),
    key: (state) => system.key(state as State),
    snapshot: (state) => system.snapshot(state as State),
    coverage: () => system.coverage(),
  };
}
