import { type AnyMachineSnapshot, initialTransition, transition } from "xstate";
import type { Counts, Model } from "../task.js";
import { subjectOf } from "./models.js";

/** The breadth-first search that people write who need more than @xstate/graph: XState's pure functions, and a map by key. */
export function byMap(model: Model, size: number): Counts {
  const { machine, events, invariants, key } = subjectOf(model, size);
  const [initial] = initialTransition(machine);
  const seen = new Map<string, AnyMachineSnapshot>([[key(initial), initial]]);
  let transitions = 0;
  // A map is walked in the order of insertion, what is added on the way included: it is the queue as well.
  for (const snapshot of seen.values()) {
    for (const event of events) {
      if (!snapshot.can(event)) continue;
      transitions++;
      const [next] = transition(machine, snapshot, event);
      const nextKey = key(next);
      if (seen.has(nextKey)) continue;
      if (!Object.values(invariants).every((holds) => holds(next))) throw new Error(`${model}, ${size}: violated`);
      seen.set(nextKey, next);
    }
  }
  return { states: seen.size, transitions };
}
