import type { AnyMachineSnapshot } from "xstate";
import { describeThrown, describeValue } from "./describe.js";
import { EngineError } from "./errors.js";

/** What must hold in every reachable state. */
export type Invariant = (snapshot: AnyMachineSnapshot) => boolean;

/**
 * Whether an invariant holds, as `ask` says it.
 * @throws EngineError `invariant-threw` if it throws, or answers neither true nor false
 */
export function checkInvariant(name: string, ask: () => unknown, path: () => readonly unknown[]): boolean {
  let answer: unknown;
  try {
    answer = ask();
  } catch (thrown) {
    throw new EngineError("invariant-threw", `Invariant '${name}' threw: ${describeThrown(thrown)}.`, {
      path: path(),
      at: name,
      cause: thrown,
      hint: "An invariant must answer true or false for every reachable state, unusual ones included.",
    });
  }
  if (typeof answer === "boolean") return answer;
  throw new EngineError(
    "invariant-threw",
    `Invariant '${name}' answered ${describeValue(answer)}, not true or false.`,
    {
      path: path(),
      at: name,
      hint: "An invariant is a plain function that returns a boolean; it can't be asynchronous.",
    },
  );
}
