/**
 * What the engine explores. A statechart, a driver, and the product of the two are the same to it: something with an
 * initial state, enabled events, a next state, and a key that says which states are the same.
 */

/** What tells states apart. Two states are the same exactly if their keys are equal; a hash will not do. */
export type Key = string | number | bigint;

/**
 * A transition system with finitely many enabled events in each state.
 *
 * All four are pure: the same arguments always give the same answer, and nothing that was handed out changes later.
 */
export interface TransitionSystem<State, Event> {
  initial(): State;
  /**
   * The events enabled in `state`, each once, in an order that depends on the state alone.
   *
   * The search calls `next` with each event before it asks for the one after it. So a system that learns only while it
   * steps which events there are (a driver, say, that asks the environment for answers) can yield them one by one.
   */
  enabled(state: State): Iterable<Event>;
  /** The state after `event`, which `enabled(state)` has just given. */
  next(state: State, event: Event): State;
  key(state: State): Key;
}
