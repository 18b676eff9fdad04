import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { formatLog } from "./format.js";
import { logArbitrary } from "./log.arbitrary.js";
import { PLAIN_HEADER } from "./log.js";
import { parseLog } from "./read.js";

const file = new URL("../../../schemas/segmf-log-1.schema.json", import.meta.url);
const schema: AnySchemaObject = JSON.parse(readFileSync(file, "utf8"));
const conforms = new Ajv2020({ strict: true, strictTypes: true }).compile(schema);

const bytes = (text: string) => new TextEncoder().encode(text);

test("what is written is read back, and written again byte for byte", (t) => {
  fc.assert(
    fc.property(logArbitrary(), (log) => {
      const text = formatLog(log);
      const read = parseLog(bytes(text), "f.jsonl");
      t.deepEqual(read, log);
      t.is(formatLog(read), text);
    }),
    { numRuns: 40 },
  );
});

test("every line that is written conforms to the schema", (t) => {
  fc.assert(
    fc.property(logArbitrary(), (log) => {
      for (const line of formatLog(log).trimEnd().split("\n")) {
        t.true(conforms(JSON.parse(line)), `${line}: ${JSON.stringify(conforms.errors)}`);
      }
    }),
    { numRuns: 40 },
  );
});

test("the schema refuses what the reader refuses", (t) => {
  const lines = [
    { format: "segmf-log/2", pages: 1 },
    { format: "segmf-log/1" },
    { format: "segmf-log/1", pages: 0 },
    { format: "segmf-log/1", pages: 1, underWay: 1 },
    { format: "segmf-log/1", pages: 1, driver: "illumos" },
    { event: "call", thread: 0, call: "free", seg: 0, answers: {} },
    { event: "call", thread: -1, call: "free", seg: 0 },
    { event: "return", thread: 0, ret: 0.5 },
    { event: "return", thread: 0, ret: "0xG" },
    { event: "panic", thread: 0 },
    { event: "end", events: 3 },
  ];
  for (const line of lines) {
    const text = JSON.stringify(line);
    t.false(conforms(line), text);
    const before = "format" in line ? "" : '{"format":"segmf-log/1","pages":1}\n';
    t.throws(() => parseLog(bytes(`${before}${text}\n{"event":"end"}\n`), "f"), { name: "ScenarioError" }, text);
  }
});

test("a log as it is written", (t) => {
  const text = formatLog({
    header: {
      ...PLAIN_HEADER,
      pages: 2,
      start: "middle",
      underWay: 1,
      answers: "some",
      recorded: { driver: "illumos", kernel: "debug" },
    },
    events: [
      {
        event: "call",
        thread: 3,
        space: 1,
        pages: 4,
        call: { call: "add_mfns", seg: 0, page: 1, count: 1, mfn: 0x100, domid: 7 },
      },
      { event: "return", thread: 3, ret: 0, answers: { update_va_mapping: [] } },
      { event: "return", thread: 4, ret: undefined, answers: {} },
      { event: "panic", thread: 5, reason: "segmf_unmap", answers: {} },
      { event: "end" },
    ],
  });
  t.deepEqual(text.split("\n"), [
    '{"format":"segmf-log/1","pages":2,"start":"middle","underWay":1,"answers":"some","driver":"illumos","kernel":"debug"}',
    '{"event":"call","thread":3,"space":1,"pages":4,"call":"add_mfns","seg":0,"page":1,"count":1,"mfn":"0x100","domid":7}',
    '{"event":"return","thread":3,"ret":0,"answers":{"update_va_mapping":[]}}',
    '{"event":"return","thread":4}',
    '{"event":"panic","thread":5,"reason":"segmf_unmap"}',
    '{"event":"end"}',
    "",
  ]);
});
