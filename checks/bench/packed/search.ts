import type { Visited } from "./visited.js";

/** What a hand-packed explorer found. */
export interface Found {
  readonly states: number;
  /** Self-loops included. */
  readonly transitions: number;
  /** How many levels there are; the initial state alone is the first. */
  readonly depth: number;
  readonly deadlocks: number;
  /** Steps to the state that was found last, along the parents. */
  readonly longest: number;
  /** What the visited states, their parents and the queue take. */
  readonly bytes: number;
}

/**
 * Expands every state once, breadth first. `visited` holds the initial state.
 * @param expand adds the successors of a state to `visited`, and says how many transitions it has.
 */
export function search(visited: Visited, expand: (state: number) => number): Found {
  let transitions = 0;
  let deadlocks = 0;
  let depth = 0;
  let levelEnd = 0;
  for (let state = 0; state < visited.size; state++) {
    if (state === levelEnd) {
      depth++;
      levelEnd = visited.size;
    }
    const enabled = expand(state);
    transitions += enabled;
    if (enabled === 0) deadlocks++;
  }
  const longest = visited.distance(visited.size - 1);
  return { states: visited.size, transitions, depth, deadlocks, longest, bytes: visited.bytes };
}
