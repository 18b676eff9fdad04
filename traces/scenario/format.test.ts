import test from "ava";
import fc from "fast-check";
import { parseTraces } from "../read.js";
import { ScenarioError } from "./error.js";
import { formatScenario } from "./format.js";
import { formatScenarioLines } from "./lines.js";
import { parseScenario } from "./parse.js";
import { scenarioArbitrary } from "./scenario.arbitrary.js";
import { ALL_SUCCEED, type Answers, type Scenario } from "./scenario.js";

function scenarioWith(answers: Partial<Answers>): Scenario {
  return {
    pages: 1,
    steps: [{ call: { call: "release_grefs", seg: 0, page: 0, count: 1 }, answers: { ...ALL_SUCCEED, ...answers } }],
  };
}

test("writes every call in the canonical form", (t) => {
  const scenario: Scenario = {
    pages: 4,
    steps: [
      { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED },
      {
        call: { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: 0x100, domid: 7, foreign: true, waiting: true },
        answers: { ...ALL_SUCCEED, update_va_mapping: [0, -22, 0] },
      },
      { call: { call: "add_gref_pte", seg: 0, page: 2, pte_ma: 0x9010n }, answers: ALL_SUCCEED },
      {
        call: { call: "add_grefs", seg: 0, page: 2, grefs: [5, 6], writable: false, domid: 7 },
        answers: { ...ALL_SUCCEED, map_grant_ref: [{ rc: 0, status: [0, -1] }] },
      },
      {
        call: { call: "release_grefs", seg: 0, page: 2, count: 2 },
        answers: {
          ...ALL_SUCCEED,
          unmap_grant_ref: [
            { rc: 0, status: [] },
            { rc: -1, status: [] },
          ],
        },
      },
      { call: { call: "dup", seg: 0, into: 1, waiting: true }, answers: { ...ALL_SUCCEED, addmap: 12 } },
      { call: { call: "free", seg: 1 }, answers: ALL_SUCCEED },
      { call: { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }, answers: ALL_SUCCEED },
      { call: { call: "kluster", seg: 0, page: 0, count: 1, delta: -2 }, answers: ALL_SUCCEED },
      { call: { call: "checkprot", seg: 0, page: 0, count: 1, prot: "r" }, answers: ALL_SUCCEED },
      { call: { call: "unmap", seg: 0, addr: 4096, len: 4095 }, answers: ALL_SUCCEED },
      { call: { call: "unmap", seg: 0, addr: -4096, len: 8192 }, answers: ALL_SUCCEED },
      { call: { call: "unmap", seg: 0, addr: 0, len: 2 ** 28 }, answers: ALL_SUCCEED },
      { call: { call: "unmap", seg: 0, addr: 0, len: 16384 }, answers: ALL_SUCCEED },
    ],
  };
  t.is(
    formatScenario(scenario),
    `{ "format": "segmf-scenario/1",
  "segment": { "pages": 4 },
  "steps": [
    { "call": "create", "seg": 0, "prot": "rw", "maxprot": "rwx" },
    { "call": "add_mfns", "seg": 0, "page": 1, "count": 2, "mfn": "0x100", "domid": 7, "foreign": true, "waiting": true, "answers": { "update_va_mapping": [0, -22] } },
    { "call": "add_gref_pte", "seg": 0, "page": 2, "pte_ma": "0x9010" },
    { "call": "add_grefs", "seg": 0, "page": 2, "grefs": [5, 6], "writable": false, "domid": 7, "answers": { "map_grant_ref": { "rc": 0, "status": [0, -1] } } },
    { "call": "release_grefs", "seg": 0, "page": 2, "count": 2, "answers": { "unmap_grant_ref": [{ "rc": 0 }, { "rc": -1 }] } },
    { "call": "dup", "seg": 0, "into": 1, "waiting": true, "answers": { "addmap": 12 } },
    { "call": "free", "seg": 1 },
    { "call": "fault", "seg": 0, "page": 0, "count": 1, "type": "softlock", "rw": "read" },
    { "call": "kluster", "seg": 0, "page": 0, "count": 1, "delta": -2 },
    { "call": "checkprot", "seg": 0, "page": 0, "count": 1, "prot": "r" },
    { "call": "unmap", "seg": 0, "addr": 4096, "len": 4095 },
    { "call": "unmap", "seg": 0, "addr": -4096, "len": 8192 },
    { "call": "unmap", "seg": 0, "addr": 0, "len": 268435456 },
    { "call": "unmap", "seg": 0, "page": 0, "count": 4 } ] }
`,
  );
});

test("a scenario without steps is one too", (t) => {
  const text = '{ "format": "segmf-scenario/1",\n  "segment": { "pages": 512 },\n  "steps": [ ] }\n';
  t.is(formatScenario({ pages: 512, steps: [] }), text);
  t.deepEqual(parseScenario(text, "f"), { pages: 512, steps: [] });
});

test("answers out of their normal form are written as if they were in it", (t) => {
  const loose = scenarioWith({
    update_va_mapping: [0, 0],
    map_grant_ref: [
      { rc: 0, status: [-1, 0] },
      { rc: 0, status: [0] },
    ],
    unmap_grant_ref: [{ rc: 0, status: [0, 0] }],
  });
  t.is(formatScenario(loose), formatScenario(scenarioWith({ map_grant_ref: [{ rc: 0, status: [-1] }] })));
});

test("what is written is read as the same scenario", (t) => {
  fc.assert(
    fc.property(scenarioArbitrary(), (scenario) => {
      t.deepEqual(parseScenario(formatScenario(scenario), "f"), scenario);
    }),
    { numRuns: 300 },
  );
});

/** The same JSON in another spelling: numbers in hexadecimal, members in reverse, white space everywhere. */
function respell(json: unknown): unknown {
  if (typeof json === "number" && json >= 0) return `0x00${json.toString(16).toUpperCase()}`;
  if (Array.isArray(json)) return json.map(respell);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .reverse()
      .map(([name, member]) => [name, respell(member)]),
  );
}

test("however a scenario is spelt, it is read as the same and written in one way", (t) => {
  fc.assert(
    fc.property(scenarioArbitrary(), (scenario) => {
      const canonical = formatScenario(scenario);
      const other = JSON.stringify(respell(JSON.parse(canonical)), null, 3);
      t.deepEqual(parseScenario(other, "f"), scenario);
      t.is(formatScenario(parseScenario(other, "f")), canonical);
    }),
  );
});

test("scenarios on lines are read back, each by its line; what is wrong is told by line, too", (t) => {
  const some = fc.array(scenarioArbitrary({ maxSteps: 5 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(some, (scenarios) => {
      const text = formatScenarioLines(scenarios);
      const read = parseTraces(new TextEncoder().encode(text), "f");
      t.is(formatScenarioLines(read.map(({ scenario }) => scenario)), text);
      t.deepEqual(
        read.map(({ file }) => file),
        scenarios.map((_, at) => `f:${at + 1}`),
      );
    }),
    { numRuns: 50 },
  );
  const good = JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 1 }, steps: [] });
  const wrong = (third: string) =>
    t.throws(() => parseTraces(new TextEncoder().encode(`${good}\n\n${third}\n`), "f"), { instanceOf: ScenarioError })
      .message;
  t.is(wrong(good.replace("1}", "0}")), 'f:3: $.segment.pages: expected a whole number from 1 to 512 or "0x…", got 0');
  t.is(wrong("{"), 'f:3: $: expected a member name or "}" at 1:2, got the end of the text');
});
