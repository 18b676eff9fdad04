import type { Bench } from "./bench.js";
import type { TaskRounds } from "./job.js";
import { type Row, rowOf } from "./result.js";
import { type Counts, type Task, titleOf } from "./task.js";

/** Processes in rotation: what they took as a whole, and what the task itself took in each, from cold. */
export interface ColdRows {
  readonly whole: readonly Row[];
  readonly cold: readonly Row[];
}

/** Does every task in processes of its own, in rotation (A B A B …), each as often as it says. */
export async function inProcesses({ launch }: Bench, tasks: readonly TaskRounds[]): Promise<ColdRows> {
  const seen = tasks.map(({ task, rounds }) => ({ task, rounds, counts: {} as Counts, ...noTimes() }));
  const most = Math.max(...tasks.map(({ rounds }) => rounds));
  for (let round = 0; round < most; round++) {
    for (const one of seen) {
      if (round >= one.rounds) continue;
      const { runs, wallMs, cpuMs, peakMiB } = await launch({ warmUp: [], tasks: [{ task: one.task, rounds: 1 }] });
      one.counts = runs[0]?.counts ?? {};
      one.cold.push(...(runs[0]?.ms ?? []));
      one.whole.push(wallMs);
      one.cpu.push(cpuMs);
      one.peak.push(peakMiB);
    }
  }
  return {
    whole: seen.map(({ task, counts, whole, cpu, peak }) => ({
      ...rowOf({ ...titleOf(task), how: "whole process", counts, ms: whole }),
      cpuMs: Math.min(...cpu),
      peakMiB: Math.max(...peak),
    })),
    cold: seen.map(({ task, counts, cold }) => rowOf({ ...titleOf(task), how: "cold", counts, ms: cold })),
  };
}

function noTimes(): { readonly [time in "whole" | "cold" | "cpu" | "peak"]: number[] } {
  return { whole: [], cold: [], cpu: [], peak: [] };
}

/** Does all tasks in one process, in rotation, after what warms it up. */
export async function inOneProcess(
  { launch }: Bench,
  warmUp: readonly Task[],
  tasks: readonly TaskRounds[],
): Promise<readonly Row[]> {
  const { runs } = await launch({ warmUp, tasks });
  return tasks.map(({ task }, i) =>
    rowOf({ ...titleOf(task), how: "warm", counts: runs[i]?.counts ?? {}, ms: runs[i]?.ms ?? [] }),
  );
}

/** The row of what was done, and by whom. */
export function find(rows: readonly Row[], what: string, by: string): Row | undefined {
  return rows.find((row) => row.what === what && row.by === by);
}
