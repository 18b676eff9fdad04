import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { CallerError } from "../../impl/kernel/errors.js";
import { NativeError } from "../../impl/native/errors.js";
import { CHECKER } from "./checker.js";
import { CREATE, inProcess, scenarioText, schema, scratch, segmf, UNMAP } from "./testkit.js";

/** `segmf run`, as a user meets it. */

const folder = scratch();
const { file } = folder;

const fine = file("fine.json", scenarioText(CREATE, UNMAP));
/** The shipped driver binds a segment to the domain of an add of nothing. */
const wrong = file(
  "wrong.json",
  scenarioText(CREATE, { call: "add_mfns", seg: 0, page: 0, count: 0, mfn: 1, domid: 7 }),
);

const conforms = new Ajv2020({ strict: true }).compile(schema("segmf-run-1"));

test.after.always(() => folder.remove());

test("a scenario that holds: each step, what came of it, exit code 0", async (t) => {
  t.deepEqual(await segmf(["run", fine]), {
    code: 0,
    stdout: `${fine}: corrected on the debug kernel
1. create(seg 0, prot rw, maxprot rwx) -> 0
   segment 0: domid 0, softlockcnt 0, locks 0, pages 0 empty/-
2. unmap(seg 0, page 0, count 1) -> 0
   segment 0: freed
holds: 0 of 2 steps broke an invariant
`,
    stderr: "",
  });
});

test("a scenario that is violated: the invariants broken, exit code 1", async (t) => {
  t.deepEqual(await segmf(["run", wrong, "--driver", "illumos", "--kernel", "release"]), {
    code: 1,
    stdout: `${wrong}: illumos on the release kernel
1. create(seg 0, prot rw, maxprot rwx) -> 0
   segment 0: domid 0, softlockcnt 0, locks 0, pages 0 empty/-
2. add_mfns(seg 0, page 0, count 0, mfn 0x1, domid 7) -> 0
   segment 0: domid 7, softlockcnt 0, locks 0, pages 0 empty/-
   refusal-is-pure: segment 0: domid went from 0 to 7
violated: 1 of 2 steps broke an invariant
`,
    stderr: "",
  });
});

test("--fix and --only name the driver as check does", async (t) => {
  const mended = await inProcess(["run", wrong, "--driver", "illumos", "--fix", "mfn-zero-binds"]);
  t.is(mended.code, 0);
  t.regex(mended.stdout, /: illumos without mfn-zero-binds on the debug kernel\n/);
  const alone = await inProcess(["run", wrong, "--only", "mfn-zero-binds"]);
  t.is(alone.code, 1);
  t.regex(alone.stdout, /: corrected with mfn-zero-binds on the debug kernel\n/);
});

test("--max-grefs makes the limit on refs smaller", async (t) => {
  const registered = { call: "add_gref_pte", seg: 0, page: 0, pte_ma: "0x9000" };
  const two = { call: "add_grefs", seg: 0, page: 0, grefs: [5, 6], domid: 7 };
  const text = JSON.parse(scenarioText(CREATE, registered, two));
  const path = file("two.json", JSON.stringify({ ...text, segment: { pages: 2 } }));
  const returned = async (...options: readonly string[]) =>
    JSON.parse((await inProcess(["run", path, "--json", ...options])).stdout).steps[2].ret;
  t.is(await returned(), 22, "page 1 is not registered");
  t.is(await returned("--max-grefs", "1"), 14, "more than one ref");
});

test("--json prints one object a line, in the order of the files, each as the schema says", async (t) => {
  const { code, stdout, stderr } = await inProcess(["run", fine, wrong, fine, "--json", "--driver", "illumos"]);
  t.is(code, 1);
  t.is(stderr, "");
  const lines = stdout.split("\n");
  t.is(lines.pop(), "");
  const runs: readonly { readonly steps: readonly unknown[] }[] = lines.map((line) => JSON.parse(line));
  for (const run of runs) t.true(conforms(run), JSON.stringify(conforms.errors));
  t.is(lines[0], lines[2]);
  t.like(runs, [
    { format: "segmf-run/1", driver: "illumos", kernel: "debug", steps: { length: 2 } },
    { steps: [{ violations: [] }, { ret: 0, violations: [{ invariant: "refusal-is-pure" }] }] },
    { steps: { length: 2 } },
  ]);
});

test("the description's example runs on every edition and kernel, as the schema says", async (t) => {
  const steps = [
    { ...CREATE, prot: "rw", maxprot: "rwx", answers: { addmap: 0 } },
    { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: "0x100", domid: 7, answers: { update_va_mapping: [0, -22] } },
    { call: "add_gref_pte", seg: 0, page: 2, pte_ma: "0x9010" },
    { call: "add_gref_pte", seg: 0, page: 3, pte_ma: "0x9018" },
    {
      call: "add_grefs",
      seg: 0,
      page: 2,
      grefs: [5, 6],
      writable: true,
      domid: 7,
      answers: { map_grant_ref: { rc: 0, status: [0, -1] } },
    },
    { call: "release_grefs", seg: 0, page: 2, count: 2, answers: { unmap_grant_ref: { rc: 0 } } },
    { call: "dup", seg: 0, into: 1, answers: { addmap: 0 } },
    { call: "fault", seg: 0, page: 0, count: 1, type: "softlock", rw: "read" },
    { call: "unmap", seg: 1, page: 0, count: 4 },
    { call: "unmap", seg: 0, page: 0, count: 4 },
  ];
  const path = file("example.json", JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 4 }, steps }));
  for (const driver of ["corrected", "illumos"]) {
    for (const kernel of ["debug", "release"]) {
      const { code, stdout } = await inProcess(["run", path, "--json", "--driver", driver, "--kernel", kernel]);
      t.is(code, driver === "corrected" ? 0 : 1);
      t.true(conforms(JSON.parse(stdout)), JSON.stringify(conforms.errors));
    }
  }
});

test("- is standard input, also among files", async (t) => {
  const stdin = scenarioText(CREATE);
  const { code, stdout, stderr } = await segmf(["run", fine, "-"], { stdin });
  t.is(stderr, "");
  t.is(code, 0);
  t.regex(stdout, /^standard input: corrected on the debug kernel\n1\. create/m);
  t.deepEqual(await segmf(["run", "-"], { stdin: "[]" }), {
    code: 2,
    stdout: "",
    stderr: "segmf: standard input: $: expected an object, got an array\n",
  });
});

/** What a file may hold that is no scenario, and what is said of it. */
const WRONG_FILES: Readonly<Record<string, readonly [string | Uint8Array, string]>> = {
  "an empty file": ["", "$: expected a JSON value at 1:1, got the end of the text"],
  prose: ["pages: 1\n", "$: expected a JSON value at 1:1, got 'p'"],
  "a byte order mark": [`\ufeff${scenarioText(CREATE)}`, "$: expected a JSON value at 1:1, got a byte order mark"],
  "bytes that are no UTF-8": [Uint8Array.of(0x7b, 0xff, 0x7d), "$: expected UTF-8 text, got byte 0xff at offset 1"],
  "half a file": [
    scenarioText(CREATE).slice(0, 40),
    '$.segment: expected a member name or "}" at 1:41, got the end of the text',
  ],
  "two documents on a line": [`${scenarioText(CREATE).trim()} {}`, "$: expected the end of the text at 1:89, got '{'"],
  "another format": [
    scenarioText(CREATE).replace("segmf-scenario/1", "segmf-run/1"),
    '$.format: expected "segmf-scenario/1", got "segmf-run/1"',
  ],
  "another version": [
    scenarioText(CREATE).replace("segmf-scenario/1", "segmf-scenario/2"),
    '$.format: expected "segmf-scenario/1", got "segmf-scenario/2"',
  ],
  "no steps": [
    '{ "format": "segmf-scenario/1", "segment": { "pages": 1 } }',
    "$.steps: expected an array, got nothing",
  ],
  "an unknown member": [
    scenarioText({ ...CREATE, port: "rw" }),
    '$.steps[0]: expected a member of create (nearest: "prot"), got "port"',
  ],
  "an unknown call": [
    scenarioText(CREATE, { call: "add_mfn", seg: 0 }),
    '$.steps[1].call: expected the name of a call (nearest: "add_mfns"), got "add_mfn"',
  ],
  "too many pages": [
    scenarioText(CREATE).replace('"pages":1', '"pages":513'),
    '$.segment.pages: expected a whole number from 1 to 512 or "0x…", got 513',
  ],
  "a domid of 17 bits": [
    scenarioText(CREATE, { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 1, domid: 65_536 }),
    '$.steps[1].domid: expected a whole number from 0 to 65535 or "0x…", got 65536',
  ],
  "a call on no segment": [
    scenarioText(UNMAP),
    "$.steps[0].seg: expected a live segment for unmap, got 0, which does not exist",
  ],
  "a call on a freed segment": [
    scenarioText(CREATE, UNMAP, UNMAP),
    "$.steps[2].seg: expected a live segment for unmap, got 0, which is freed",
  ],
  "an answer out of place": [
    scenarioText({ ...CREATE, answers: { unmap_grant_ref: { rc: 0 } } }),
    "$.steps[0].answers.unmap_grant_ref: expected no such answer for create (only release_grefs takes one), got an object",
  ],
};

test("of several scenarios on lines, the line that is none is told", async (t) => {
  const path = file("second.json", `${scenarioText(CREATE)}{}`);
  const { code, stderr } = await inProcess(["run", path]);
  t.deepEqual([code, stderr], [2, `segmf: ${path}:2: $.format: expected "segmf-scenario/1", got nothing\n`]);
});

for (const [what, [text, expected]] of Object.entries(WRONG_FILES)) {
  test(`${what} is no scenario`, async (t) => {
    const path = file(`${what.replaceAll(" ", "-")}.json`, text);
    t.deepEqual(await inProcess(["run", path]), { code: 2, stdout: "", stderr: `segmf: ${path}: ${expected}\n` });
  });
}

test("files that can't be read", async (t) => {
  const missing = join(folder.path, "missing.json");
  const expected = "expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)";
  const said = async (path: string) => (await inProcess(["run", path])).stderr;
  t.is(await said(missing), `segmf: ${missing}: no such file or directory; ${expected}\n`);
  t.is(await said(""), `segmf: : no such file or directory; ${expected}\n`);
  t.is(await said(`${fine}/x`), `segmf: ${fine}/x: a part of the path is not a directory; ${expected}\n`);
});

test("if one of the files is wrong nothing runs, and the first that is wrong is named", async (t) => {
  const broken = file("broken.json", "{");
  const missing = join(folder.path, "missing.json");
  for (const files of [
    [fine, broken],
    [broken, fine],
    [fine, broken, missing],
  ]) {
    const { code, stdout, stderr } = await inProcess(["run", ...files, "--json"]);
    t.is(code, 2);
    t.is(stdout, "");
    t.is(stderr, `segmf: ${broken}: $: expected a member name or "}" at 1:2, got the end of the text\n`);
  }
});

test("a C file that does not compile: nothing on standard output, the compiler's own lines on the other", async (t) => {
  const driver = file("driver.c", "int x = ;\n");
  const { code, stdout, stderr } = await segmf(["run", fine, "--driver", driver]);
  t.is(code, 2);
  t.is(stdout, "");
  t.true(
    stderr.startsWith(
      `segmf: ${driver}: does not compile\n${driver}:1:9: error: expected expression\n    1 | int x = ;\n      |         ^\n`,
    ),
    stderr,
  );
  // The check says the same before it explores anything.
  const checker = { ...CHECKER, check: () => Promise.reject(new Error("explored")) };
  t.deepEqual(await inProcess(["check", "--driver", driver], { checker }), { code, stdout, stderr });
});

test("messages of several lines are printed as they are; a run that outgrows its memory is said", async (t) => {
  const fails = (error: Error) => ({ ...CHECKER, runScenario: () => Promise.reject(error) });
  const messages = "seg_mf.c:1:1: error: unknown type name 'x'\n    1 | x\n      | ^\n";
  t.deepEqual(
    await inProcess(["run", fine], {
      checker: fails(new NativeError({ kind: "compile", path: "seg_mf.c", messages })),
    }),
    { code: 2, stdout: "", stderr: `segmf: seg_mf.c: does not compile\n${messages}` },
  );
  const capacity = new NativeError({ kind: "capacity", detail: "no room for more than 3 blocks of kernel memory" });
  t.deepEqual(await inProcess(["run", fine], { checker: fails(capacity) }), {
    code: 2,
    stdout: "",
    stderr: "segmf: no room for more than 3 blocks of kernel memory\n",
  });
});

test("a driver that leaves no segment for the next step is said to part from the file", async (t) => {
  const error = new CallerError("unmap: segment 0 is stillborn, must be live");
  const { code, stdout, stderr } = await inProcess(["run", fine], {
    checker: { ...CHECKER, runScenario: () => Promise.reject(error) },
  });
  t.is(code, 2);
  t.is(stdout, "");
  t.is(
    stderr,
    `segmf: ${fine}: the driver corrected does not follow it: unmap: segment 0 is stillborn, must be live; expected that create and dup leave a segment live unless addmap is answered with an error, and that unmap of the whole and free end it\n`,
  );
});

test("interrupted before the files were read, nothing is run and nothing printed", async (t) => {
  const stopped = AbortSignal.abort();
  t.deepEqual(await inProcess(["run", fine], { signal: stopped }), { code: 130, stdout: "", stderr: "" });
});

test("interrupted between two files, what was run is printed", async (t) => {
  const interrupt = new AbortController();
  const { code, stdout } = await inProcess(["run", fine, fine], {
    signal: interrupt.signal,
    checker: {
      ...CHECKER,
      runScenario: (...args) => {
        interrupt.abort();
        return CHECKER.runScenario(...args);
      },
    },
  });
  t.is(code, 0, "the code of a signal is the process's to give");
  t.is(stdout.match(/corrected on the debug kernel/g)?.length, 1);
});
