import { type Exploration, explore } from "../../engine/index.js";
import { ENGINE } from "../sizes.js";
import type { Counts, Model } from "../task.js";
import { subjectOf } from "./models.js";

/** What the engine is asked for beside the model. */
export function engineOptions(workers?: number) {
  return { engine: ENGINE, ...(workers === undefined ? {} : { workers }) };
}

/** Explores a chart by the engine, with its invariants. Throws if it breaks one or is not explored completely. */
export async function byEngine(model: Model, size: number, workers?: number): Promise<Counts> {
  const { machine, events, invariants } = subjectOf(model, size);
  const found = await explore(machine, { events, invariants, ...engineOptions(workers) });
  if (!found.complete || found.violations.length > 0) throw new Error(`${model}, ${size}: not complete, or violated`);
  return countsOf(found);
}

/** What is measured of an exploration. The reference engine does not know what its visited set takes. */
export function countsOf({ states, transitions, engine }: Exploration<unknown>): Counts {
  return { states, transitions, ...(engine.kind === "compiled" ? { bytes: engine.bytes } : {}) };
}
