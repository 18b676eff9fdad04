import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { launcher } from "./bench.launch.js";
import { type Ended, ended, scratch } from "./testkit.js";

// What `npm run bench` is to the shell. What it measures is tested where it is measured.

const BENCH = fileURLToPath(new URL("bench.js", import.meta.url));

function bench(...args: readonly string[]): Promise<Ended> {
  return ended(spawn(process.execPath, [BENCH, ...args], { env: { PATH: process.env.PATH ?? "" } }));
}

for (const [args, line] of [
  [["--qick"], "unknown option '--qick' (did you mean --quick?); see npm run bench -- --help"],
  [["limit"], "too many arguments. Expected 0 arguments but got 1; see npm run bench -- --help"],
  [["--floor", "--quick"], "option '--floor' cannot be used with option '--quick'; see npm run bench -- --help"],
  [["--quick", "--full"], "option '--quick' cannot be used with option '--full'; see npm run bench -- --help"],
  [
    ["--only", "limits"],
    '--only: unknown case "limits" (did you mean limit?); expected one of limit, peers, scaling, specification, drivers, workers, check',
  ],
  [["--only", ","], '--only: expected a list separated by commas, got ","'],
] as const) {
  test(`misuse is one line and exit code 2: ${args.join(" ")}`, async (t) => {
    t.deepEqual(await bench(...args), { code: 2, stdout: "", stderr: `segmf: ${line}\n` });
  });
}

test("--help says every option and case", async (t) => {
  const { code, stdout, stderr } = await bench("--help");
  t.is(stderr, "");
  t.is(code, 0);
  for (const word of ["--quick", "--full", "--only", "--json", "--floor", "peers", "scaling"])
    t.true(stdout.includes(word), word);
});

test("--json: the report, with the cases that were asked for", async (t) => {
  const { code, stdout, stderr } = await bench("--quick", "--json", "--only", "check,specification");
  t.is(stderr, "");
  t.is(code, 0);
  const report = JSON.parse(stdout);
  t.like(report, { format: "segmf-bench/2", effort: "quick", complete: true });
  t.like(report.cases[0], { name: "specification", rows: [{ what: "specification, 1 page", how: "warm", rounds: 3 }] });
  t.deepEqual(report.cases[1], {
    name: "check",
    title: "segmf check with no arguments, the whole process",
    skipped: "it takes too long for a quick run",
    rows: [],
    goals: [],
  });
});

test("a measurement in a process of its own: counts, times, memory", async (t) => {
  const task = { kind: "explore", explorer: "hand-packed", model: "two-phase commit", size: 3 } as const;
  const { launch } = launcher(new AbortController().signal);
  const { runs, ...usage } = await launch({ warmUp: [], tasks: [{ task, rounds: 2 }] });
  t.like(runs, { length: 1, 0: { counts: { states: 288, transitions: 1145 }, ms: { length: 2 } } });
  t.deepEqual(Object.keys(usage).sort(), ["cpuMs", "peakMiB", "wallMs"]);
});

test("a measurement that fails is an error with its message", async (t) => {
  const task = { kind: "explore", explorer: "hand-packed", model: "two-phase commit", size: 14 } as const;
  const { launch } = launcher(new AbortController().signal);
  const failed = launch({ warmUp: [], tasks: [{ task, rounds: 1 }] });
  await t.throwsAsync(failed, { message: "resource managers: expected 1 to 13, got 14" });
});

test("a C file that can't be used is its author's mistake", async (t) => {
  const folder = scratch();
  const task = { kind: "calls", driver: { file: `${folder.path}/missing.c` }, calls: 1 } as const;
  const { launch } = launcher(new AbortController().signal);
  await t.throwsAsync(launch({ warmUp: [], tasks: [{ task, rounds: 1 }] }), { name: "Misuse" });
  await folder.remove();
});
