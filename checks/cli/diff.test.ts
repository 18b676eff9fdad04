import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { CREATE, inProcess, scenarioText, schema, scratch, UNMAP } from "./testkit.js";

/** `segmf diff`, as a user meets it. */

const folder = scratch();
const { file } = folder;

const ADD = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: "0x100", domid: 7 };
const fine = file("fine.json", scenarioText(CREATE, ADD));
/** The shipped driver binds a segment to the domain of an add of nothing, which the second add then shows in what it returns. */
const binds = file("binds.json", scenarioText(CREATE, { ...ADD, count: 0 }, { ...ADD, domid: 9 }));
/** It puts a frame over another without tearing it down. */
const redefines = file("redefines.json", scenarioText(CREATE, ADD, { ...ADD, mfn: "0x200" }, UNMAP));

const conforms = new Ajv2020({ strict: true, allowUnionTypes: true })
  .addSchema(schema("segmf-run-1"))
  .compile(schema("segmf-diff-1"));

test.after.always(() => folder.remove());

test("drivers that are alike: 0", async (t) => {
  t.deepEqual(await inProcess(["diff", "corrected", "illumos", fine]), {
    code: 0,
    stdout: `${fine}: expected corrected, got illumos, on the debug kernel
same: in 2 steps nothing differs
`,
    stderr: "",
  });
});

test("the first divergence, with the state before and what differs marked: 1", async (t) => {
  t.deepEqual(await inProcess(["diff", "corrected", "illumos", binds]), {
    code: 1,
    stdout: `${binds}: expected corrected, got illumos, on the debug kernel
2. add_mfns(seg 0, page 0, count 0, mfn 0x100, domid 7)
   state                          before                      expected  got
   segment 0                      live, prot rw, maxprot rwx
 * segment 0 domid                0                           0         7
   segment 0 softlockcnt          0
   segment 0 PT locks             0
   segment 0 PT locks of callers  0
   segment 0 is awaited           false
   vnode holds                    1
   vnode mapped pages             1
   memory blocks                  2
differs: at step 2 of 3, in state
`,
    stderr: "",
  });
});

test("a panic, what is returned, and kernel calls from the first that differs on; the order says which is expected", async (t) => {
  const { code, stdout } = await inProcess(["diff", "illumos", "corrected", redefines]);
  t.is(code, 1);
  t.true(
    stdout.includes(`3. add_mfns(seg 0, page 0, count 1, mfn 0x200, domid 7)
   returns: expected nothing, got 0
   panic: expected hat_devload: a different frame over a valid PTE, got none
   kernel calls (- expected, + got), after 1 call alike:
   - mutex_enter(lock freemem_lock)
`),
    stdout,
  );
  t.regex(stdout, /^ {3}\+ hat_unload\(seg 0, page 0, count 1, unlock true\)$/m);
  t.regex(stdout, /^ \* locks held +- {21,}segment of segment 0 {2}-$/m);
  t.regex(stdout, /^differs: at step 3 of 4, in return, panic, questions, kernel calls and state$/m);
});

test("both panic alike: the same, and it is said what was not run", async (t) => {
  const { code, stdout } = await inProcess(["diff", "illumos", "illumos", redefines]);
  t.is(code, 0);
  t.regex(stdout, /\nsame: in 3 steps nothing differs \(1 step not run after the panic\)\n$/);
});

test("--json is one object a line in the order of the files, as the schema says; one that differs makes it 1", async (t) => {
  const { code, stdout } = await inProcess(["diff", "corrected", "illumos", fine, binds, redefines, "--json"]);
  t.is(code, 1);
  const lines = stdout.trimEnd().split("\n");
  const diffs: readonly unknown[] = lines.map((line) => JSON.parse(line));
  for (const diff of diffs) t.true(conforms(diff), JSON.stringify(conforms.errors));
  t.like(diffs, [
    { expected: "corrected", got: "illumos", kernel: "debug", steps: 2, compared: 2, ending: "all", divergence: null },
    {
      compared: 2,
      ending: "diverged",
      divergence: {
        step: 2,
        about: ["state"],
        expected: { ret: 0 },
        state: { 1: { before: "0", expected: "0", got: "7" } },
      },
    },
    { divergence: { step: 3, got: { ret: null, panic: "hat_devload: a different frame over a valid PTE" } } },
  ]);
});

test("the kernel and the limit on refs are those that the options name", async (t) => {
  const two = { call: "add_grefs", seg: 0, page: 0, grefs: [5], domid: 7 };
  const path = file("refs.json", scenarioText(CREATE, two));
  const compared = async (...options: readonly string[]) =>
    JSON.parse((await inProcess(["diff", "corrected", "illumos", path, "--json", ...options])).stdout);
  t.like(await compared("--kernel", "release"), { kernel: "release" });
  t.like(await compared("--max-grefs", "1"), { kernel: "debug", compared: 2 });
});

test("an interrupted comparison: as far as it came, and 130", async (t) => {
  const signal = AbortSignal.abort();
  const { code, stdout, stderr } = await inProcess(["diff", "corrected", "illumos", fine], { signal });
  t.deepEqual([code, stdout, stderr], [130, "", ""]);
});

const DRIVERS = "expected corrected, illumos or the path of a C file";
const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [["corrected"], "missing required argument 'b'; see segmf diff --help"],
  [["corrected", "illumos"], "missing required argument 'files'; see segmf diff --help"],
  [["ilumos", "corrected", fine], `<a>: unknown driver "ilumos" (did you mean illumos?); ${DRIVERS}`],
  [["corrected", "no.c", fine], `<b> no.c: no such file; ${DRIVERS}`],
  [
    ["corrected", "illumos", "no.json"],
    "no.json: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)",
  ],
  [["corrected", "illumos", fine, "--kernel", "x"], '--kernel: unknown kernel "x"; expected debug or release'],
  [["corrected", "illumos", fine, "--fix", "x"], "unknown option '--fix'; see segmf diff --help"],
];

for (const [args, expected] of MISTAKES) {
  test(`a mistake: diff ${args.filter((word) => word !== fine).join(" ")}`, async (t) => {
    t.deepEqual(await inProcess(["diff", ...args]), { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  });
}
