import test from "ava";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { formatRun } from "../../traces/run/format.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import { runScenario } from "./run.js";
import { edition } from "./subject.js";

/** The example of the scenario format's description, as it stands there. */
const EXAMPLE = `{ "format": "segmf-scenario/1",
  "segment": { "pages": 4 },
  "steps": [
    { "call": "create", "seg": 0, "prot": "rw", "maxprot": "rwx", "answers": { "addmap": 0 } },
    { "call": "add_mfns", "seg": 0, "page": 1, "count": 2, "mfn": "0x100", "domid": 7, "answers": { "update_va_mapping": [0, -22] } },
    { "call": "add_gref_pte", "seg": 0, "page": 2, "pte_ma": "0x9010" },
    { "call": "add_gref_pte", "seg": 0, "page": 3, "pte_ma": "0x9018" },
    { "call": "add_grefs", "seg": 0, "page": 2, "grefs": [5, 6], "writable": true, "domid": 7, "answers": { "map_grant_ref": { "rc": 0, "status": [0, -1] } } },
    { "call": "release_grefs", "seg": 0, "page": 2, "count": 2, "answers": { "unmap_grant_ref": { "rc": 0 } } },
    { "call": "dup", "seg": 0, "into": 1, "answers": { "addmap": 0 } },
    { "call": "fault", "seg": 0, "page": 0, "count": 1, "type": "softlock", "rw": "read" },
    { "call": "unmap", "seg": 1, "page": 0, "count": 4 },
    { "call": "unmap", "seg": 0, "page": 0, "count": 4 } ] }`;

interface Written {
  readonly driver: string;
  readonly kernel: string;
  readonly steps: readonly {
    readonly ret: unknown;
    readonly panic: unknown;
    readonly calls: readonly unknown[];
    readonly segments: readonly unknown[];
    readonly violations: readonly { readonly invariant: string; readonly detail: string }[];
    readonly reference?: unknown;
  }[];
}

async function written(): Promise<Written> {
  const run = await runScenario(edition("illumos", ILLUMOS), "release", parseScenario(EXAMPLE, "example"));
  return JSON.parse(formatRun(run)) as Written;
}

const EMPTY = { type: "empty" };

test("the example's second step is written exactly as the description shows it", async (t) => {
  const { driver, kernel, steps } = await written();
  t.deepEqual([driver, kernel], ["illumos", "release"]);
  const second = steps[1];
  t.deepEqual([second?.ret, second?.panic], [14, null]);
  const shown = [
    { fn: "hat_devload", seg: 0, page: 1, count: 1, lock: true },
    { fn: "update_va_mapping_otherdomain", seg: 0, page: 1, mfn: "0x100", domid: 7, writable: true, rc: 0 },
  ];
  const at = second?.calls.findIndex((call) => JSON.stringify(call) === JSON.stringify(shown[0])) ?? -1;
  t.deepEqual(second?.calls.slice(at, at + 2), shown);
  t.deepEqual(second?.segments, [
    {
      domid: 7,
      softlockcnt: 0,
      map: [EMPTY, EMPTY, EMPTY, EMPTY],
      registered: [null, null, null, null],
      ptes: [null, { kind: "foreign", mfn: "0x100", domid: 7, writable: true }, null, null],
      locks: 0,
    },
  ]);
  t.deepEqual(
    second?.violations.map(({ invariant }) => invariant),
    ["empty-rollback", "map-is-truth"],
  );
  t.is(
    second?.violations.find(({ invariant }) => invariant === "map-is-truth")?.detail,
    "segment 0, page 1: EMPTY in the map, but its PTE maps frame 0x100 of domain 7",
  );
});

test("from the step after the first violation on the specification is no reference", async (t) => {
  const { steps } = await written();
  t.deepEqual(
    steps.map(({ ret }) => ret),
    [0, 14, null, null, 0, 0, 0, 14, 0, 0],
  );
  t.deepEqual(
    steps.map(({ reference }) => reference),
    [undefined, undefined, ...new Array<boolean>(8).fill(false)],
  );
  t.deepEqual(Object.keys(steps[1] ?? {}), ["ret", "panic", "calls", "segments", "violations"]);
  t.deepEqual(Object.keys(steps[2] ?? {}), ["ret", "panic", "calls", "segments", "violations", "reference"]);
  t.deepEqual(steps[0]?.violations, []);
  t.deepEqual(steps.at(-1)?.segments, [null, null]);
});
