import type { Case } from "../bench.js";
import { goal, ratio } from "../result.js";
import { sizesOf } from "../sizes.js";
import type { Explorer, Task } from "../task.js";
import { titleOf } from "../task.js";
import { find, inProcesses } from "../timing.js";

/** The engine against the hand-packed explorer: whole processes, both cold, the best of all rounds. */
export const limit: Case = {
  name: "limit",
  title: "Two-phase commit against a hand-packed explorer, whole processes",
  async measure(bench) {
    const { limit: sizes, limitRounds: rounds } = sizesOf(bench.effort);
    const start: readonly Task[] = [{ kind: "nothing" }, { kind: "import" }];
    const { whole: rows } = await inProcesses(
      bench,
      [...start, ...sizes.flatMap((n) => [by("hand-packed", n), by("engine", n)])].map((task) => ({ task, rounds })),
    );
    const goals = [7, 8, 9].map((n) => {
      const { what } = titleOf(by("engine", n));
      const measured = ratio(find(rows, what, "engine"), find(rows, what, "hand-packed"));
      return goal(`${what}: time of the hand-packed explorer's`, { atMost: 3 }, measured);
    });
    return { rows, goals };
  },
};

function by(explorer: Explorer, size: number): Task {
  return { kind: "explore", explorer, model: "two-phase commit", size };
}
