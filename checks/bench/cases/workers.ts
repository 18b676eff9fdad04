import type { Case } from "../bench.js";
import { goal, ratio } from "../result.js";
import { HAS_WORKERS, sizesOf } from "../sizes.js";
import { inProcesses } from "../timing.js";

/** Two threads against one, whole processes. */
export const workers: Case = {
  name: "workers",
  title: "Two workers against one, whole processes",
  async measure(bench) {
    if (!HAS_WORKERS) return { skipped: "the engine has one thread" };
    const size = sizesOf(bench.effort).workers;
    const { whole: rows } = await inProcesses(
      bench,
      [1, 2].map((count) => ({
        task: { kind: "explore", explorer: "engine", model: "two-phase commit", size, workers: count } as const,
        rounds: 3,
      })),
    );
    const [one, two] = rows;
    const text = `two-phase commit, ${size}: times as fast with two workers (a goal for what takes over 5 seconds)`;
    return { rows, goals: [goal(text, { atLeast: 1.6 }, ratio(one, two))] };
  },
};
