import test from "ava";
import fc from "fast-check";
import { defineScope } from "../../model/scope.js";
import type { Job } from "./job.js";
import { reportOfParts } from "./random.js";
import { dealt, weightOf } from "./shards.js";

const job = fc.oneof(
  fc.constantFrom<Job>({ kind: "directed" }, { kind: "breakers" }, { kind: "simple paths" }),
  fc
    .record({ pages: fc.integer({ min: 1, max: 6 }), forks: fc.integer({ min: 0, max: 1 }) })
    .chain((size) =>
      fc.constantFrom<Job>({ kind: "product", scope: defineScope(size) }, { kind: "chart", scope: defineScope(size) }),
    ),
);

test("every job is in exactly one shard, whatever the jobs and however many shards", (t) => {
  const property = fc.property(fc.array(job), fc.integer({ min: 1, max: 20 }), (jobs, of) => {
    const shards = dealt(jobs, of);
    t.is(shards.length, of);
    t.deepEqual(
      shards.flat().sort((a, b) => a - b),
      [...jobs.keys()],
    );
    t.deepEqual(dealt(jobs, of), shards);
  });
  t.notThrows(() => fc.assert(property, { seed: 6, numRuns: 200 }));
});

test("no shard has more to do than another by more than its smallest job", (t) => {
  const property = fc.property(fc.array(job, { minLength: 1 }), fc.integer({ min: 1, max: 6 }), (jobs, of) => {
    const weights = dealt(jobs, of).map((shard) =>
      shard.map((number) => weightOf(jobs[number] ?? { kind: "directed" })),
    );
    const sums = weights.map((each) => each.reduce((sum, weight) => sum + weight, 0));
    const least = Math.min(...sums);
    for (const [at, each] of weights.entries())
      t.true((sums[at] ?? 0) - Math.min(...each, Number.POSITIVE_INFINITY) <= least || each.length === 0);
  });
  t.notThrows(() => fc.assert(property, { seed: 6, numRuns: 200 }));
});

const OPTIONS = { kernel: "debug", runs: 5, seed: 1, maxPages: 1, maxCalls: 9 } as const;
const FAILURE = { scenario: { pages: 1, steps: [] }, breaches: [], panic: null };

test("random runs of all shards come to what one would have made, up to the first that fails", (t) => {
  const one = { shard: { number: 1, of: 2 }, calls: [10, 30, 50], complete: true, failed: null };
  const two = {
    shard: { number: 2, of: 2 },
    calls: [20],
    complete: true,
    failed: { run: 3, calls: 7, failure: FAILURE },
  };
  const all = { seed: 1, runs: 4, calls: 10 + 20 + 30 + 7, complete: true, failure: FAILURE };
  t.deepEqual(reportOfParts(OPTIONS, [one, two]), all);
  t.deepEqual(reportOfParts(OPTIONS, [two, one]), all, "in any order");
  const late = { ...one, calls: [10, 30], failed: { run: 4, calls: 9, failure: { ...FAILURE, panic: "later" } } };
  t.deepEqual(reportOfParts(OPTIONS, [late, two]), all, "of several the first");
});

test("random runs of which a shard is missing, or was stopped, are incomplete", (t) => {
  const one = { shard: { number: 1, of: 2 }, calls: [10, 30, 50], complete: true, failed: null };
  const two = { shard: { number: 2, of: 2 }, calls: [20, 40], complete: true, failed: null };
  t.deepEqual(reportOfParts(OPTIONS, [one, two]), { seed: 1, runs: 5, calls: 150, complete: true, failure: null });
  t.deepEqual(reportOfParts(OPTIONS, [one]), { seed: 1, runs: 3, calls: 90, complete: false, failure: null });
  const stopped = { ...two, calls: [20], complete: false };
  t.deepEqual(reportOfParts(OPTIONS, [one, stopped]), { seed: 1, runs: 4, calls: 110, complete: false, failure: null });
});
