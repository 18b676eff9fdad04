import fc from "fast-check";
import type { KernelKind } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "../../impl/segmf/edition.js";
import type { RunStep } from "../run/run.js";
import { runStepOf } from "../run/step.js";
import { parseScenario } from "../scenario/parse.js";
import { scenarioArbitrary } from "../scenario/scenario.arbitrary.js";
import type { Scenario } from "../scenario/scenario.js";
import { answersOf } from "../scenario/script.js";
import type { Trace } from "./trace.js";

/** For the tests of formats. */

export interface How {
  readonly edition?: "corrected" | "illumos";
  readonly kernel?: KernelKind;
  readonly name?: string;
}

/** A scenario with what comes of it on the TypeScript driver, up to the first panic; nothing is judged. */
export function traceOf(scenario: Scenario, { edition = "illumos", kernel = "release", name = "t" }: How = {}): Trace {
  const errata = edition === "illumos" ? ILLUMOS : CORRECTED;
  const driver = segmfDriver({ machine: { kernel, pages: scenario.pages, maxGrefs: 16 }, errata });
  const steps: RunStep[] = [];
  for (const step of scenario.steps) {
    const outcome = driver.perform(step.call, answersOf(step));
    steps.push(runStepOf(outcome, driver.observe(), { violations: [], reference: true }));
    if (outcome.panic !== null) break;
  }
  return { name, scenario, maxGrefs: 16, run: { driver: edition, kernel, steps } };
}

/** Text that means something in one of the formats, and any other. */
const hostile = fc.oneof(
  fc.constantFrom(
    "*/ /* \\",
    "]]> <!-- --> &lt;",
    '"; #35; %%\nend',
    "$end ==== \\* <<",
    "\u0000\ud800\u202e\u{1f600}",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Any trace of a few steps, whose texts (driver, panic, violations) may be anything. */
export const traceArbitrary: fc.Arbitrary<Trace> = fc
  .record({
    scenario: scenarioArbitrary({ maxSteps: 6 }),
    edition: fc.constantFrom("corrected", "illumos"),
    kernel: fc.constantFrom("debug", "release"),
    driver: hostile,
    detail: fc.option(hostile),
  })
  .map(({ scenario, edition, kernel, driver, detail }) => {
    const trace = traceOf(scenario, { edition, kernel });
    const violations = detail === null ? [] : [{ invariant: "map-is-truth", detail }];
    const steps = trace.run.steps.map((step) => ({
      ...step,
      violations,
      panic: step.panic === null ? null : (detail ?? step.panic),
    }));
    return { ...trace, run: { ...trace.run, driver, steps } };
  });

/** The example of the scenario format's description. */
export const EXAMPLE: Scenario = parseScenario(
  JSON.stringify({
    format: "segmf-scenario/1",
    segment: { pages: 4 },
    steps: [
      { call: "create", seg: 0 },
      { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: "0x100", domid: 7, answers: { update_va_mapping: [0, -22] } },
      { call: "add_gref_pte", seg: 0, page: 2, pte_ma: "0x9010" },
      { call: "add_gref_pte", seg: 0, page: 3, pte_ma: "0x9018" },
      {
        call: "add_grefs",
        seg: 0,
        page: 2,
        grefs: [5, 6],
        writable: true,
        domid: 7,
        answers: { map_grant_ref: { rc: 0, status: [0, -1] } },
      },
      { call: "release_grefs", seg: 0, page: 2, count: 2, waiting: true, answers: { unmap_grant_ref: { rc: 0 } } },
      { call: "dup", seg: 0, into: 1 },
      { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" },
      { call: "unmap", seg: 1, page: 0, count: 4 },
      { call: "unmap", seg: 0, page: 0, count: 4 },
    ],
  }),
  "example",
);
