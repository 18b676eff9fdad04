import test from "ava";
import { diningPhilosophers, dinnerEvents } from "../../engine/examples/dining-philosophers.js";
import { commitEvents, consistent, twoPhaseCommit } from "../../engine/examples/two-phase-commit.js";
import { explore } from "../../engine/index.js";
import { packedPhilosophers } from "./dining-philosophers.js";
import { packedTwoPhaseCommit } from "./two-phase-commit.js";
import { Visited } from "./visited.js";

for (const [n, states, transitions, depth] of [
  [3, 288, 1145, 11],
  [5, 8832, 58_145, 17],
] as const) {
  test(`two-phase commit by hand, ${n} resource managers: the same as everywhere`, (t) => {
    t.like(packedTwoPhaseCommit(n), { states, transitions, depth, violations: 0, deadlocks: 0, longest: depth - 1 });
  });
}

for (const n of [1, 2, 3, 4]) {
  test(`two-phase commit by hand and as a chart, ${n} resource managers: the same counts`, async (t) => {
    const chart = await explore(twoPhaseCommit(n), { events: commitEvents(n), invariants: { consistent } });
    const { longest, bytes, ...packed } = packedTwoPhaseCommit(n);
    t.deepEqual(packed, {
      states: chart.states,
      transitions: chart.transitions,
      depth: chart.depth,
      violations: chart.violations.length,
      deadlocks: chart.deadlocks.count,
    });
  });
}

for (const n of [2, 3, 4, 5, 6]) {
  test(`dining philosophers by hand and as a chart, ${n} of them: the same counts`, async (t) => {
    const chart = await explore(diningPhilosophers(n), { events: dinnerEvents(n) });
    const { longest, bytes, ...packed } = packedPhilosophers(n);
    t.is(longest, chart.depth - 1);
    t.deepEqual(packed, {
      states: chart.states,
      transitions: chart.transitions,
      depth: chart.depth,
      deadlocks: chart.deadlocks.count,
    });
  });
}

test("more philosophers than a word holds: each number of states is twice the one before plus the one before that", (t) => {
  const states = [9, 10, 11, 12, 13].map((n) => packedPhilosophers(n).states);
  t.deepEqual(states, [2786, 6726, 16_238, 39_202, 94_642]);
});

test("sizes that the words don't hold are refused", (t) => {
  t.throws(() => packedTwoPhaseCommit(14), { message: "resource managers: expected 1 to 13, got 14" });
  t.throws(() => packedPhilosophers(26), { message: "philosophers: expected 2 to 25, got 26" });
});

test("the consistency of two-phase commit can be broken", (t) => {
  t.false(consistent({ value: { tm: "committed", rm0: "committed", rm1: "aborted" } }));
  t.true(consistent({ value: { tm: "undecided", rm0: "prepared", rm1: "aborted" } }));
});

test("visited states keep both words apart, and are found again after growing", (t) => {
  const visited = new Visited();
  const pairs = Array.from({ length: 20_000 }, (_, i) => [i % 173, i * 0x1_0001 - 0x4000_0000] as const);
  t.true(pairs.every(([low, high], i) => visited.add(low, high, i - 1)));
  t.false(pairs.some(([low, high]) => visited.add(low, high, 0)));
  t.is(visited.size, 20_000);
  t.deepEqual([visited.low(19_999), visited.high(19_999)], [19_999 % 173, 19_999 * 0x1_0001 - 0x4000_0000]);
  t.is(visited.distance(19_999), 19_999);
});
