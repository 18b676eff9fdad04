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

/** A function that lists what to try in a state. */
export type EventsOf = (snapshot: AnyMachineSnapshot) => readonly EventObject[];

/** The alphabet: a list, or functions whose lists are put together. What is not enabled in a state is left out. */
export type Events = readonly EventObject[] | EventsOf | readonly EventsOf[];

/** The functions of an alphabet that depends on the state; `null` for one that does not. */
export function eventFunctions(events: Events): readonly EventsOf[] | null {
  if (typeof events === "function") return [events];
  return Array.isArray(events) && events.length > 0 && events.every(isFunction) ? events : null;
}

function isFunction(item: EventObject | EventsOf): item is EventsOf {
  return typeof item === "function";
}
