import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import type { KernelKind } from "../../impl/driver.js";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import { sizeOf } from "../../model/plan.js";
import { parseTraces } from "../../traces/read.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { breadthFirst } from "../engine/index.js";
import { CauseFinder, causeName } from "./cause.js";
import { CORPUS_COVER, coverCorpus, errataCorpus, LADDER } from "./corpus.js";
import { CORPUS_ERRATA, CORPUS_INDEX, type CorpusEntry, type CorpusIndex } from "./corpusindex.js";
import { Product } from "./product.js";
import { isViolated, runScenario } from "./run.js";
import { Specification } from "./specification.js";
import { edition } from "./subject.js";
import { corrected, KERNELS, machine, only } from "./testing/drivers.js";
import { firstViolation } from "./trials.js";

const CORPUS = fileURLToPath(new URL("../../../traces/corpus/", import.meta.url));

function recorded(path: string): string {
  return readFileSync(`${CORPUS}${path}`, "utf8");
}

const index = JSON.parse(recorded(CORPUS_INDEX)) as CorpusIndex;

function scenarioOf({ file }: CorpusEntry): Scenario {
  if (file === null) throw new Error("nothing is recorded");
  return parseScenario(recorded(file), file);
}

/** `npm run test:deep` generates all anew and looks for shorter ones of all; each run of the tests for some. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

if (IS_DEEP) {
  test("what is recorded is what is generated, file by file (npm run corpus writes it anew)", async (t) => {
    const files = await errataCorpus();
    for (const { path, text } of files) t.is(recorded(path), text, path);
  });
}

test("of some errata what is recorded is what is generated (npm run corpus writes it anew)", async (t) => {
  const some = ERRATA.map(({ id }) => id).filter((_, at) => at % 7 === 1);
  const files = await errataCorpus({ errata: some });
  const expected = index.errata.filter(({ erratum }) => some.includes(erratum));
  t.is(files.length, 2 * some.length + 1);
  for (const { path, text } of files) {
    if (path === CORPUS_INDEX) t.deepEqual(JSON.parse(text), { ...index, errata: expected });
    else t.is(recorded(path), text, path);
  }
});

test("the covering suite is what is generated (npm run corpus writes it anew), and the corrected driver passes all of it", async (t) => {
  const [file, another] = await coverCorpus();
  if (file === undefined || another !== undefined) return t.fail();
  t.deepEqual(readdirSync(`${CORPUS}${CORPUS_COVER}`), [basename(file.path)]);
  t.true(recorded(file.path) === file.text, `${file.path} is not what is generated; npm run corpus writes it anew`);
  const scenarios = parseTraces(new TextEncoder().encode(file.text), file.path);
  t.is(scenarios.length, 677);
  let steps = 0;
  for (const { file: name, scenario } of scenarios) {
    const run = await runScenario(corrected, "debug", scenario);
    t.false(isViolated(run), name);
    steps += run.steps.length;
  }
  t.is(steps, 14_559);
});

test("the files are those that the index names", (t) => {
  const names = readdirSync(`${CORPUS}${CORPUS_ERRATA}`).map((name) => `${CORPUS_ERRATA}/${name}`);
  t.deepEqual(names.sort(), index.errata.flatMap(({ file }) => file ?? []).sort());
});

test("every erratum is recorded on both kernels", (t) => {
  t.deepEqual(
    index.errata.map(({ erratum, kernel, file }) => [erratum, kernel, file]),
    ERRATA.flatMap(({ id }) => KERNELS.map((kernel) => [id, kernel, `${CORPUS_ERRATA}/${id}.${kernel}.json`])),
  );
});

test("an erratum that shows in none of the scopes says how much of them was explored", async (t) => {
  const files = await errataCorpus({ errata: ["dup-copies-map"], ladder: LADDER.slice(1, 3) });
  t.is(files.length, 1);
  const { errata } = JSON.parse(files[0]?.text ?? "") as CorpusIndex;
  const searched = [
    { scope: "forced statuses", states: 17, edges: 820, complete: true },
    { scope: "wide", states: 56, edges: 3474, complete: true },
  ];
  const nothing = { file: null, scope: null, invariants: [], panic: null, searched };
  t.deepEqual(errata, [
    { erratum: "dup-copies-map", kernel: "debug", ...nothing },
    { erratum: "dup-copies-map", kernel: "release", ...nothing },
  ]);
});

test("the counterexample is violated, at its last step, by the erratum alone, and passes on the corrected driver", async (t) => {
  for (const entry of index.errata) {
    const { erratum, kernel, invariants, panic } = entry;
    const scenario = scenarioOf(entry);
    const what = `${erratum} on ${kernel}`;
    const { steps } = await runScenario(only(erratum), kernel, scenario);
    t.is(steps.length, scenario.steps.length, what);
    t.deepEqual(
      steps.slice(0, -1).flatMap(({ violations }) => violations),
      [],
      what,
    );
    t.deepEqual([...new Set(steps.at(-1)?.violations.map(({ invariant }) => invariant))], [...invariants], what);
    t.is(steps.at(-1)?.panic, panic, what);
    t.false(isViolated(await runScenario(corrected, kernel, scenario)), what);
  }
});

/** What else must be mended in edition illumos before it passes the counterexample of an erratum, on either kernel. */
const MASKED: Partial<Readonly<Record<ErratumId, string>>> = {
  "unmap-leaks-grants": "unmap-leaks-grants + unmap-unlocks-all",
  "unmap-unlocks-all": "unmap-leaks-grants + unmap-unlocks-all",
  "bound-check-early": "bound-check-early + mfn-zero-binds",
  "gref-first-status-only": "gref-first-status-only + gref-rollback-leaks",
  "gref-rollback-leaks": "gref-first-status-only + gref-rollback-leaks",
  "release-ignores-status": "release-forgets-failed + release-ignores-status",
  // Broken before its last step: registering the page changes the frame on record.
  "gref-redefine-no-teardown": "word-shared",
};

test("edition illumos is violated by each as well, by that erratum or by one that masks it", async (t) => {
  for (const entry of index.errata) {
    const { erratum, kernel } = entry;
    const { pages, steps } = scenarioOf(entry);
    const on = machine(pages, kernel);
    const violation = await firstViolation(edition("illumos", ILLUMOS), on, steps);
    if (violation === null) return t.fail(`${erratum} on ${kernel}`);
    const cause = new CauseFinder(on, ILLUMOS).find(violation, "");
    t.is(causeName(cause), MASKED[erratum] ?? erratum, `${erratum} on ${kernel}`);
    const isEarly = erratum === "gref-redefine-no-teardown";
    t.is(violation.steps.length, isEarly ? 3 : steps.length, `${erratum} on ${kernel}`);
  }
});

const searched = new Map(
  LADDER.map(({ name, scope }) => [name, { scope, specification: new Specification(sizeOf(scope)) }]),
);

/** What breaks an invariant within so many calls of a driver with one erratum, in a scope of the ladder. */
async function violationsWithin(erratum: ErratumId, kernel: KernelKind, scopeName: string | null, calls: number) {
  const rung = searched.get(scopeName ?? "");
  if (rung === undefined) throw new Error(`there is no scope ${scopeName}`);
  const driver = await only(erratum).open(machine(rung.scope.pages, kernel));
  const product = new Product(rung.specification, driver, rung.scope);
  await breadthFirst(product, { reached: (_state, { level }) => level <= calls });
  return product.violations;
}

test("no counterexample in the same scope is shorter", async (t) => {
  const lengths = new Map<number, number>();
  for (const [at, entry] of index.errata.entries()) {
    const { length } = scenarioOf(entry).steps;
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
    // Of each erratum in turn on the one kernel and on the other; they stand in pairs.
    if (!IS_DEEP && at % 4 !== 0 && at % 4 !== 3) continue;
    const shorter = await violationsWithin(entry.erratum, entry.kernel, entry.scope, length - 1);
    t.is(shorter.length, 0, `${entry.erratum} on ${entry.kernel}`);
  }
  t.deepEqual([...lengths].sort(), [
    [2, 24],
    [3, 14],
    [4, 18],
  ]);
});
