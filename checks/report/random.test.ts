import test from "ava";
import { parseScenario } from "../../traces/scenario/parse.js";
import { KNOWN } from "./fixture.js";
import { type RandomPresentation, randomJson, renderRandom } from "./random.js";

const HELD: RandomPresentation = {
  driver: "corrected",
  kernel: "debug",
  colours: false,
  choice: { driver: "corrected", kernel: "debug" },
  compiled: false,
  report: { seed: 3, runs: 20, calls: 1234, complete: true, failure: null },
  again: "segmf check --random 20 --seed 3",
  written: null,
};

const { pages, steps, breaches, panic } = KNOWN;
const FAILED: RandomPresentation = {
  ...HELD,
  report: { ...HELD.report, runs: 1, calls: 2, failure: { scenario: { pages, steps }, breaches, panic } },
  written: { file: "out/random-3.json", replay: "segmf run out/random-3.json --driver illumos" },
};

test("runs that hold", (t) => {
  t.is(
    renderRandom(HELD),
    `driver         corrected on the debug kernel
random         20 runs, 1,234 calls, each judged
seed           3

verdict        holds
again          segmf check --random 20 --seed 3
`,
  );
});

test("runs that were stopped", (t) => {
  const stopped = { ...HELD, report: { ...HELD.report, complete: false } };
  t.true(renderRandom(stopped).includes("verdict        incomplete\n               only 20 runs were made\n"));
  t.is(JSON.parse(randomJson(stopped)).verdict, "incomplete");
});

test("a run that fails", (t) => {
  t.is(
    renderRandom(FAILED),
    `driver         corrected on the debug kernel
random         1 run, 2 calls, each judged
seed           3

shrunk to 2 steps at 1 page
   1. create(seg 0, prot rw, maxprot rwx)
   2. add_gref_pte(seg 0, page 1, pte_ma 0x9008)
   panic: write outside an allocation
   kernel-contract: add_gref_pte of segment 0 made the kernel panic
   again: segmf run out/random-3.json --driver illumos

verdict        violated
again          segmf check --random 20 --seed 3
`,
  );
  t.false(renderRandom({ ...FAILED, written: null }).includes("segmf run"));
});

test("as JSON", (t) => {
  t.deepEqual(JSON.parse(randomJson(HELD)), {
    format: "segmf-random/1",
    driver: "corrected",
    kernel: "debug",
    seed: 3,
    runs: 20,
    calls: 1234,
    complete: true,
    failure: null,
    verdict: "holds",
    again: "segmf check --random 20 --seed 3",
  });
  const { failure, verdict } = JSON.parse(randomJson(FAILED));
  t.is(verdict, "violated");
  t.is(failure.file, "out/random-3.json");
  t.is(failure.panic, panic);
  t.deepEqual(failure.breaches, breaches);
  t.deepEqual(parseScenario(JSON.stringify(failure.scenario), "json"), { pages, steps });
});
