import type { AnyMachineSnapshot, EventObject } from "xstate";
import type { Coverage } from "./result.js";
import type { TransitionSystem } from "./system.js";

/**
 * A machine as a transition system. What a state is, is the engine's own affair (the reference engine takes XState's
 * snapshots themselves); what a user sees of one is always a snapshot.
 */
export interface MachineSystem<State> extends TransitionSystem<State, EventObject> {
  /** The snapshot that a state stands for. */
  snapshot(state: State): AnyMachineSnapshot;
  /** What has been used of the chart and of the alphabet so far. */
  coverage(): Coverage<EventObject>;
}

/** The alphabet: a list, or a function that lists what to try in a state. What is not enabled there is left out. */
export type Events = readonly EventObject[] | ((snapshot: AnyMachineSnapshot) => readonly EventObject[]);
