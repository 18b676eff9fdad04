import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import type { KernelCall } from "../../impl/driver.js";
import { formatRun } from "./format.js";
import type { RunResult, RunSegment, RunStep } from "./run.js";

const file = new URL("../../../schemas/segmf-run-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
// Strict in all that this version can check, but for unions of a type with null.
const conforms = new Ajv2020({ strict: true, strictTypes: true, allowUnionTypes: true }).compile(schema);

const SEGMENT: RunSegment = {
  domid: 7,
  softlockcnt: -1,
  map: [
    { type: "empty" },
    { type: "mfn", mfn: 0x100n },
    { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: 0x9010n },
  ],
  registered: [null, null, 0x9010n],
  ptes: [
    { kind: "throwaway" },
    { kind: "foreign", mfn: 0x100n, domid: 7, writable: false },
    { kind: "grant", gref: 5, handle: 1, domid: 7, writable: true },
  ],
  locks: -2,
};
const SEGMENT_JSON = {
  domid: 7,
  softlockcnt: -1,
  map: [
    { type: "empty" },
    { type: "mfn", mfn: "0x100" },
    { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: "0x9010" },
  ],
  registered: [null, null, "0x9010"],
  ptes: [
    { kind: "throwaway" },
    { kind: "foreign", mfn: "0x100", domid: 7, writable: false },
    { kind: "grant", gref: 5, handle: 1, domid: 7, writable: true },
  ],
  locks: -2,
};

/** One recorded call of every shape. */
const CALLS: readonly KernelCall[] = [
  { fn: "panic" },
  { fn: "specfind" },
  { fn: "kmem_alloc", bytes: 64, block: 1 },
  { fn: "kmem_zalloc", bytes: 0, block: null },
  { fn: "kmem_free", block: 1, bytes: 64 },
  { fn: "mutex_enter", lock: "segment", seg: 0 },
  { fn: "mutex_exit", lock: "freemem_lock" },
  { fn: "vop_addmap", seg: 0, page: 0, count: 4, prot: "rw", maxprot: "rwx", rc: 0 },
  { fn: "hat_map", seg: 0, page: 0, count: 4 },
  { fn: "hat_devload", seg: 0, page: 1, count: 1, lock: true },
  { fn: "hat_unload", seg: 0, page: 1, count: 1, unlock: false },
  { fn: "update_va_mapping_otherdomain", seg: 0, page: 1, mfn: 0x100n, domid: 7, writable: true, rc: -22 },
  {
    fn: "map_grant_ref",
    seg: 0,
    elements: [{ host_addr: 0xbaddcafebaddcafen, domid: 7, gref: 5, writable: true, status: 0, handle: null }],
    rc: 0,
  },
  { fn: "unmap_grant_ref", seg: 0, elements: [{ host_addr: 0x9010n, handle: 1, status: null }], rc: null },
  { fn: "as_isunmapwait", seg: 0, waiting: true },
  { fn: "seg_free", seg: 0 },
];

const STEP: RunStep = { ret: 0, panic: null, calls: [], segments: [], violations: [] };

function runOf(...steps: readonly RunStep[]): RunResult {
  return { driver: "illumos", kernel: "release", steps };
}

/** What a run's text says, having checked that it is one line and conforms to the schema. */
function written(...steps: readonly RunStep[]): unknown {
  const text = formatRun(runOf(...steps));
  if (text.includes("\n")) throw new Error("a run is one line");
  const json: unknown = JSON.parse(text);
  if (conforms(json) !== true) throw new Error(JSON.stringify(conforms.errors));
  return json;
}

test("writes a run with exactly the members of the format", (t) => {
  const violations = [{ invariant: "map-is-truth", detail: "segment 0, page 1: …" }];
  const broken: RunStep = { ret: 14, panic: null, calls: CALLS, segments: [SEGMENT, null], violations };
  const last: RunStep = { ...STEP, ret: null, panic: "assertion failed", reference: false };
  t.deepEqual(written(broken, last), {
    format: "segmf-run/1",
    driver: "illumos",
    kernel: "release",
    steps: [
      {
        ret: 14,
        panic: null,
        calls: JSON.parse(
          JSON.stringify(CALLS, (_name, value) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value)),
        ),
        segments: [SEGMENT_JSON, null],
        violations,
      },
      { ret: null, panic: "assertion failed", calls: [], segments: [], violations: [], reference: false },
    ],
  });
});

test("the members are in the order of the format, whatever order they were given in", (t) => {
  const backwards: RunStep = {
    violations: [{ detail: "…", invariant: "wake" }],
    segments: [
      {
        locks: 0,
        ptes: [{ writable: true, domid: 7, mfn: 1n, kind: "foreign" }],
        registered: [null],
        map: [{ mfn: 1n, type: "mfn" }],
        softlockcnt: 1,
        domid: 7,
      },
    ],
    calls: [{ seg: 0, fn: "seg_free" }],
    panic: null,
    ret: 0,
  };
  t.is(
    formatRun({ steps: [backwards], kernel: "debug", driver: "corrected" }),
    '{"format":"segmf-run/1","driver":"corrected","kernel":"debug","steps":[{"ret":0,"panic":null,' +
      '"calls":[{"fn":"seg_free","seg":0}],"segments":[{"domid":7,"softlockcnt":1,"map":[{"type":"mfn","mfn":"0x1"}],' +
      '"registered":[null],"ptes":[{"kind":"foreign","mfn":"0x1","domid":7,"writable":true}],"locks":0}],' +
      '"violations":[{"invariant":"wake","detail":"…"}]}]}',
  );
});

test("what is more in the data than in the format is not written", (t) => {
  const more = {
    ...SEGMENT,
    stillborn: false,
    map: [{ type: "empty", mfn: 1n } as const],
    ptes: [{ kind: "throwaway", mfn: 0n } as const],
  };
  t.like(written({ ...STEP, segments: [more] }), {
    steps: [{ segments: [{ ...SEGMENT_JSON, map: [{ type: "empty" }], ptes: [{ kind: "throwaway" }] }] }],
  });
  t.false(formatRun(runOf({ ...STEP, segments: [more] })).includes("stillborn"));
});

test("a returned value is a number as far as a number holds it", (t) => {
  const ret = (value: RunStep["ret"]) => formatRun(runOf({ ...STEP, ret: value })).match(/"ret":([^,]*),/)?.[1];
  t.is(ret(null), "null");
  t.is(ret(-1), "-1");
  t.is(ret(2 ** 53 - 1), "9007199254740991");
  t.is(ret(2 ** 53), '"0x20000000000000"');
  t.is(ret(-(2 ** 63)), '"0x8000000000000000"');
  t.is(ret("0xffffffffffffffff"), '"0xffffffffffffffff"');
});

/** The JSON of a run of one step in which some members are others; `undefined` is one that is not there. */
function jsonWith(members: object, run: object = {}): unknown {
  const json = JSON.parse(formatRun(runOf({ ...STEP, calls: CALLS, segments: [SEGMENT] })));
  return JSON.parse(JSON.stringify({ ...json, ...run, steps: [{ ...json.steps[0], ...members }] }));
}

test("the schema refuses what the format does not have", (t) => {
  t.true(conforms(jsonWith({})));
  const segment = (change: object) => jsonWith({ segments: [{ ...SEGMENT_JSON, ...change }] });
  const call = (changed: object) => jsonWith({ calls: [changed] });
  const wrong: Readonly<Record<string, unknown>> = {
    "a member of a step": jsonWith({ asked: [] }),
    "a missing member": jsonWith({ panic: undefined }),
    "reference true": jsonWith({ reference: true }),
    "a word as a number": segment({ registered: [0x9010] }),
    "a word in capitals": segment({ registered: ["0xABC"] }),
    "a word with leading zeros": segment({ registered: ["0x01"] }),
    "a member of a segment": segment({ stillborn: false }),
    "a record that is half another": segment({ map: [{ type: "empty", mfn: "0x1" }] }),
    "a pte without its domid": segment({ ptes: [{ kind: "foreign", mfn: "0x1", writable: true }] }),
    "an unknown function": call({ fn: "hat_getattr", seg: 0 }),
    "another function's argument": call({ fn: "hat_unlock", seg: 0, page: 0, count: 1, lock: true }),
    "a mutex of no segment": call({ fn: "mutex_enter", lock: "segment" }),
    "another format": jsonWith({}, { format: "segmf-run/2" }),
    "another kernel": jsonWith({}, { kernel: "DEBUG" }),
    "a member of a run": jsonWith({}, { file: "a.json" }),
  };
  for (const [what, json] of Object.entries(wrong)) t.false(conforms(json), what);
});
