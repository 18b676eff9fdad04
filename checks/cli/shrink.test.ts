import { mkdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { CREATE, inProcess, scenarioText, scratch } from "./testkit.js";

/** `segmf shrink`, as a user meets it. That the result is minimal is judged by `segmf run`, and by changes that are listed here. */

const folder = scratch();

type Json = { readonly [member: string]: unknown };
interface Parsed {
  readonly format: string;
  readonly segment: { readonly pages: number };
  readonly steps: readonly Json[];
}

const { file } = folder;

const ADD = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: "0x100", domid: 7 };

/** Much of it has nothing to do with what goes wrong in the end: a failed add leaves PTEs, in the second of three segments. */
const LONG: Parsed = {
  format: "segmf-scenario/1",
  segment: { pages: 4 },
  steps: [
    { ...CREATE, prot: "rwx", maxprot: "rwx" },
    { ...ADD, count: 2, mfn: "0xabc", domid: 9 },
    { call: "dup", seg: 0, into: 1, waiting: true },
    { call: "add_gref_pte", seg: 1, page: 3, pte_ma: "0x5018" },
    { call: "unmap", seg: 0, page: 0, count: 4 },
    { call: "dup", seg: 1, into: 2 },
    {
      ...ADD,
      seg: 2,
      page: 1,
      count: 3,
      mfn: "0x77",
      domid: 9,
      waiting: true,
      answers: { update_va_mapping: [0, 0, -22] },
    },
    { ...ADD, seg: 1 },
  ],
};
const long = file("long.json", JSON.stringify(LONG));
const holds = file("holds.json", scenarioText(CREATE));
const two = join(folder.path, "two");
mkdirSync(two);
for (const name of ["a.json", "b.json"]) file(join("two", name), scenarioText(CREATE));
const DRIVER = ["--only", "mfn-rollback-leaves-ptes"] as const;

const MINIMAL = `{ "format": "segmf-scenario/1",
  "segment": { "pages": 2 },
  "steps": [
    { "call": "create", "seg": 0, "prot": "rw", "maxprot": "rwx" },
    { "call": "add_mfns", "seg": 0, "page": 0, "count": 2, "mfn": "0x100", "domid": 7, "answers": { "update_va_mapping": [0, -22] } } ] }
`;

test.after.always(() => folder.remove());

test("what is left goes to standard output, what was removed is told on standard error", async (t) => {
  t.deepEqual(await inProcess(["shrink", long, ...DRIVER]), {
    code: 0,
    stdout: MINIMAL,
    stderr: `${long}: corrected with mfn-rollback-leaves-ptes on the debug kernel
finding: mfn-rollback-leaves-ptes
removed: 1 step after the violation
removed: steps 2 to 6 of 8
removed: 2 pages of 4
changed: 1. create(seg 0, prot rwx, maxprot rwx)
            -> create(seg 0, prot rw, maxprot rwx)
changed: 7. add_mfns(seg 2, page 1, count 3, mfn 0x77, domid 9) while somebody waits with
            update_va_mapping [0, 0, -22]
            -> add_mfns(seg 0, page 0, count 2, mfn 0x100, domid 7) with update_va_mapping [0, -22]
left: 2 steps at 2 pages
   1. create(seg 0, prot rw, maxprot rwx)
   2. add_mfns(seg 0, page 0, count 2, mfn 0x100, domid 7) with update_va_mapping [0, -22]
   empty-rollback: segment 0, page 0: its PTE maps frame 0x100 of domain 7 after a failed add of the
   page
   map-is-truth: segment 0, page 0: EMPTY in the map, but its PTE maps frame 0x100 of domain 7
`,
  });
});

/** What a run of a scenario breaks, by step; `null` if it is not one. */
async function broken(scenario: Parsed): Promise<readonly (readonly string[])[] | null> {
  const path = file("candidate.json", JSON.stringify(scenario));
  const { code, stdout } = await inProcess(["run", path, ...DRIVER, "--json"]);
  if (code === 2) return null;
  const run: { readonly steps: readonly { readonly violations: readonly { readonly invariant: string }[] }[] } =
    JSON.parse(stdout);
  return run.steps.map(({ violations }) => [...new Set(violations.map(({ invariant }) => invariant))].sort());
}

/** Every scenario with one step fewer, a page fewer, or one number or list of a step smaller. */
function* smaller({ format, segment: { pages }, steps }: Parsed): Generator<Parsed> {
  for (const i of steps.keys()) yield { format, segment: { pages }, steps: steps.toSpliced(i, 1) };
  for (let fewer = 1; fewer < pages; fewer++) yield { format, segment: { pages: fewer }, steps };
  for (const [i, step] of steps.entries()) {
    for (const changed of smallerValues(step))
      yield { format, segment: { pages }, steps: steps.with(i, changed as Json) };
  }
}

/** Values with one number less by one or 0, or one element or all answers left out. Which domain it is makes nothing simpler. */
function* smallerValues(value: unknown): Generator<unknown> {
  if (typeof value === "number") yield* value > 0 ? new Set([0, value - 1]) : value < 0 ? [0] : [];
  else if (Array.isArray(value)) {
    for (const i of value.keys()) yield value.toSpliced(i, 1);
    for (const [i, element] of value.entries()) {
      for (const changed of smallerValues(element)) yield value.with(i, changed);
    }
  } else if (typeof value === "object" && value !== null) yield* smallerMembers({ ...value });
}

function* smallerMembers({ answers, ...members }: Json): Generator<Json> {
  if (answers !== undefined) yield members;
  for (const [name, member] of Object.entries({ ...members, answers })) {
    for (const changed of name === "domid" ? [] : smallerValues(member)) yield { ...members, answers, [name]: changed };
  }
}

test("no step can be left out, and no argument made smaller, of what is left", async (t) => {
  const minimal: Parsed = JSON.parse(MINIMAL);
  const finding = await broken(minimal);
  t.deepEqual(finding, [[], ["empty-rollback", "map-is-truth"]]);
  t.deepEqual((await broken(LONG))?.slice(0, 7).at(-1), finding?.at(-1), "the same finding as before");
  let tried = 0;
  for (const candidate of smaller(minimal)) {
    tried++;
    t.notDeepEqual((await broken(candidate))?.at(-1), finding?.at(-1), JSON.stringify(candidate));
  }
  t.is(tried, 9);
});

test("a minimal trace stays as it is: 0", async (t) => {
  const minimal = file("minimal.json", MINIMAL);
  const { code, stdout, stderr } = await inProcess(["shrink", minimal, ...DRIVER]);
  t.is(code, 0);
  t.is(stdout, MINIMAL);
  t.regex(stderr, /^already minimal: nothing can be left out or made simpler$/m);
});

test("--out writes a file or into a folder, in any format, and says how to see it again", async (t) => {
  const out = join(folder.path, "out");
  mkdirSync(out);
  const minimal = file("found.json", MINIMAL);
  const written = await inProcess(["shrink", minimal, ...DRIVER, "--out", out]);
  t.like(written, { code: 0, stderr: "" });
  t.is(await readFile(join(out, "found.json"), "utf8"), MINIMAL);
  t.true(written.stdout.endsWith(`   again: segmf run ${out}/found.json --driver corrected --only ${DRIVER[1]}\n`));
  const diagram = await inProcess(["shrink", join(out, "found.json"), ...DRIVER, "--out", out, "--format", "mermaid"]);
  t.like(diagram, { code: 0, stderr: "" });
  t.false(diagram.stdout.includes("again:"));
  t.deepEqual((await readdir(out)).sort(), ["found.json", "found.mmd"]);
  const itf = await inProcess(["shrink", join(out, "found.json"), ...DRIVER, "--format", "itf"]);
  t.is(JSON.parse(itf.stdout)["#meta"].source, "found");
});

test("interrupted: nothing is written, and 130", async (t) => {
  const path = join(folder.path, "none.json");
  const signal = AbortSignal.abort();
  t.deepEqual(await inProcess(["shrink", long, ...DRIVER, "--out", path], { signal }), {
    code: 130,
    stdout: "",
    stderr: "",
  });
  t.false((await readdir(folder.path)).includes("none.json"));
});

test("a log of one thread, as it was recorded, is made minimal, and may stay a log", async (t) => {
  const recorded = await inProcess(["record", long, ...DRIVER]);
  const log = file("log.jsonl", recorded.stdout);
  t.deepEqual((await inProcess(["shrink", log, ...DRIVER])).stdout, MINIMAL);
  const minimal = await inProcess(["shrink", log, ...DRIVER, "--format", "jsonl"]);
  const read = minimal.stdout.split("\n").map((line) => (line === "" ? {} : JSON.parse(line)));
  t.deepEqual(
    read.map(({ call, ret }) => call ?? ret),
    [undefined, "create", 0, "add_mfns", 14, undefined, undefined],
  );
  const again = await inProcess(["run", file("minimal.jsonl", minimal.stdout), ...DRIVER]);
  t.regex(again.stdout, /^violated: 1 of 2 steps broke an invariant$/m);
  const threads = file("threads.jsonl", (await inProcess(["record", "--random", "--threads", "2"])).stdout);
  const { code, stderr } = await inProcess(["shrink", threads]);
  t.is(code, 2);
  t.regex(stderr, /^segmf: .*threads\.jsonl:\d+: \$: expected the return of the call before it/);
});

const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [
    [holds],
    `nothing to shrink: ${holds}: no step breaks an invariant with the driver corrected on the debug kernel; name the driver and the kernel that it fails on`,
  ],
  [[], "missing required argument 'file'; see segmf shrink --help"],
  [[two], `${two}: expected one trace, got 2; name one of them, such as ${two}/a.json`],
  [["no.json"], "no.json: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)"],
  [[holds, "--driver", "x"], '--driver: unknown driver "x"; expected corrected, illumos or the path of a C file'],
];

for (const [args, expected] of MISTAKES) {
  test(`a mistake: shrink ${args.map((word) => word.replace(folder.path, "FOLDER")).join(" ")}`, async (t) => {
    t.deepEqual(await inProcess(["shrink", ...args]), { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  });
}
