import type { RunResult } from "../run/run.js";
import type { Scenario } from "../scenario/scenario.js";

/** A scenario together with what came of it on one driver: what every format is written from. */
export interface Trace {
  /** The stem of the file that it is written into; formats that need a name for the trace take this one. */
  readonly name: string;
  readonly scenario: Scenario;
  /** SEGMF_MAX_GREFS of the run. */
  readonly maxGrefs: number;
  /** Of that scenario. It may end early, at a panic. */
  readonly run: RunResult;
}

/** A name as an identifier of C and of TLA+, but for what it starts with: put a letter before it. */
export function identifierOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, "_");
}
