import { EngineError } from "./errors.js";

/** Where an exploration stops, though there is more to see. */
export interface Limits {
  /** At most this many states (1 or more). A machine with exactly so many is still explored to the end. */
  readonly states?: number;
  /** At most this many seconds, by the clock. */
  readonly seconds?: number;
  /**
   * At most so many bytes for what the exploration holds: the visited set, what a growth of it would take, and what was
   * learned of the machine. Where it stops depends on the machine alone, save that a run also stops where V8's heap
   * outgrows the limit (and 256 MiB); see `heap.ts`. The reference engine goes by what V8 says of its heap.
   */
  readonly memory?: number;
  /** Stops when aborted. The exploration then resolves with what was done so far; it does not reject. */
  readonly signal?: AbortSignal;
}

/** Which limit stopped an exploration. `memory` also where there was none, but V8's heap is nearly full. */
export type StopReason = "states" | "seconds" | "memory" | "aborted";

/** Throws an `EngineError` if a limit makes no sense. */
export function checkLimits(limits: Limits): void {
  const { states, seconds, memory } = limits;
  if (states !== undefined && !(states === Number.POSITIVE_INFINITY || (Number.isSafeInteger(states) && states >= 1))) {
    throw new EngineError("bad-option", `limits.states must be a whole number of at least 1, not ${states}.`);
  }
  if (seconds !== undefined && !(typeof seconds === "number" && seconds >= 0)) {
    throw new EngineError("bad-option", `limits.seconds must be a number of at least 0, not ${seconds}.`);
  }
  if (memory !== undefined && !(typeof memory === "number" && memory > 0)) {
    throw new EngineError("bad-option", `limits.memory must be a number of bytes above 0, not ${memory}.`);
  }
}
