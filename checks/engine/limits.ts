import { EngineError } from "./errors.js";

/** Where an exploration stops, though there is more to see. */
export interface Limits {
  /** At most this many states (1 or more). A machine with exactly so many is still explored to the end. */
  readonly states?: number;
  /** At most this many seconds, by the clock. */
  readonly seconds?: number;
  /** Stops when aborted. The exploration then resolves with what was done so far; it does not reject. */
  readonly signal?: AbortSignal;
}

/** Which limit stopped an exploration. */
export type StopReason = "states" | "seconds" | "aborted";

/** Throws an `EngineError` if a limit makes no sense. */
export function checkLimits(limits: Limits): void {
  const { states, seconds } = limits;
  if (states !== undefined && !(states === Number.POSITIVE_INFINITY || (Number.isSafeInteger(states) && states >= 1))) {
    throw new EngineError("bad-option", `limits.states must be a whole number of at least 1, not ${states}.`);
  }
  if (seconds !== undefined && !(typeof seconds === "number" && seconds >= 0)) {
    throw new EngineError("bad-option", `limits.seconds must be a number of at least 0, not ${seconds}.`);
  }
}
