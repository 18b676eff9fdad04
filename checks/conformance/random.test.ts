import test from "ava";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { nativeSubject } from "./nativesubject.js";
import { type RandomOptions, randomRuns } from "./random.js";
import { isViolated, runScenario } from "./run.js";
import { edition } from "./subject.js";
import { LEFT_OUT, seedFile } from "./testing/seed.js";
import { textOf } from "./text.js";

const corrected = edition("corrected", CORRECTED);
const SEED = seedFile(process.env);
/** Skipped, with the reason beside its name, where there is no such file. */
const seedTest = SEED === null ? test.skip : test;
const WHY = SEED === null ? `; ${LEFT_OUT}` : "";
const illumos = edition("illumos", ILLUMOS);
const SMALL: RandomOptions = { kernel: "debug", runs: 15, seed: 20_080_101, maxPages: 8, maxCalls: 60 };

for (const kernel of ["debug", "release"] as const) {
  test(`the corrected driver passes random runs on the ${kernel} kernel`, async (t) => {
    const report = await randomRuns(corrected, { ...SMALL, kernel });
    t.is(report.failure, null);
    t.true(report.complete);
    t.is(report.runs, SMALL.runs);
    t.is(report.seed, SMALL.seed);
    t.true(report.calls > 100, `${report.calls} calls`);
  });
}

test("the corrected driver passes a run on a segment of 64 pages", async (t) => {
  const report = await randomRuns(corrected, { ...SMALL, runs: 3, maxPages: 64, maxCalls: 200 });
  t.is(report.failure, null);
});

test("the shipped driver's edition fails, the same way for the same seed, with a scenario that shows it", async (t) => {
  const first = await randomRuns(illumos, SMALL);
  const second = await randomRuns(illumos, SMALL);
  t.is(textOf(first), textOf(second));
  const { failure } = first;
  if (failure === null) return t.fail("nothing was found");
  t.true(failure.scenario.steps.length <= 4, formatScenario(failure.scenario));
  const run = await runScenario(illumos, "debug", failure.scenario);
  t.true(isViolated(run));
  const breaches = run.steps.at(-1)?.violations ?? [];
  t.deepEqual(breaches, [...failure.breaches]);
  t.false(isViolated(await runScenario(corrected, "debug", failure.scenario)));
});

test("another seed makes other runs", async (t) => {
  const first = await randomRuns(corrected, { ...SMALL, runs: 3 });
  const second = await randomRuns(corrected, { ...SMALL, runs: 3, seed: 1 });
  t.not(first.calls, second.calls);
});

test("runs that are stopped are not complete", async (t) => {
  const report = await randomRuns(corrected, { ...SMALL, signal: AbortSignal.abort() });
  t.false(report.complete);
  t.is(report.runs, 0);
  t.is(report.calls, 0);
});

seedTest(`random runs find a fault in the shipped C${WHY}`, async (t) => {
  if (SEED === null) return;
  const cFile = nativeSubject(SEED);
  const report = await randomRuns(cFile, SMALL);
  const edition = await randomRuns(illumos, SMALL);
  t.not(report.failure, null);
  t.is(textOf(report.failure), textOf(edition.failure));
});
