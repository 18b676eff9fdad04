import { check } from "../conformance/check.js";
import { randomPart, randomRuns } from "../conformance/random.js";
import { runScenario } from "../conformance/run.js";

/** What the commands have done for them, so that tests of the command line need not do it. */
export interface Checker {
  readonly check: typeof check;
  readonly randomRuns: typeof randomRuns;
  readonly randomPart: typeof randomPart;
  readonly runScenario: typeof runScenario;
}

export const CHECKER: Checker = { check, randomRuns, randomPart, runScenario };
