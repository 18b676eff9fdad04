import test from "ava";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import { nativeSubject } from "./nativesubject.js";
import { isViolated, runScenario } from "./run.js";
import { edition } from "./subject.js";
import { SMALL_DRIVER } from "./testing/seed.js";

const illumos = edition("illumos", ILLUMOS);
const corrected = edition("corrected", CORRECTED);

/** Two frames of which the hypervisor refuses the second, then calls that the specification can't be asked about any more. */
const REFUSED = parseScenario(
  `{ "format": "segmf-scenario/1", "segment": { "pages": 4 }, "steps": [
    { "call": "create", "seg": 0, "prot": "rw", "maxprot": "rwx", "answers": { "addmap": 0 } },
    { "call": "add_mfns", "seg": 0, "page": 1, "count": 2, "mfn": "0x100", "domid": 7, "answers": { "update_va_mapping": [0, -22] } },
    { "call": "add_gref_pte", "seg": 0, "page": 2, "pte_ma": "0x9010" },
    { "call": "unmap", "seg": 0, "page": 0, "count": 4 } ] }`,
  "refused",
);

test("what the shipped driver leaves behind a refused frame is shown as the format says", async (t) => {
  const run = await runScenario(illumos, "release", REFUSED);
  t.is(run.driver, "illumos");
  t.is(run.kernel, "release");
  const step = run.steps[1];
  t.is(step?.ret, 14);
  t.is(step?.panic, null);
  t.deepEqual(step?.segments, [
    {
      domid: 7,
      softlockcnt: 0,
      map: [{ type: "empty" }, { type: "empty" }, { type: "empty" }, { type: "empty" }],
      registered: [null, null, null, null],
      ptes: [null, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true }, null, null],
      locks: 0,
    },
  ]);
  t.deepEqual(
    step?.violations.map(({ invariant }) => invariant),
    ["empty-rollback", "map-is-truth"],
  );
  t.true(
    step?.violations.some(
      ({ detail }) => detail === "segment 0, page 1: EMPTY in the map, but its PTE maps frame 0x100 of domain 7",
    ),
  );
});

test("after the first violation the specification is no reference, and says so", async (t) => {
  const run = await runScenario(illumos, "release", REFUSED);
  t.deepEqual(
    run.steps.map(({ reference }) => reference),
    [undefined, undefined, false, false],
  );
  const [third] = run.steps.slice(2);
  t.deepEqual(
    third?.violations.map(({ invariant }) => invariant),
    ["map-is-truth"],
  );
});

test("the corrected driver holds on the same calls", async (t) => {
  const run = await runScenario(corrected, "debug", REFUSED);
  t.false(isViolated(run));
  t.deepEqual(
    run.steps.map(({ ret }) => ret),
    [0, 14, null, 0],
  );
  t.deepEqual(run.steps.at(-1)?.segments, [null]);
});

test("a panic ends the run", async (t) => {
  const scenario = parseScenario(
    `{ "format": "segmf-scenario/1", "segment": { "pages": 1 }, "steps": [
      { "call": "create", "seg": 0 },
      { "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": 256, "domid": 7 },
      { "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": 257, "domid": 7 },
      { "call": "unmap", "seg": 0, "page": 0, "count": 1 } ] }`,
    "panic",
  );
  const run = await runScenario(illumos, "debug", scenario);
  t.is(run.steps.length, 3);
  t.is(run.steps[2]?.panic, "hat_devload: a different frame over a valid PTE");
  t.deepEqual(
    run.steps[2]?.violations.map(({ invariant }) => invariant),
    ["kernel-contract"],
  );
});

test("the panic that the contract prescribes is no violation", async (t) => {
  const scenario = parseScenario(
    `{ "format": "segmf-scenario/1", "segment": { "pages": 1 }, "steps": [
      { "call": "create", "seg": 0 }, { "call": "unmap", "seg": 0, "addr": 1, "len": 4096 } ] }`,
    "prescribed",
  );
  const run = await runScenario(corrected, "debug", scenario);
  t.false(isViolated(run));
  t.not(run.steps[1]?.panic, null);
});

test("several segments that are created, and the small C driver beside the corrected one", async (t) => {
  const scenario = parseScenario(
    `{ "format": "segmf-scenario/1", "segment": { "pages": 2 }, "steps": [
      { "call": "create", "seg": 0 }, { "call": "create", "seg": 1, "answers": { "addmap": 12 } },
      { "call": "add_mfns", "seg": 0, "page": 0, "count": 2, "mfn": 256, "domid": 7 },
      { "call": "dup", "seg": 0, "into": 2 }, { "call": "free", "seg": 1 },
      { "call": "unmap", "seg": 0, "page": 0, "count": 2 }, { "call": "unmap", "seg": 2, "page": 0, "count": 2 } ] }`,
    "several",
  );
  for (const subject of [corrected, nativeSubject(SMALL_DRIVER)]) {
    const run = await runScenario(subject, "debug", scenario);
    t.deepEqual(
      run.steps.flatMap(({ violations }) => violations),
      [],
      subject.name,
    );
    t.deepEqual(
      run.steps.map(({ ret }) => ret),
      [0, 12, 0, 0, null, 0, 0],
      subject.name,
    );
  }
});
