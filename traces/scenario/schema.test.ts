import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { readJson } from "../json/read.js";
import { ScenarioError } from "./error.js";
import { formatScenario } from "./format.js";
import { decodeScenario } from "./parse.js";
import { scenarioArbitrary } from "./scenario.arbitrary.js";

const file = new URL("../../../schemas/segmf-scenario-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
// Strict in all that this version can check, so that a misspelt keyword of the schema is an error.
const conforms = new Ajv2020({ strict: true, strictTypes: true }).compile(schema);

/** Whether the text decodes; fails on any error but the one that is meant for a wrong file. */
function decodes(text: string): boolean {
  try {
    decodeScenario(readJson(text), "f");
    return true;
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
}

test("the schema accepts what is written", (t) => {
  fc.assert(
    fc.property(scenarioArbitrary(), (scenario) => {
      t.true(conforms(JSON.parse(formatScenario(scenario))), JSON.stringify(conforms.errors));
    }),
  );
});

/** The ends of every range and what is just beyond them, as numbers and as strings. */
const ENDS = [0, 1, 512, 2 ** 15, 65_535, 2 ** 16, 2 ** 28, 2 ** 31, 2 ** 32, 2 ** 52];
const NUMBERS = ENDS.flatMap((end) => [end - 1, end, end + 1]).flatMap((number) => [number, -number]);
const WORDS = NUMBERS.filter((number) => number >= 0).map((number) => `0x${number.toString(16)}`);
const SPELLINGS = ["0x00ffff", "0x0000010000", "0xFFFF", "0x000", `0x${"f".repeat(16)}`, `0x1${"0".repeat(16)}`];
const NO_NUMBERS = ["", "0x", "0X1", "0xg", "-0x1", "0x1 ", "0x1\n", "7", 1.5, 1e21, 1e300, null, true, false];
const NAMED = [
  "none",
  "r",
  "wr",
  "rwx",
  "softlock",
  "read",
  "create",
  "unmap",
  "getprot",
  "swapout",
  "segmf-scenario/2",
];
const NESTED = [[], {}, [0], [-1], [[]], { rc: 0 }, { status: [-1] }, [{ rc: -1 }, {}], { addmap: 0 }, { pages: 1 }];
const VALUES: readonly unknown[] = [...NUMBERS, ...WORDS, ...SPELLINGS, ...NO_NUMBERS, ...NAMED, ...NESTED];

/** Every member that some object of the format has, and two that none has. */
const NAMES = (
  "format segment pages steps call seg into page count mfn domid pte_ma grefs writable prot maxprot type rw addr len " +
  "delta foreign waiting answers addmap update_va_mapping map_grant_ref unmap_grant_ref rc status constructor seq"
).split(" ");

const RANGE = { seg: 0, page: 1, count: 2 };
const GRANT_ANSWERS = [{ rc: 0, status: [0, -1] }, {}];
const ANSWERS = { addmap: 0, update_va_mapping: [0], map_grant_ref: GRANT_ANSWERS };
const FLAGS = { foreign: true, waiting: false };
/** Every form of a step, with all its members. */
const STEPS: readonly object[] = [
  { call: "create", seg: 0, prot: "rw", maxprot: "rwx", waiting: true, answers: ANSWERS },
  { call: "add_mfns", ...RANGE, mfn: "0x100", domid: 7, ...FLAGS, answers: {} },
  { call: "add_gref_pte", seg: 0, page: 1, pte_ma: "0x9008" },
  { call: "add_grefs", seg: 0, page: 1, grefs: [5, "0x6"], writable: true, domid: 7, ...FLAGS },
  { call: "release_grefs", ...RANGE, answers: { ...ANSWERS, unmap_grant_ref: { rc: 0, status: [0] } } },
  { call: "dup", seg: 0, into: 1 },
  { call: "unmap", ...RANGE },
  { call: "unmap", seg: 0, addr: 1, len: 2 },
  { call: "free", seg: 0 },
  { call: "fault", ...RANGE, type: "prot", rw: "exec" },
  { call: "kluster", ...RANGE, delta: -1 },
  { call: "checkprot", ...RANGE, prot: "r" },
  { call: "getprot", ...RANGE },
];
const FILES = STEPS.map((step) => ({ format: "segmf-scenario/1", segment: { pages: 4 }, steps: [step] }));

/** Every JSON value that differs from this one in one place: a value that is another, one that is gone, one that is new. */
function* neighbours(json: unknown): Generator<unknown> {
  yield* VALUES;
  if (Array.isArray(json)) {
    for (const [index, element] of json.entries()) {
      yield json.toSpliced(index, 1);
      for (const other of neighbours(element)) yield json.with(index, other);
    }
    for (const value of VALUES) yield [...json, value];
  } else if (typeof json === "object" && json !== null) {
    for (const [name, member] of Object.entries(json)) {
      yield Object.fromEntries(Object.entries(json).filter(([other]) => other !== name));
      for (const other of neighbours(member)) yield { ...json, [name]: other };
    }
    for (const name of NAMES.filter((other) => !Object.hasOwn(json, other))) {
      for (const value of [0, true, "r", "0x1"]) yield { ...json, [name]: value };
    }
  }
}

for (const [index, json] of FILES.entries()) {
  test(`the schema accepts a file if and only if it is read: all that is one change from ${JSON.stringify(STEPS[index])}`, (t) => {
    t.true(conforms(json), JSON.stringify(conforms.errors));
    let accepted = 0;
    let refused = 0;
    for (const other of neighbours(json)) {
      const expected = conforms(other) === true;
      const text = JSON.stringify(other);
      if (decodes(text) !== expected) t.fail(`the schema ${expected ? "accepts" : "refuses"} ${text}`);
      if (expected) accepted++;
      else refused++;
    }
    t.true(accepted > 50 && refused > 500, `${accepted} accepted, ${refused} refused`);
  });
}

test("the schema accepts as many refs as are read", (t) => {
  for (const [count, expected] of [
    [65_535, true],
    [65_536, false],
  ] as const) {
    const step = { call: "add_grefs", seg: 0, page: 0, grefs: Array(count).fill(0), domid: 7 };
    const json = { format: "segmf-scenario/1", segment: { pages: 4 }, steps: [step] };
    t.is(conforms(json), expected);
    t.is(decodes(JSON.stringify(json)), expected);
  }
});
