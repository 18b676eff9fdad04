import fc from "fast-check";
import { ILLUMOS } from "../../../../impl/segmf/edition.js";
import { parseTraces } from "../../../../traces/read.js";
import { ScenarioError } from "../../../../traces/scenario/error.js";
import { formatScenario } from "../../../../traces/scenario/format.js";
import { scenarioArbitrary } from "../../../../traces/scenario/scenario.arbitrary.js";
import type { NamedScenario } from "../../../../traces/scenario/scenario.js";
import { edition } from "../../../conformance/subject.js";
import { CHECKER } from "../../checker.js";
import { Misuse } from "../../exit.js";
import { perform } from "../../perform.js";
import { edited } from "./edits.arbitrary.js";
import { assertOneLine, type Target } from "./target.js";

const text = fc.oneof(
  { weight: 8, arbitrary: edited(scenarioArbitrary({ maxSteps: 4 }).map(formatScenario)) },
  { weight: 1, arbitrary: edited(fc.constant('{"#meta":{"format":"ITF"},"vars":["x"],"states":[{"x":1}]}')) },
  { weight: 1, arbitrary: edited(fc.json()) },
);

const bytes = fc.oneof(
  { weight: 9, arbitrary: text.map((written) => new TextEncoder().encode(written)) },
  fc.uint8Array({ maxLength: 40 }),
);

/** Of each ten that can be read one is run: that takes many times as long. */
const RUN_ONE_IN = 10;
const SUBJECTS = [edition("corrected", new Set()), edition("illumos", ILLUMOS)] as const;

/** Trace files: read, or an error of one line; what is read runs on any driver, or does not follow it, which is said. */
export const traces: Target = {
  name: "scenarios and other traces",
  ofAMillion: 500_000,
  prepare: () => {
    const { signal } = new AbortController();
    return {
      property: fc.asyncProperty(bytes, fc.nat(), async (input, draw) => {
        for (const named of readable(input)) {
          const { pages, steps } = named.scenario;
          if (pages > 4 || steps.length > 8 || draw % RUN_ONE_IN !== 0) continue;
          await run(named, SUBJECTS[Math.floor(draw / RUN_ONE_IN) % 2 === 0 ? 0 : 1], signal);
        }
      }),
    };
  },
};

function readable(input: Uint8Array): readonly NamedScenario[] {
  try {
    return parseTraces(input, "f.json");
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    assertOneLine(error.message);
    return [];
  }
}

async function run(named: NamedScenario, subject: (typeof SUBJECTS)[number], signal: AbortSignal): Promise<void> {
  for (const kernel of ["debug", "release"] as const) {
    try {
      await perform(named, subject, { kernel }, CHECKER, signal);
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      assertOneLine(error.message);
    }
  }
}
