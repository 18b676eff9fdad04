import { getAdjacencyMap, getShortestPaths } from "@xstate/graph";
import type { Counts, Model } from "../task.js";
import { subjectOf } from "./models.js";

// What @xstate/graph offers, called as its users do. It tries every event in every state, enabled or not, and does not say
// how many transitions there are.

/** Every state with what every event makes of it. */
export function byAdjacencyMap(model: Model, size: number): Counts {
  const { machine, events, key } = subjectOf(model, size);
  const map = getAdjacencyMap(machine, { events: [...events], serializeState: key, limit: Number.POSITIVE_INFINITY });
  return { states: Object.keys(map).length };
}

/** A shortest path to every state. */
export function byShortestPaths(model: Model, size: number): Counts {
  const { machine, events, key } = subjectOf(model, size);
  const paths = getShortestPaths(machine, {
    events: [...events],
    serializeState: key,
    limit: Number.POSITIVE_INFINITY,
  });
  return { states: paths.length };
}
