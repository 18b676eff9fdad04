import test from "ava";
import fc from "fast-check";
import { ScenarioError } from "../scenario/error.js";
import { formatLog } from "./format.js";
import { logArbitrary } from "./log.arbitrary.js";
import { LONGEST_LINE, type LoggedEvent } from "./log.js";
import { LogReader, parseLog } from "./read.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const HEADER = '{"format":"segmf-log/1","pages":1}\n';
const RETURN = '{"event":"return","thread":0,"ret":0}';

function read(...pieces: readonly Uint8Array[]): { events: LoggedEvent[]; ended: boolean } {
  const reader = new LogReader("f.jsonl");
  const events = [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.finish()];
  return { events, ended: reader.ended };
}

test("a log is the same in pieces of any size", (t) => {
  fc.assert(
    fc.property(logArbitrary(), fc.integer({ min: 1, max: 40 }), (log, size) => {
      const all = bytes(formatLog(log));
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
        all.slice(n * size, (n + 1) * size),
      );
      const { events, ended } = read(...pieces);
      t.true(ended);
      t.deepEqual(
        events.map(({ event }) => event),
        [...log.events],
      );
      t.deepEqual(
        events.map(({ line }) => line),
        log.events.map((_, n) => n + 2),
      );
    }),
    { numRuns: 25 },
  );
});

test("a log that breaks off anywhere is read up to there, and is not whole", (t) => {
  const whole = bytes(
    `${HEADER}${RETURN}\n{"event":"panic","thread":0,"reason":"é","answers":{"addmap":0}}\n{"event":"end"}\n`,
  );
  for (let length = HEADER.length; length < whole.length - 2; length++) {
    const { events, ended } = read(whole.slice(0, length));
    t.false(ended, String(length));
    t.true(events.length <= 2);
  }
  t.true(read(whole.slice(0, -1)).ended, "the last line break may be missing");
});

const ONE_LINE = /^f\.jsonl:\d+: \$\P{Cc}*: expected \P{Cc}+, got \P{Cc}+$/u;

test("whatever the bytes, they are read or there is an error of one line with file and line", (t) => {
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat(12),
    put: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("\n", "{}", "[", "1e9")),
  });
  const edited = fc.tuple(logArbitrary(), fc.array(edit, { minLength: 1, maxLength: 3 })).map(([log, edits]) =>
    bytes(
      edits.reduce((text, { at, cut, put }) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + cut);
      }, formatLog(log)),
    ),
  );
  let errors = 0;
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), { weight: 3, arbitrary: edited }), (text) => {
      try {
        parseLog(text, "f.jsonl");
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        errors++;
        t.regex(error.message, ONE_LINE);
      }
    }),
    { numRuns: 400 },
  );
  t.true(errors > 100, `${errors} errors`);
});

const WRONG: readonly (readonly [string, string])[] = [
  ["", "f.jsonl:1: $: expected a log's first line, got the end of the file"],
  ['{"format":"segmf-scenario/1"}\n', 'f.jsonl:1: $.format: expected "segmf-log/1", got "segmf-scenario/1"'],
  [
    '{"format":"segmf-log/1","pages":513}\n',
    'f.jsonl:1: $.pages: expected a whole number from 1 to 512 or "0x…", got 513',
  ],
  [`${HEADER}{"event":"cal"}\n`, 'f.jsonl:2: $.event: expected one of "call", "return", "panic", "end", got "cal"'],
  [`${HEADER}${RETURN}\n\n`, "f.jsonl:3: $: expected a JSON value at column 1, got the end of the text"],
  [`${HEADER}{"event":"end"}\n${RETURN}\n`, "f.jsonl:3: $: expected nothing after the end, got another line"],
  [
    `${HEADER}{"event":"call","thread":0,"call":"dup","seg":0}\n`,
    'f.jsonl:2: $.into: expected a whole number from 0 to 65535 or "0x…", got nothing',
  ],
  [
    `${HEADER}{"event":"return","thread":0,"answer":{}}\n`,
    'f.jsonl:2: $: expected a member of return (nearest: "answers"), got "answer"',
  ],
  [
    `${HEADER.replace("}", ',"answers":"none"}')}{"event":"return","thread":0,"answers":{}}\n`,
    'f.jsonl:2: $.answers: expected no answers in a log whose first line says "answers": "none", got an object',
  ],
  [`${HEADER}${"[".repeat(100)}\n`, /^f\.jsonl:2: \$\[0\].*: expected at most 64 arrays and objects/],
  [
    `${HEADER}${" ".repeat(LONGEST_LINE + 1)}`,
    "f.jsonl:2: $: expected a line of at most 1048576 bytes, got a longer one",
  ],
].map(([text, message]) => [text as string, message as string]);

test("what is wrong is said with file, line, path and what was expected", (t) => {
  for (const [text, message] of WRONG) {
    t.throws(() => read(bytes(text)), { name: "ScenarioError", message }, text.slice(0, 80));
  }
  t.throws(() => read(Uint8Array.of(...bytes(HEADER), 0xff, 0x0a)), {
    message: "f.jsonl:2: $: expected UTF-8 text, got bytes that are none",
  });
  t.throws(() => parseLog(bytes(`${HEADER}${RETURN}\n`), "f.jsonl"), {
    message: 'f.jsonl:3: $: expected the line of "end", got the end of the file',
  });
});

test("no more than a line is kept of a line that never ends", (t) => {
  const reader = new LogReader("f.jsonl");
  const piece = new Uint8Array(2 ** 16).fill(0x20);
  t.throws(
    () => {
      for (let n = 0; n < 1000; n++) for (const event of reader.push(piece)) t.fail(String(event.line));
    },
    { message: "f.jsonl:1: $: expected a line of at most 1048576 bytes, got a longer one" },
  );
});
