import { EngineError } from "../errors.js";
import { isOutOfMemory } from "../heap.js";
import type { Limits } from "../limits.js";

/**
 * Runs what an exploration can't begin without.
 * @throws EngineError `bad-option` if the limit on memory, or the memory that there is, leaves no room for it
 */
export async function withRoom<T>({ memory }: Limits, forWhat: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!isOutOfMemory(thrown)) throw thrown;
    const limit = memory === undefined ? "the memory that there is" : `limits.memory, ${memory} bytes,`;
    throw new EngineError("bad-option", `There is no room in ${limit} for ${forWhat}.`, { hint: "Allow more." });
  }
}
