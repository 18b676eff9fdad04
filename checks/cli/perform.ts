import type { KernelKind } from "../../impl/driver.js";
import { CallerError } from "../../impl/kernel/errors.js";
import type { RunResult } from "../../traces/run/run.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import type { Subject } from "../conformance/subject.js";
import type { Checker } from "./checker.js";
import { Misuse } from "./exit.js";

/** The machine that the options name. */
export interface MachineChoice {
  readonly kernel: KernelKind;
  readonly maxGrefs?: number;
}

/**
 * Performs one scenario. What becomes of a segment follows from the file: a driver that has it otherwise can't be given
 * the steps that come after, and that is said of the file as a mistake.
 */
export async function perform(
  { file, scenario }: NamedScenario,
  subject: Subject,
  { kernel, maxGrefs }: MachineChoice,
  checker: Checker,
  signal: AbortSignal,
): Promise<RunResult> {
  try {
    return await checker.runScenario(subject, kernel, scenario, maxGrefs, signal);
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
    throw new Misuse(
      `${file}: the driver ${subject.name} does not follow it: ${error.message}; expected that create and dup leave a segment live unless addmap is answered with an error, and that unmap of the whole and free end it`,
    );
  }
}
