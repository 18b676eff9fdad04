import { prepare } from "./perform.js";
import type { Counts, Task } from "./task.js";

/** What one process is asked to measure. */
export interface Job {
  /** Done once each before the clock runs. */
  readonly warmUp: readonly Task[];
  readonly tasks: readonly TaskRounds[];
}

export interface TaskRounds {
  readonly task: Task;
  readonly rounds: number;
}

/** What came of a task: the same counts in every round, and the time of each in milliseconds. */
export interface Run {
  readonly counts: Counts;
  readonly ms: readonly number[];
}

/**
 * Does a job: the tasks in rotation (A B A B …), so that a drift of the machine's speed meets all of them.
 * @param now a clock, in milliseconds.
 * @returns a promise of one run a task, in their order.
 */
export async function runJob({ warmUp, tasks }: Job, now: () => number): Promise<readonly Run[]> {
  for (const task of warmUp) await (await prepare(task))();
  const prepared: { rounds: number; run: () => Counts | Promise<Counts>; counts: Counts; ms: number[] }[] = [];
  for (const { task, rounds } of tasks) prepared.push({ rounds, run: await prepare(task), counts: {}, ms: [] });
  const most = Math.max(...tasks.map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    for (const one of prepared) {
      if (round >= one.rounds) continue;
      const started = now();
      one.counts = await one.run();
      one.ms.push(now() - started);
    }
  }
  return prepared.map(({ counts, ms }) => ({ counts, ms }));
}
