import type { Case } from "../bench.js";
import type { TaskRounds } from "../job.js";
import { goal, type Row } from "../result.js";
import { sizesOf } from "../sizes.js";
import type { Explorer, ExploreTask, Model } from "../task.js";
import { titleOf } from "../task.js";
import { find, inOneProcess, inProcesses } from "../timing.js";

/** The slow ones are timed once: they take seconds, in the first of which V8 has compiled all of them. */
const EXPLORERS: readonly { readonly explorer: Explorer; readonly rounds: number }[] = [
  { explorer: "getAdjacencyMap", rounds: 1 },
  { explorer: "getShortestPaths", rounds: 1 },
  { explorer: "XState + Map", rounds: 1 },
  { explorer: "engine", rounds: 5 },
  { explorer: "hand-packed", rounds: 5 },
];

/** What users of XState have otherwise, from cold (the machine and its compilation included, imports not) and warm. */
export const peers: Case = {
  name: "peers",
  title: "Against @xstate/graph, XState with a Map, and by hand",
  async measure(bench) {
    const { peers: managers, peerPhilosophers } = sizesOf(bench.effort);
    const tasks = [
      ...managers.flatMap((n) => all("two-phase commit", n)),
      ...peerPhilosophers.flatMap((n) => all("dining philosophers", n)),
    ];
    const { cold } = await inProcesses(bench, tasks);
    const warmUp = [...all("two-phase commit", 3), ...all("two-phase commit", 3), ...all("dining philosophers", 4)];
    const warm = await inOneProcess(
      bench,
      warmUp.map(({ task }) => task),
      tasks.map(({ task, rounds }) => ({ task, rounds: rounds === 1 ? 1 : WARM_ROUNDS })),
    );
    return {
      rows: [...cold, ...warm],
      goals: [
        goal("two-phase commit, 5: times as fast as @xstate/graph, cold", { atLeast: 200 }, against(cold)),
        goal("two-phase commit, 5: times as fast as @xstate/graph, warm", { atLeast: 500 }, against(warm)),
      ],
    };
  },
};

/** Rounds of those that take milliseconds: V8 takes some tens of them to compile what runs for so short a time. */
const WARM_ROUNDS = 40;

function all(model: Model, size: number): readonly (TaskRounds & { readonly task: ExploreTask })[] {
  return EXPLORERS.map(({ explorer, rounds }) => ({ task: { kind: "explore", explorer, model, size }, rounds }));
}

/** The engine against the faster of the two functions of @xstate/graph. */
function against(rows: readonly Row[]): number | null {
  const { what } = titleOf({ kind: "explore", explorer: "engine", model: "two-phase commit", size: 5 });
  const engine = find(rows, what, "engine");
  const graph = [find(rows, what, "getAdjacencyMap"), find(rows, what, "getShortestPaths")];
  const times = graph.flatMap((row) => (row === undefined ? [] : [row.bestMs]));
  return engine === undefined || times.length === 0 ? null : Math.min(...times) / engine.bestMs;
}
