import test from "ava";
import { ScenarioError } from "./error.js";
import { parseScenario, parseScenarioBytes } from "./parse.js";
import { ALL_SUCCEED, type Scenario } from "./scenario.js";

/** The example that the format is defined by, letter for letter. */
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
    { "call": "unmap", "seg": 0, "page": 0, "count": 4 } ] }
`;

const EXAMPLE_READ: Scenario = {
  pages: 4,
  steps: [
    { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED },
    {
      call: { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: 0x100, domid: 7 },
      answers: { ...ALL_SUCCEED, update_va_mapping: [0, -22] },
    },
    { call: { call: "add_gref_pte", seg: 0, page: 2, pte_ma: 0x9010n }, answers: ALL_SUCCEED },
    { call: { call: "add_gref_pte", seg: 0, page: 3, pte_ma: 0x9018n }, answers: ALL_SUCCEED },
    {
      call: { call: "add_grefs", seg: 0, page: 2, grefs: [5, 6], writable: true, domid: 7 },
      answers: { ...ALL_SUCCEED, map_grant_ref: [{ rc: 0, status: [0, -1] }] },
    },
    { call: { call: "release_grefs", seg: 0, page: 2, count: 2 }, answers: ALL_SUCCEED },
    { call: { call: "dup", seg: 0, into: 1 }, answers: ALL_SUCCEED },
    { call: { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" }, answers: ALL_SUCCEED },
    { call: { call: "unmap", seg: 1, addr: 0, len: 16384 }, answers: ALL_SUCCEED },
    { call: { call: "unmap", seg: 0, addr: 0, len: 16384 }, answers: ALL_SUCCEED },
  ],
};

/** A scenario of 4 pages whose steps are a create and then these. */
function after(...steps: readonly string[]): string {
  const all = ['{ "call": "create", "seg": 0 }', ...steps];
  return `{ "format": "segmf-scenario/1", "segment": { "pages": 4 }, "steps": [${all.join(", ")}] }`;
}

/** The second step of `after(step)`. */
function readStep(step: string) {
  return parseScenario(after(step), "f").steps[1];
}

test("reads the example of the format", (t) => {
  t.deepEqual(parseScenario(EXAMPLE, "f"), EXAMPLE_READ);
  t.deepEqual(parseScenarioBytes(new TextEncoder().encode(EXAMPLE), "f"), EXAMPLE_READ);
});

test("fills in defaults", (t) => {
  const scenario = parseScenario(after('{ "call": "add_grefs", "seg": 0, "page": 1, "grefs": [], "domid": 7 }'), "f");
  t.deepEqual(scenario.steps, [
    { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED },
    { call: { call: "add_grefs", seg: 0, page: 1, grefs: [], writable: false, domid: 7 }, answers: ALL_SUCCEED },
  ]);
});

test("numbers are JSON numbers or hexadecimal strings, up to the ends of their ranges", (t) => {
  t.deepEqual(
    readStep(
      '{ "call": "add_mfns", "seg": "0x0", "page": "0xFFFF", "count": 65535, "mfn": "0xfffffffff0001", "domid": "0x00007ff0" }',
    ),
    {
      call: { call: "add_mfns", seg: 0, page: 65535, count: 65535, mfn: 2 ** 52 - 65535, domid: 0x7ff0 },
      answers: ALL_SUCCEED,
    },
  );
  t.deepEqual(
    readStep('{ "call": "add_mfns", "seg": 0, "page": 1, "count": 0, "mfn": 4503599627370496, "domid": 0 }')?.call,
    {
      call: "add_mfns",
      seg: 0,
      page: 1,
      count: 0,
      mfn: 2 ** 52,
      domid: 0,
    },
  );
  for (const most of ["18446744073709551615", '"0xffffffffffffffff"']) {
    const call = readStep(`{ "call": "add_gref_pte", "seg": 0, "page": 0, "pte_ma": ${most} }`)?.call;
    t.deepEqual(call, { call: "add_gref_pte", seg: 0, page: 0, pte_ma: 2n ** 64n - 1n });
  }
  const grefs = readStep(
    '{ "call": "add_grefs", "seg": 0, "page": 0, "grefs": [4294967295, "0xffffffff"], "domid": 65535 }',
  );
  t.like(grefs?.call, { grefs: [2 ** 32 - 1, 2 ** 32 - 1], domid: 65535 });
});

test("an unmap is in pages, or in bytes on either side of the base", (t) => {
  t.like(readStep('{ "call": "unmap", "seg": 0, "page": 2, "count": 65535 }')?.call, { addr: 8192, len: 268431360 });
  t.like(readStep('{ "call": "unmap", "seg": 0, "addr": "0x10", "len": 4095 }')?.call, { addr: 16, len: 4095 });
  t.like(readStep('{ "call": "unmap", "seg": 0, "addr": -4096, "len": 268435456 }')?.call, {
    addr: -4096,
    len: 2 ** 28,
  });
});

test("flags are in a call only where they are true", (t) => {
  const step = (flags: string) =>
    `{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": 1, "domid": 7${flags} }`;
  const call = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 1, domid: 7 };
  t.deepEqual<unknown, unknown>(readStep(step(', "foreign": true, "waiting": true'))?.call, {
    ...call,
    foreign: true,
    waiting: true,
  });
  t.deepEqual<unknown, unknown>(readStep(step(', "foreign": false, "waiting": false'))?.call, call);
});

test("the other seg_ops take a range, and their own members where they have some", (t) => {
  const range = '"seg": 0, "page": 1, "count": 2';
  t.deepEqual(readStep(`{ "call": "getprot", ${range} }`)?.call, { call: "getprot", seg: 0, page: 1, count: 2 });
  t.deepEqual(readStep(`{ "call": "kluster", ${range}, "delta": -1 }`)?.call, {
    call: "kluster",
    seg: 0,
    page: 1,
    count: 2,
    delta: -1,
  });
  t.deepEqual(readStep(`{ "call": "setprot", ${range}, "prot": "none" }`)?.call, {
    call: "setprot",
    seg: 0,
    page: 1,
    count: 2,
    prot: "none",
  });
  const names =
    "faulta setprot checkprot kluster sync incore lockop getprot getoffset gettype getvp advise dump pagelock setpagesize getmemid getpolicy capable inherit";
  for (const call of names.split(" ")) t.like(readStep(`{ "call": "${call}", ${range} }`), { call: { call } });
});

test("answers come in their normal form: nothing after the last that is no success", (t) => {
  const add = '"call": "add_grefs", "seg": 0, "page": 0, "grefs": [1], "domid": 7';
  const answers = (text: string) => readStep(`{ ${add}, "answers": ${text} }`)?.answers;
  t.deepEqual(answers("{}"), ALL_SUCCEED);
  t.deepEqual(
    answers('{ "addmap": 0, "update_va_mapping": [0, 0], "map_grant_ref": [{}, { "rc": 0, "status": [0] }] }'),
    ALL_SUCCEED,
  );
  t.deepEqual(
    answers(
      '{ "addmap": 22, "update_va_mapping": [-22, 0], "map_grant_ref": [{}, { "rc": "0x7fffffff", "status": [0, -32768, 0] }, {}] }',
    ),
    {
      addmap: 22,
      update_va_mapping: [-22],
      map_grant_ref: [
        { rc: 0, status: [] },
        { rc: 2 ** 31 - 1, status: [0, -32768] },
      ],
      unmap_grant_ref: [],
    },
  );
  const release =
    '{ "call": "release_grefs", "seg": 0, "page": 0, "count": 1, "answers": { "unmap_grant_ref": { "status": [-3] } } }';
  t.deepEqual(readStep(release)?.answers, { ...ALL_SUCCEED, unmap_grant_ref: [{ rc: 0, status: [-3] }] });
});

/** As the error lists them where none is near. */
const ALL_CALLS =
  "create add_mfns add_gref_pte add_grefs release_grefs dup unmap free fault faulta setprot checkprot kluster sync incore lockop getprot getoffset gettype getvp advise dump pagelock setpagesize getmemid getpolicy capable inherit"
    .split(" ")
    .map((name) => `"${name}"`)
    .join(", ");

/** A text, and all that the error says after the file's name. */
const MISTAKES: readonly (readonly [text: string, message: string])[] = [
  // Not JSON.
  ["", "$: expected a JSON value at 1:1, got the end of the text"],
  [
    EXAMPLE.slice(0, 200),
    "$.steps[1]: expected the rest of a string and its closing quote at 5:31, got the end of the text",
  ],
  [`\ufeff${EXAMPLE}`, "$: expected a JSON value at 1:1, got a byte order mark"],
  [
    "[".repeat(100_000),
    `$${"[0]".repeat(64)}: expected at most 64 arrays and objects within one another at 1:65, got '['`,
  ],
  // Not a scenario.
  ["null", "$: expected an object, got null"],
  ["[]", "$: expected an object, got an array"],
  ["{}", '$.format: expected "segmf-scenario/1", got nothing'],
  ['{ "format": "segmf-run/1" }', '$.format: expected "segmf-scenario/1", got "segmf-run/1"'],
  ['{ "format": "segmf-scenario/2" }', '$.format: expected "segmf-scenario/1", got "segmf-scenario/2"'],
  ['{ "format": "segmf-scenario/1" }', "$.segment: expected an object, got nothing"],
  ['{ "format": "segmf-scenario/1", "step": [] }', '$: expected a member of a scenario (nearest: "steps"), got "step"'],
  [
    '{ "format": "segmf-scenario/1", "segment": { "page": 1 } }',
    '$.segment: expected a member of segment (nearest: "pages"), got "page"',
  ],
  [
    '{ "format": "segmf-scenario/1", "segment": {} }',
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got nothing',
  ],
  [
    '{ "format": "segmf-scenario/1", "segment": { "pages": 0 } }',
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got 0',
  ],
  [
    '{ "format": "segmf-scenario/1", "segment": { "pages": 513 } }',
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got 513',
  ],
  [
    '{ "format": "segmf-scenario/1", "segment": { "pages": 1.5 } }',
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got 1.5',
  ],
  [
    '{ "format": "segmf-scenario/1", "segment": { "pages": "4" } }',
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got "4"',
  ],
  ['{ "format": "segmf-scenario/1", "segment": { "pages": 4 } }', "$.steps: expected an array, got nothing"],
  [
    '{ "format": "segmf-scenario/1", "segment": { "pages": 4 }, "steps": [1] }',
    "$.steps[0]: expected an object, got 1",
  ],
  // Calls and members that are not there.
  [after("{}"), "$.steps[1].call: expected the name of a call, got nothing"],
  [after('{ "call": 7 }'), "$.steps[1].call: expected the name of a call, got 7"],
  [after('{ "call": "add_mfn" }'), '$.steps[1].call: expected the name of a call (nearest: "add_mfns"), got "add_mfn"'],
  [
    after('{ "call": "addgrefs" }'),
    '$.steps[1].call: expected the name of a call (nearest: "add_grefs"), got "addgrefs"',
  ],
  [
    after('{ "call": "swapout", "seg": 0, "page": 0, "count": 1 }'),
    `$.steps[1].call: expected the name of a call (${ALL_CALLS}), got "swapout"`,
  ],
  [
    after('{ "call": "toString", "seg": 0 }'),
    `$.steps[1].call: expected the name of a call (${ALL_CALLS}), got "toString"`,
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "domd": 7 }'),
    '$.steps[1]: expected a member of add_mfns (nearest: "domid"), got "domd"',
  ],
  [
    after('{ "call": "free", "seg": 0, "foreign": true }'),
    '$.steps[1]: expected a member of free ("call", "seg", "waiting", "answers"), got "foreign"',
  ],
  [
    after('{ "call": "release_grefs", "seg": 0, "page": 0, "count": 1, "foreign": true }'),
    '$.steps[1]: expected a member of release_grefs ("call", "seg", "waiting", "answers", "page", "count"), got "foreign"',
  ],
  [
    after('{ "call": "getprot", "seg": 0, "page": 0, "count": 1, "prot": "r" }'),
    '$.steps[1]: expected a member of getprot ("call", "seg", "waiting", "answers", "page", "count"), got "prot"',
  ],
  [
    after('{ "call": "dup", "into": 1 }'),
    '$.steps[1].seg: expected a whole number from 0 to 65535 or "0x…", got nothing',
  ],
  [
    after('{ "call": "dump", "seg": 0 }'),
    '$.steps[1].page: expected a whole number from 0 to 65535 or "0x…", got nothing',
  ],
  // Values out of their ranges.
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 65536, "count": 1, "mfn": 1, "domid": 7 }'),
    '$.steps[1].page: expected a whole number from 0 to 65535 or "0x…", got 65536',
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": -1, "mfn": 1, "domid": 7 }'),
    '$.steps[1].count: expected a whole number from 0 to 65535 or "0x…", got -1',
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": "0x10000000000001", "domid": 7 }'),
    '$.steps[1].mfn: expected a whole number from 0 to 2^52 or "0x…", got "0x10000000000001"',
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": "0x10000000000000", "domid": 7 }'),
    "$.steps[1].mfn: expected mfn + count up to 2^52, got 0x10000000000000 + 1",
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": 1, "domid": "0x10000" }'),
    '$.steps[1].domid: expected a whole number from 0 to 65535 or "0x…", got "0x10000"',
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": "100", "domid": 7 }'),
    '$.steps[1].mfn: expected a whole number from 0 to 2^52 or "0x…", got "100"',
  ],
  [
    after('{ "call": "add_mfns", "seg": 0, "page": 0, "count": 1, "mfn": 1e400, "domid": 7 }'),
    '$.steps[1].mfn: expected a whole number from 0 to 2^52 or "0x…", got Infinity',
  ],
  [
    after('{ "call": "add_gref_pte", "seg": 0, "page": 0, "pte_ma": 18446744073709551616 }'),
    '$.steps[1].pte_ma: expected a whole number from 0 to 2^64 - 1 or "0x…", got 18446744073709551616',
  ],
  [
    after(`{ "call": "add_gref_pte", "seg": 0, "page": 0, "pte_ma": "0x${"f".repeat(50)}" }`),
    `$.steps[1].pte_ma: expected a whole number from 0 to 2^64 - 1 or "0x…", got "0x${"f".repeat(38)}…"`,
  ],
  [
    after('{ "call": "add_grefs", "seg": 0, "page": 0, "grefs": 5, "domid": 7 }'),
    "$.steps[1].grefs: expected an array, got 5",
  ],
  [
    after('{ "call": "add_grefs", "seg": 0, "page": 0, "grefs": [0, 4294967296], "domid": 7 }'),
    '$.steps[1].grefs[1]: expected a whole number from 0 to 4294967295 or "0x…", got 4294967296',
  ],
  [
    after(`{ "call": "add_grefs", "seg": 0, "page": 0, "grefs": [${"0,".repeat(65_535)}0], "domid": 7 }`),
    "$.steps[1].grefs: expected at most 65535 refs, got 65536",
  ],
  [
    after('{ "call": "add_grefs", "seg": 0, "page": 0, "grefs": [], "domid": 7, "writable": 1 }'),
    "$.steps[1].writable: expected true or false, got 1",
  ],
  [after('{ "call": "free", "seg": 0, "waiting": "yes" }'), '$.steps[1].waiting: expected true or false, got "yes"'],
  [
    after('{ "call": "create", "seg": 1, "prot": "wr" }'),
    '$.steps[1].prot: expected one of the names (nearest: "r"), got "wr"',
  ],
  [
    after('{ "call": "create", "seg": 1, "maxprot": 7 }'),
    '$.steps[1].maxprot: expected one of the names ("none", "r", "w", "x", "rw", "rx", "wx", "rwx"), got 7',
  ],
  [
    after('{ "call": "fault", "seg": 0, "page": 0, "count": 1, "type": "softlok", "rw": "read" }'),
    '$.steps[1].type: expected one of the names (nearest: "softlock"), got "softlok"',
  ],
  [
    after('{ "call": "fault", "seg": 0, "page": 0, "count": 1, "type": "prot" }'),
    '$.steps[1].rw: expected one of the names ("read", "write", "exec", "other"), got nothing',
  ],
  [
    after('{ "call": "unmap", "seg": 0, "addr": 1 }'),
    '$.steps[1].len: expected a whole number from 0 to 268435456 or "0x…", got nothing',
  ],
  [
    after('{ "call": "unmap", "seg": 0, "len": 1 }'),
    '$.steps[1].addr: expected a whole number from -268435456 to 268435456 or "0x…", got nothing',
  ],
  [
    after('{ "call": "unmap", "seg": 0, "page": 0, "len": 1 }'),
    "$.steps[1].page: expected no page beside addr and len, got 0",
  ],
  [
    after('{ "call": "unmap", "seg": 0, "addr": 0, "len": 268435457 }'),
    '$.steps[1].len: expected a whole number from 0 to 268435456 or "0x…", got 268435457',
  ],
  [
    after('{ "call": "kluster", "seg": 0, "page": 0, "count": 1, "delta": 65536 }'),
    '$.steps[1].delta: expected a whole number from -65535 to 65535 or "0x…", got 65536',
  ],
  // Answers.
  [after('{ "call": "free", "seg": 0, "answers": [] }'), "$.steps[1].answers: expected an object, got an array"],
  [
    after('{ "call": "free", "seg": 0, "answers": { "add_map": 0 } }'),
    '$.steps[1].answers: expected a member of answers (nearest: "addmap"), got "add_map"',
  ],
  [
    after('{ "call": "free", "seg": 0, "answers": { "addmap": 2147483648 } }'),
    '$.steps[1].answers.addmap: expected a whole number from -2147483648 to 2147483647 or "0x…", got 2147483648',
  ],
  [
    after('{ "call": "free", "seg": 0, "answers": { "update_va_mapping": -22 } }'),
    "$.steps[1].answers.update_va_mapping: expected an array, got -22",
  ],
  [
    after('{ "call": "free", "seg": 0, "answers": { "map_grant_ref": [{}, { "status": [0, -40000] }] } }'),
    '$.steps[1].answers.map_grant_ref[1].status[1]: expected a whole number from -32768 to 32767 or "0x…", got -40000',
  ],
  [
    after('{ "call": "free", "seg": 0, "answers": { "map_grant_ref": 0 } }'),
    "$.steps[1].answers.map_grant_ref: expected an object, got 0",
  ],
  [
    after('{ "call": "free", "seg": 0, "answers": { "map_grant_ref": { "stati": [] } } }'),
    `$.steps[1].answers.map_grant_ref: expected a member of a hypercall's answer (nearest: "status"), got "stati"`,
  ],
  [
    after('{ "call": "unmap", "seg": 0, "page": 0, "count": 4, "answers": { "unmap_grant_ref": { "rc": 0 } } }'),
    "$.steps[1].answers.unmap_grant_ref: expected no such answer for unmap (only release_grefs takes one), got an object",
  ],
];

for (const [index, [text, message]] of MISTAKES.entries()) {
  test(`says what is wrong, ${index}: ${message.slice(0, 100)}`, (t) => {
    t.throws(() => parseScenario(text, "a.json"), { instanceOf: ScenarioError, message: `a.json: ${message}` });
  });
}

test("an error names its parts, and the file on one line", (t) => {
  const error = t.throws(() => parseScenario(after('{ "call": 7 }'), "two\nlines.json"), { instanceOf: ScenarioError });
  t.like(error, { file: "two\nlines.json", path: "$.steps[1].call", expected: "the name of a call", got: "7" });
  t.is(error?.message, "two\\u000alines.json: $.steps[1].call: expected the name of a call, got 7");
});

test("a file's bytes have to be UTF-8", (t) => {
  const fail = (bytes: readonly number[]) =>
    t.throws(() => parseScenarioBytes(Uint8Array.from(bytes), "f"), { instanceOf: ScenarioError })?.message;
  t.is(fail([0x7b, 0xff, 0xfe]), "f: $: expected UTF-8 text, got byte 0xff at offset 1");
  t.is(fail([0xff, 0xfe, 0x7b, 0x00]), "f: $: expected UTF-8 text, got byte 0xff at offset 0");
  t.is(fail([0x22, 0xc3, 0x22]), "f: $: expected UTF-8 text, got byte 0x22 at offset 2");
  t.is(fail([0x22, 0xe2, 0x82]), "f: $: expected UTF-8 text, got an unfinished character at the end");
  t.is(fail([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), "f: $: expected a JSON value at 1:1, got a byte order mark");
  t.is(fail([]), "f: $: expected a JSON value at 1:1, got the end of the text");
});
