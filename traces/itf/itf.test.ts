import { readFileSync } from "node:fs";
import { ofItf, toItf } from "@informalsystems/quint/dist/src/itf.js";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { parseTraces } from "../read.js";
import { ScenarioError } from "../scenario/error.js";
import { formatScenario } from "../scenario/format.js";
import { EXAMPLE, traceArbitrary, traceOf } from "../trace/testkit.js";
import { parseItf } from "./read.js";
import { writeItf } from "./write.js";

const file = new URL("../../../schemas/segmf-itf-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
const conforms = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const bytes = (text: string) => new TextEncoder().encode(text);

test("any trace is read back, byte for byte, and a run of it is written as the same text", (t) => {
  fc.assert(
    fc.property(traceArbitrary, (trace) => {
      const text = writeItf(trace);
      const [named, second] = parseTraces(bytes(text), "f");
      if (named === undefined || second !== undefined) return t.fail();
      const { scenario } = named;
      t.is(formatScenario(scenario), formatScenario(trace.scenario));
      t.is(writeItf({ ...trace, scenario }), text);
      t.true(conforms(JSON.parse(text)), JSON.stringify(conforms.errors));
    }),
    { numRuns: 60 },
  );
});

test("Quint's reader understands every state, and its writer writes the same", (t) => {
  for (const kernel of ["debug", "release"] as const) {
    const itf = JSON.parse(writeItf(traceOf(EXAMPLE, { kernel })));
    const states = ofItf(itf);
    t.is(states.length, EXAMPLE.steps.length + 1);
    const written = toItf(itf.vars, [...states]);
    t.true(written.isRight());
    t.deepEqual(written.isRight() && written.value.states, itf.states);
  }
});

test("steps that a panic left out are states too", (t) => {
  const [create, add] = EXAMPLE.steps;
  const misaligned = {
    call: { call: "unmap", seg: 0, addr: 1, len: 1 },
    answers: { ...create?.answers },
  } as typeof add;
  if (create === undefined || add === undefined || misaligned === undefined) return t.fail();
  const trace = traceOf({ pages: 4, steps: [create, misaligned, add] });
  t.is(trace.run.steps.length, 2);
  const { states } = JSON.parse(writeItf(trace));
  t.deepEqual(
    states.map((state: { ran: boolean; panic: { tag: string } }) => [state.ran, state.panic.tag]),
    [
      [false, "None"],
      [true, "None"],
      [true, "Some"],
      [false, "None"],
    ],
  );
});

test("an ITF of another tool is read, however it writes numbers and whatever else is in a state", (t) => {
  const none = { tag: "None", value: { "#tup": [] } };
  const some = (value: unknown) => ({ tag: "Some", value });
  const text = JSON.stringify({
    vars: ["mbt::actionTaken", "mbt::nondetPicks", "pages", "balance", "mbt::actionTaken"],
    states: [
      { "mbt::actionTaken": "init", "mbt::nondetPicks": { seg: none }, pages: 1, balance: { "#map": [["x", 1]] } },
      {
        "#meta": { index: 1 },
        "mbt::actionTaken": "create",
        "mbt::nondetPicks": { seg: some({ "#bigint": "0" }), prot: some("r") },
        pages: { "#bigint": "1" },
        balance: { "#set": [] },
      },
    ],
  });
  t.is(
    formatScenario(parseItf(text, "f")),
    `{ "format": "segmf-scenario/1",
  "segment": { "pages": 1 },
  "steps": [
    { "call": "create", "seg": 0, "prot": "r", "maxprot": "rwx" } ] }
`,
  );
});

const GOOD = writeItf(traceOf({ pages: 1, steps: EXAMPLE.steps.slice(0, 2) }));
const SECOND = '$.states[2]["mbt::nondetPicks"]';

/** What is wrong: how a good text is made so, and what is said of it. */
const WRONG: Readonly<Record<string, readonly [(text: string) => string, string]>> = {
  truncated: [
    (text) => text.slice(0, text.indexOf('"mbt::actionTaken":') + 1),
    "$.states[0]: expected the rest of a string and its closing quote at 4:23, got the end of the text",
  ],
  "another version": [
    (text) => text.replace("segmf-itf/1", "segmf-itf/2"),
    '$["#meta"].encoding: expected "segmf-itf/1", got "segmf-itf/2"',
  ],
  "an unknown member": [
    (text) => text.replace('"vars":', '"var":'),
    '$: expected a member of an ITF trace (nearest: "vars"), got "var"',
  ],
  "an unknown variable": [
    (text) => text.replace('"freed":', '"fred":'),
    '$.states[0]: expected a member of a state (nearest: "freed"), got "fred"',
  ],
  "an unknown pick": [
    (text) => text.replace('"delta":', '"delto":'),
    '$.states[0]["mbt::nondetPicks"]: expected a member of the picks (nearest: "delta"), got "delto"',
  ],
  "a pick of another call": [
    (text) => text.replace('"add_mfns"', '"free"'),
    `${SECOND}: expected a member of free ("call", "seg", "waiting", "answers"), got "count"`,
  ],
  "an unknown call": [
    (text) => text.replace('"add_mfns"', '"add_mfn"'),
    '$.states[2]["mbt::actionTaken"]: expected one of the names (nearest: "add_mfns"), got "add_mfn"',
  ],
  "a number out of range": [
    (text) => text.replace('{"#bigint":"7"}', '{"#bigint":"65536"}'),
    `${SECOND}.domid: expected a whole number from 0 to 65535 or "0x…", got 65536`,
  ],
  "a number of too many digits": [
    (text) => text.replace('{"#bigint":"7"}', `{"#bigint":"${"7".repeat(41)}"}`),
    `${SECOND}.domid.value["#bigint"]: expected the digits of a whole number as a string, got "${"7".repeat(40)}…"`,
  ],
  "an unknown construct": [
    (text) => text.replace('{"#bigint":"7"}', '{"#int":"7"}'),
    `${SECOND}.domid.value: expected a member of an ITF expression that has "#int" (nearest: "#set"), got "#int"`,
  ],
  "a loop": [
    (text) => text.replace('"vars":', '"loop":0,"vars":'),
    "$.loop: expected no loop (a scenario ends), got 0",
  ],
  "no state": [
    (text) => text.replace(/"states":.*/s, '"states":[]}'),
    "$.states: expected at least one state, got none",
  ],
  "no first state": [
    (text) => text.replace('"init"', '"create"'),
    '$.states[0]["mbt::actionTaken"]: expected "init" in the first state, got "create"',
  ],
  "another size in a later state": [
    (text) => text.replace(/"pages":\{"#bigint":"1"\}(?!.*"pages":\{"#bigint":"1"\})/s, '"pages":{"#bigint":"2"}'),
    "$.states[2].pages: expected 1, as in the first state, got 2",
  ],
  "steps out of order": [
    (text) =>
      text.replace('"seg":{"tag":"Some","value":{"#bigint":"0"}}', '"seg":{"tag":"Some","value":{"#bigint":"1"}}'),
    '$.states[1]["mbt::nondetPicks"].seg: expected 0, the number of the next segment to come to be, got 1',
  ],
  "too deep": [
    (text) => text.replace('"#meta":{', `"#meta":{"x":${"[".repeat(70)}${"]".repeat(70)},`),
    `$["#meta"].x${"[0]".repeat(62)}: expected at most 64 arrays and objects within one another at 1:77, got '['`,
  ],
};

for (const [what, [spoil, expected]] of Object.entries(WRONG)) {
  test(`${what} is no ITF of ours`, (t) => {
    const error = t.throws(() => parseTraces(bytes(spoil(GOOD)), "f"), { instanceOf: ScenarioError });
    t.is(error?.message, `f: ${expected}`);
  });
}

test("bytes that are no UTF-8", (t) => {
  const error = t.throws(() => parseTraces(Uint8Array.from([...bytes('{"#meta":"'), 0xff]), "f"));
  t.is(error?.message, "f: $: expected UTF-8 text, got byte 0xff at offset 10");
});

test("whatever is put into the text, it is read or there is an error of one line", (t) => {
  let errors = 0;
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat(12),
    put: fc.oneof(fc.string({ maxLength: 4 }), fc.json({ maxDepth: 1 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((whole, { at, cut, put }) => {
        const place = at % (whole.length + 1);
        return whole.slice(0, place) + put + whole.slice(place + cut);
      }, GOOD);
      try {
        parseItf(text, "f.json");
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        errors++;
        t.regex(error.message, /^f\.json: \$\P{Cc}*: expected \P{Cc}+, got \P{Cc}+$/u);
      }
    }),
    { numRuns: 400 },
  );
  t.true(errors > 200, `${errors} errors`);
});
