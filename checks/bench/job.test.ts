import test from "ava";
import { runJob } from "./job.js";
import type { Explorer, Task } from "./task.js";

/** A clock that goes on by 10 whenever it is read. */
function clock(): () => number {
  let at = 0;
  return () => {
    at += 10;
    return at;
  };
}

function commit(explorer: Explorer): Task {
  return { kind: "explore", explorer, model: "two-phase commit", size: 2 };
}

function dinner(explorer: Explorer): Task {
  return { kind: "explore", explorer, model: "dining philosophers", size: 3 };
}

const EXPLORERS = ["engine", "hand-packed", "XState + Map", "getAdjacencyMap", "getShortestPaths"] as const;

test("every explorer finds the same states and, where it counts them, the same transitions", async (t) => {
  const tasks = [...EXPLORERS.map(commit), ...EXPLORERS.map(dinner)].map((task) => ({ task, rounds: 1 }));
  const runs = await runJob({ warmUp: [], tasks }, clock());
  const found = runs.map(({ counts: { states, transitions } }) => [states, transitions]);
  const [five, other] = [found.slice(0, 5), found.slice(5)];
  t.deepEqual(five, [
    [56, 153],
    [56, 153],
    [56, 153],
    [56, undefined],
    [56, undefined],
  ]);
  t.deepEqual(other, [
    [14, 27],
    [14, 27],
    [14, 27],
    [14, undefined],
    [14, undefined],
  ]);
});

test("each task is timed as often as it says", async (t) => {
  const tasks = [
    { task: commit("hand-packed"), rounds: 1 },
    { task: dinner("hand-packed"), rounds: 3 },
  ];
  const runs = await runJob({ warmUp: [dinner("hand-packed")], tasks }, clock());
  t.deepEqual(
    runs.map(({ ms }) => ms),
    [[10], [10, 10, 10]],
  );
});

test("the specification, the product and calls are counted", async (t) => {
  const tasks: readonly Task[] = [
    { kind: "specification", scope: { pages: 1 } },
    { kind: "product", driver: "corrected", scope: { pages: 1 } },
    { kind: "product", driver: "illumos", scope: { pages: 1 } },
    { kind: "calls", driver: "corrected", calls: 7 },
    { kind: "import" },
    { kind: "nothing" },
  ];
  const runs = await runJob({ warmUp: [], tasks: tasks.map((task) => ({ task, rounds: 1 })) }, clock());
  t.deepEqual(
    runs.map(({ counts: { bytes, ...counts } }) => counts),
    [
      { states: 51, transitions: 1235 },
      { states: 26, transitions: 1417 },
      { states: 26, transitions: 1457 },
      { transitions: 7 },
      {},
      {},
    ],
  );
});
