import type { EdgeRecord } from "./edge.js";

/** A state that knows how it was first reached; `null` for the initial one. */
export interface Reached<State> {
  readonly reached: { readonly from: State; readonly by: EdgeRecord } | null;
}

/** The edges from the initial state to this one; if states are reached breadth first, no path is shorter. */
export function pathTo<State extends Reached<State>>(state: State): readonly EdgeRecord[] {
  const path: EdgeRecord[] = [];
  for (let at = state; at.reached !== null; at = at.reached.from) path.push(at.reached.by);
  return path.reverse();
}
