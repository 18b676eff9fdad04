import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { readJson } from "../json/read.js";
import { ScenarioError } from "./error.js";
import { formatScenario } from "./format.js";
import { decodeScenario, parseScenario } from "./parse.js";
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

/** A value that is likely to be at, or just beyond, the edge of what some member takes. */
const odd = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.nat(20),
      fc.nat(20).map((number) => `0x${number.toString(16)}`),
    ),
  },
  fc.constantFrom(
    ...[-268435457, -268435456, -65536, -65535, -32769, -32768, -1, 0, 1, 512, 513, 32767, 32768, 65535, 65536],
    ...[
      2 ** 28,
      2 ** 28 + 1,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31),
      -(2 ** 31) - 1,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 52,
      2 ** 52 + 1,
      1.5,
      1e21,
    ],
  ),
  fc.constantFrom(
    ...[
      "0x0",
      "0x",
      "0X1",
      "0xg",
      "-0x1",
      "0x1 ",
      "0x00200",
      "0x201",
      "0x7fff",
      "0x8000",
      "0xffff",
      "0x10000",
      "0x00000ffff",
    ],
    ...["0x7FFFFFFF", "0x80000000", "0xffffffff", "0x100000000", "0x10000000", "0x10000001", "0x10000000000000"],
    ...["0x10000000000001", "0xffffffffffffffff", "0x10000000000000000", "0x00ffffffffffffffff", "7", ""],
  ),
  fc.constantFrom("rw", "none", "wr", "softlock", "read", "create", "unmap", "dump", "swapout", "segmf-scenario/1"),
  fc.constantFrom<unknown>(null, true, false, [], {}, [0], [-1], { rc: 0 }, { status: [-1] }, [{ rc: -1 }, {}], [[]]),
  fc.jsonValue({ maxDepth: 2 }),
);
const NAMES = [
  ...["format", "segment", "pages", "steps", "call", "seg", "into", "page", "count", "mfn", "domid", "pte_ma", "grefs"],
  ...["writable", "prot", "maxprot", "type", "rw", "addr", "len", "delta", "foreign", "waiting", "answers", "addmap"],
  ...["update_va_mapping", "map_grant_ref", "unmap_grant_ref", "rc", "status", "constructor", "seq"],
];

/** How to change a JSON value somewhere in it. */
interface Change {
  /** Which way to go at each level; the change is made where this ends or nothing is below. */
  readonly way: readonly number[];
  readonly how: "replace" | "remove" | "add";
  readonly name: string;
  readonly value: unknown;
}
const change: fc.Arbitrary<Change> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
  how: fc.constantFrom("replace", "remove", "add"),
  name: fc.constantFrom(...NAMES),
  value: odd,
});

function changed(json: unknown, { way, ...how }: Change): unknown {
  if (typeof json !== "object" || json === null) return how.value;
  const entries = Object.entries(json);
  const index = (way[0] ?? 0) % Math.max(entries.length, 1);
  const entry = entries[index];
  if (how.how === "add" && way.length === 1) entries.push([how.name, how.value]);
  else if (entry === undefined) entries.push([how.name, how.value]);
  else if (way.length > 1) entries[index] = [entry[0], changed(entry[1], { ...how, way: way.slice(1) })];
  else if (how.how === "remove") entries.splice(index, 1);
  else entries[index] = [entry[0], how.value];
  return Array.isArray(json) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

test("the schema accepts what is written", (t) => {
  fc.assert(
    fc.property(scenarioArbitrary(), (scenario) => {
      t.true(conforms(JSON.parse(formatScenario(scenario))), JSON.stringify(conforms.errors));
    }),
  );
});

test("the schema accepts a file if and only if it is read, but for its order", (t) => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      scenarioArbitrary({ maxSteps: 3 }),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (scenario, changes) => {
        const json = changes.reduce(changed, JSON.parse(formatScenario(scenario)));
        const text = JSON.stringify(json);
        const expected = conforms(json) === true;
        t.is(decodes(text), expected, text);
        if (expected) accepted++;
        else refused++;
      },
    ),
    { numRuns: 3000 },
  );
  t.true(accepted > 100, `${accepted} changed files were right`);
  t.true(refused > 1000, `${refused} changed files were wrong`);
});

test("no text makes the parser throw anything but its error", (t) => {
  const mutated = fc
    .tuple(
      scenarioArbitrary({ maxSteps: 3 }),
      fc.array(change, { maxLength: 2 }),
      fc.nat(),
      fc.nat(5),
      fc.string({ maxLength: 3 }),
    )
    .map(([scenario, changes, at, cut, put]) => {
      const text = JSON.stringify(changes.reduce(changed, JSON.parse(formatScenario(scenario))));
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + cut);
    });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), mutated), (text) => {
      try {
        parseScenario(text, "f.json");
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        t.regex(error.message, /^f\.json: \$[^\n]*: expected [^\n]+, got [^\n]+$/);
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
