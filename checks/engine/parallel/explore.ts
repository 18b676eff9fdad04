import type { EventObject } from "xstate";
import type { Found } from "../compiled/found.js";
import { explorePacked, type PackedOptions } from "../compiled/search.js";
import type { CompiledSystem } from "../compiled/system.js";
import type { Exploration } from "../result.js";
import { ParallelSearch } from "./search.js";

/** With fewer states than these, threads take longer to start than they save. */
const WORTH_THREADS = 100_000;

export interface Threads {
  readonly workers: number;
  /** How many states one thread reaches before others are started. */
  readonly from?: number;
}

/**
 * What `explorePacked` does, by several threads once there are many states. Counts, verdicts, coverage and the lengths of
 * paths are the same with any number of threads; which of several shortest paths is shown is not.
 *
 * @throws EngineError also `worker-died`
 */
export async function exploreParallel(
  system: CompiledSystem,
  options: PackedOptions,
  { workers, from = WORTH_THREADS }: Threads,
): Promise<Exploration<EventObject>> {
  const because = whyAlone(options);
  if (because !== null) return alone(await explorePacked(system, options), because);
  const explore = async (found: Found): Promise<Exploration<EventObject>> => {
    const search = new ParallelSearch(system, options, found, workers);
    try {
      await search.all();
      return await search.result();
    } finally {
      await search.end();
    }
  };
  const result = await explorePacked(system, options, { from, explore });
  return isAlone(result) ? alone(result, `there are no more than ${from} states or so; that is soon done.`) : result;
}

/** Why only one thread can do what is asked for; `null` if several can. */
function whyAlone({ selfCheck, limits, from, saver }: PackedOptions): string | null {
  if (selfCheck > 0) return "steps are confirmed by XState, which one thread does.";
  if (limits.memory !== undefined) return "memory is limited, which one thread keeps to.";
  return from !== undefined || saver !== undefined ? "checkpoints are of one thread." : null;
}

function isAlone({ engine }: Exploration<EventObject>): boolean {
  return engine.kind === "compiled" && engine.workers === 1;
}

function alone(result: Exploration<EventObject>, because: string): Exploration<EventObject> {
  return result.engine.kind === "compiled" ? { ...result, engine: { ...result.engine, because } } : result;
}
