import { availableParallelism } from "node:os";
import { defineScope, type Scope } from "../../model/scope.js";
import type { TimelessReport } from "../conformance/check.js";
import type { Crew, Ledger } from "../conformance/job.js";
import type { Subject } from "../conformance/subject.js";
import type { Violation } from "../conformance/violation.js";
import { EngineError } from "../engine/index.js";
import type { Checker } from "./checker.js";
import { type CheckOptions, scopeOf } from "./checkoptions.js";
import { compilerFor } from "./compiler.js";
import { crewOf } from "./crew.js";
import { Misuse } from "./exit.js";
import type { Io } from "./io.js";
import { teller } from "./progress.js";
import { isCFile } from "./subjects.js";

/** Two pages show what a faulty driver does wrong. Its violations are many, and each of them is looked into. */
export function scopeOfCheck(options: CheckOptions): Scope | undefined {
  return scopeOf(options) ?? (options.driver === "corrected" ? undefined : defineScope());
}

/** Compiles the driver if it is a C file, beside everything else. Whether that was not interrupted. Rejects with a `NativeError`. */
export async function compiled({ driver }: CheckOptions, scope: Scope | undefined, io: Io): Promise<boolean> {
  if (scope === undefined || !isCFile(driver)) return true;
  io.progress(`compiling ${driver}`);
  const module = await compilerFor(io).file(driver, scope.maxGrefs);
  io.progress(null);
  return module !== null && !io.signal.aborted;
}

/** What is explored, and who does it. */
export interface Exploring {
  readonly subject: Subject;
  readonly options: CheckOptions;
  /** Undefined for the default scopes. */
  readonly scope: Scope | undefined;
  readonly ledger?: Ledger | null;
  /** Without it as many threads as the options say. */
  readonly crew?: Crew;
  /** Called with the first violation of each exploration. */
  readonly violated?: (violation: Violation) => void;
}

/** Has a driver checked as the options say, and shows how far it has come. */
export async function explored(
  { subject, options, scope, ledger = null, crew, violated }: Exploring,
  io: Io,
  { check }: Checker,
): Promise<TimelessReport> {
  const found = await check(subject, {
    kernel: options.kernel,
    ...(scope === undefined ? {} : { scope }),
    limits: {
      signal: io.signal,
      ...(options.limitStates === undefined ? {} : { states: options.limitStates }),
      ...(options.limitSeconds === undefined ? {} : { seconds: options.limitSeconds }),
      ...(options.maxMemory === undefined ? {} : { memory: options.maxMemory }),
    },
    ...(options.selfCheck === undefined ? {} : { selfCheck: options.selfCheck }),
    progress: teller(io),
    ...(violated === undefined ? {} : { violated }),
    crew: crew ?? crewOf(options.workers ?? availableParallelism()),
    ...(ledger === null ? {} : { ledger }),
  }).catch((error: unknown) => {
    // `bad-option`: there is no room in --max-memory for the states of the checkpoint.
    const isOurs = !(error instanceof EngineError) || (error.code !== "bad-checkpoint" && error.code !== "bad-option");
    if (options.resume === undefined || isOurs) throw error;
    throw new Misuse(`--resume ${options.resume}: can't be resumed: ${error.headline}`);
  });
  io.progress(null);
  return found;
}
