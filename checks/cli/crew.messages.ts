import type { KernelKind } from "../../impl/driver.js";
import { NativeError, type NativeProblem } from "../../impl/native/index.js";
import type { Activity, Job, JobDone, JobPosition } from "../conformance/job.js";
import type { SubjectPlan } from "../conformance/subject.js";
import type { Violation } from "../conformance/violation.js";
import { EngineError, type Limits } from "../engine/index.js";

/** What a thread that does jobs of a check is given when it starts. */
export interface Setup {
  readonly plan: SubjectPlan;
  readonly kernel: KernelKind;
  readonly limits: Omit<Limits, "signal">;
  readonly selfCheck?: number;
  /** From one position to the next; `null` if none are wanted, infinite if only the last one is. */
  readonly everySeconds: number | null;
}

/** What it is told. */
export type Order =
  | { readonly kind: "do"; readonly job: Job; readonly from?: JobPosition }
  /** Stop what is being done, and whatever comes later at once. */
  | { readonly kind: "stop" };

/** What it tells, always of the job that it was last told to do. */
export type Word =
  | { readonly kind: "activity"; readonly activity: Activity }
  | { readonly kind: "violated"; readonly violation: Violation }
  | { readonly kind: "position"; readonly position: JobPosition }
  | { readonly kind: "done"; readonly done: JobDone }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An error on its way from thread to thread. */
export type Failure =
  | { readonly kind: "native"; readonly problem: NativeProblem }
  | {
      readonly kind: "engine";
      readonly code: "bad-checkpoint" | "bad-option";
      readonly headline: string;
      readonly hint?: string;
    }
  | { readonly kind: "other"; readonly name: string; readonly message: string; readonly stack: string };

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof NativeError) return { kind: "native", problem: thrown.problem };
  // What the user's options may be to blame for: whoever catches it asks for the code.
  if (thrown instanceof EngineError && (thrown.code === "bad-checkpoint" || thrown.code === "bad-option")) {
    const { code, headline, hint } = thrown;
    return { kind: "engine", code, headline, ...(hint === undefined ? {} : { hint }) };
  }
  if (!(thrown instanceof Error)) return { kind: "other", name: "Error", message: String(thrown), stack: "" };
  return { kind: "other", name: thrown.name, message: thrown.message, stack: thrown.stack ?? "" };
}

export function errorOf(failure: Failure): Error {
  if (failure.kind === "native") return new NativeError(failure.problem);
  if (failure.kind === "engine") {
    const { code, headline, hint } = failure;
    return new EngineError(code, headline, hint === undefined ? {} : { hint });
  }
  const error = new Error(failure.message);
  error.name = failure.name;
  error.stack = failure.stack;
  return error;
}
