import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import type { Driver, KernelKind } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "../../impl/segmf/edition.js";
import { type PerformedCall, scenarioOf } from "../scenario/record.js";
import { scenarioArbitrary } from "../scenario/scenario.arbitrary.js";
import type { Scenario } from "../scenario/scenario.js";
import { answersOf } from "../scenario/script.js";
import { formatRun } from "./format.js";
import type { RunStep } from "./run.js";
import { runStepOf } from "./step.js";

const file = new URL("../../../schemas/segmf-run-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
const conforms = new Ajv2020({ allowUnionTypes: true }).compile(schema);

/** Runs a scenario up to its first panic: the run as text, and what was performed. */
function run(
  driver: Driver,
  scenario: Scenario,
): { readonly text: string; readonly performed: readonly PerformedCall[] } {
  const steps: RunStep[] = [];
  const performed: PerformedCall[] = [];
  for (const step of scenario.steps) {
    const outcome = driver.perform(step.call, answersOf(step));
    steps.push(runStepOf(outcome, driver.observe(), { violations: [], reference: true }));
    performed.push({ call: step.call, asked: outcome.asked });
    if (outcome.panic !== null) break;
  }
  const { name, machine } = driver;
  return { text: formatRun({ driver: name, kernel: machine.kernel, steps }), performed };
}

for (const [edition, errata] of [
  ["corrected", CORRECTED],
  ["illumos", ILLUMOS],
] as const) {
  for (const kernel of ["debug", "release"] as const satisfies readonly KernelKind[]) {
    test(`any scenario runs on ${edition}, ${kernel}; its run conforms to the schema, and its record is the same run`, (t) => {
      fc.assert(
        fc.property(scenarioArbitrary(), (scenario) => {
          const open = () => segmfDriver({ machine: { kernel, pages: scenario.pages, maxGrefs: 16 }, errata });
          const { text, performed } = run(open(), scenario);
          t.true(conforms(JSON.parse(text)), JSON.stringify(conforms.errors));
          t.is(run(open(), scenarioOf(scenario.pages, performed)).text, text);
        }),
      );
    });
  }
}
