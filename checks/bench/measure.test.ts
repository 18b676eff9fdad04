import test from "ava";
import type { Bench, Case, Outcome } from "./bench.js";
import { CASES } from "./cases/list.js";
import type { Job } from "./job.js";
import { measure } from "./measure.js";
import { goal } from "./result.js";
import { type Effort, HAS_WORKERS, sizesOf } from "./sizes.js";
import { table } from "./table.js";
import { titleOf } from "./task.js";
import { inOneProcess, inProcesses } from "./timing.js";

/** Processes that measure nothing: everything takes 2 ms, 1 ms less for the hand-packed explorer, in a process of 100 ms. */
function fake(effort: Effort = "quick"): Bench & { readonly jobs: Job[] } {
  const jobs: Job[] = [];
  return {
    jobs,
    effort,
    cFile: "seg_mf.c",
    launch: (job) => {
      jobs.push(job);
      return Promise.resolve(outcome(job));
    },
    check: () => Promise.resolve({ wallMs: 9000, complete: true }),
  };
}

function outcome({ tasks }: Job): Outcome {
  const runs = tasks.map(({ task, rounds }) => ({
    counts: { states: 10_000, transitions: 20_000, bytes: 160_000 },
    ms: Array.from({ length: rounds }, (_, i) => (titleOf(task).by === "hand-packed" ? 1 : 2) + i),
  }));
  return { runs, wallMs: 100, cpuMs: 90, peakMiB: 50 };
}

const A = { kind: "explore", explorer: "hand-packed", model: "two-phase commit", size: 3 } as const;
const B = { ...A, explorer: "engine" } as const;

test("processes are started in rotation, and each as often as it says", async (t) => {
  const bench = fake();
  const { whole, cold } = await inProcesses(bench, [
    { task: A, rounds: 3 },
    { task: B, rounds: 2 },
  ]);
  t.deepEqual(
    bench.jobs.map(({ tasks }) => tasks.map(({ task }) => titleOf(task).by)),
    [["hand-packed"], ["engine"], ["hand-packed"], ["engine"], ["hand-packed"]],
  );
  t.like(whole[0], { how: "whole process", rounds: 3, bestMs: 100, medianMs: 100, cpuMs: 90, peakMiB: 50 });
  t.like(cold[1], { by: "engine", how: "cold", rounds: 2, bestMs: 2, states: 10_000 });
});

test("the best and the median of a process's own rounds", async (t) => {
  const rows = await inOneProcess(fake(), [], [{ task: B, rounds: 5 }]);
  t.deepEqual(rows, [
    {
      what: "two-phase commit, 3",
      by: "engine",
      how: "warm",
      rounds: 5,
      states: 10_000,
      transitions: 20_000,
      bytes: 160_000,
      bestMs: 2,
      medianMs: 4,
    },
  ]);
});

test("a goal is met, not met, or not measured", (t) => {
  t.is(goal("a", { atLeast: 2 }, 2).met, true);
  t.is(goal("a", { atLeast: 2 }, 1.9).met, false);
  t.is(goal("a", { atMost: 2 }, 2.1).met, false);
  t.is(goal("a", { atMost: 2 }, null).met, null);
});

for (const effort of ["quick", "default", "full"] as const) {
  test(`a report with every case, ${effort}: plain data that JSON keeps`, async (t) => {
    const report = await measure(CASES, fake(effort));
    t.deepEqual(JSON.parse(JSON.stringify(report)), report);
    t.like(report, { format: "segmf-bench/2", effort, complete: true });
    t.deepEqual(
      report.cases.map(({ name, skipped }) => [name, skipped !== undefined]),
      [
        ["limit", false],
        ["peers", false],
        ["scaling", false],
        ["specification", false],
        ["drivers", false],
        ["workers", !HAS_WORKERS],
        ["check", effort === "quick"],
      ],
    );
    for (const { rows } of report.cases) t.true(rows.every(({ bestMs, medianMs }) => bestMs <= medianMs));
  });
}

test("goals are judged by what was measured", async (t) => {
  const { cases } = await measure(CASES, fake("full"));
  const judged = Object.fromEntries(cases.map(({ name, goals }) => [name, goals.map(({ measured }) => measured)]));
  const limits = [7, 8, 9].map((n) => (sizesOf("full").limit.includes(n) ? 1 : null));
  t.deepEqual(judged, {
    limit: limits,
    peers: [1, 1],
    scaling: [1, 16, 1, 16],
    specification: [10_000_000],
    drivers: [10_000_000, 10_000_000],
    workers: HAS_WORKERS ? [1] : [],
    check: [9],
  });
});

test("a case that is interrupted is left out, and the report says that it is not complete", async (t) => {
  const stop = new AbortController();
  const stopping: Case = {
    name: "stopping",
    title: "Stopping",
    measure: () => {
      stop.abort();
      return Promise.reject(new Error("aborted"));
    },
  };
  const skipping: Case = {
    name: "skipping",
    title: "Skipping",
    measure: () => Promise.resolve({ skipped: "no need" }),
  };
  const report = await measure([skipping, stopping, skipping], fake(), { signal: stop.signal });
  t.false(report.complete);
  t.deepEqual(report.cases, [{ name: "skipping", title: "Skipping", skipped: "no need", rows: [], goals: [] }]);
  t.regex(table(report), /INTERRUPTED\n\nSkipping\nskipped: no need\n$/);
});

test("what fails for any other reason is thrown", async (t) => {
  const failing: Case = { name: "failing", title: "", measure: () => Promise.reject(new Error("no such compiler")) };
  await t.throwsAsync(measure([failing], fake()), { message: "no such compiler" });
});

test("the table: what nothing stands in is left out, ratios are to the first of the same", async (t) => {
  const rows = await inOneProcess(
    fake(),
    [],
    [
      { task: A, rounds: 1 },
      { task: B, rounds: 1 },
    ],
  );
  const goals = [
    goal("as fast", { atMost: 1.5 }, 2),
    goal("faster", { atMost: 3 }, 2),
    goal("more", { atLeast: 1 }, null),
  ];
  const one: Case = { name: "one", title: "One", measure: () => Promise.resolve({ rows, goals }) };
  const lines = table(await measure([one], fake())).split("\n");
  t.deepEqual(lines.slice(2), [
    "One",
    "",
    "| what                | by          | how  | states | transitions | rounds | best ms | median ms | ns a transition |   a second | bytes a state | ratio |",
    "| :------------------ | :---------- | :--- | -----: | ----------: | -----: | ------: | --------: | --------------: | ---------: | ------------: | ----: |",
    "| two-phase commit, 3 | hand-packed | warm | 10,000 |      20,000 |      1 |       1 |         1 |              50 | 20,000,000 |            16 | 1.000 |",
    "| two-phase commit, 3 | engine      | warm | 10,000 |      20,000 |      1 |       2 |         2 |             100 | 10,000,000 |            16 | 2.000 |",
    "",
    "NOT MET: as fast: 2 (at most 1.50)",
    "met: faster: 2 (at most 3)",
    "not measured: more: - (at least 1)",
    "",
  ]);
});
