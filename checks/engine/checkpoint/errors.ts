import { describeThrown } from "../describe.js";
import { EngineError } from "../errors.js";

/** A checkpoint that can't be used: why, and what to do. */
export function badCheckpoint(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError("bad-checkpoint", `The checkpoint ${JSON.stringify(file)} can't be resumed: ${why}.`, {
    hint: "Resume what was written for the same machine, events, invariants and input by the same version; or leave out `resume` and start anew.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A checkpoint that could not be written. */
export function notWritten(file: string, thrown: unknown): EngineError {
  return new EngineError(
    "checkpoint-failed",
    `The checkpoint ${JSON.stringify(file)} can't be written: ${describeThrown(thrown)}.`,
    {
      cause: thrown,
      hint: "Name a file in a folder that exists, may be written to and has room. What was there before is still there.",
    },
  );
}
