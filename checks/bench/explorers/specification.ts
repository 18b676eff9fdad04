import { events } from "../../../model/alphabet.js";
import { machineOf } from "../../../model/machine.js";
import { defineScope } from "../../../model/scope.js";
import { explore } from "../../engine/index.js";
import type { BenchScope, Counts } from "../task.js";
import { countsOf, engineOptions } from "./engine.js";

/** Prepares the exploration of our own specification by the engine. */
export function specification(benchScope: BenchScope): () => Promise<Counts> {
  const scope = defineScope(benchScope);
  return async () => countsOf(await explore(machineOf(scope), { events: events(scope), ...engineOptions() }));
}
