import type { Case } from "../bench.js";
import type { TaskRounds } from "../job.js";
import { goal, perSecond } from "../result.js";
import { sizesOf } from "../sizes.js";
import { type BenchDriver, titleOf } from "../task.js";
import { find, inOneProcess } from "../timing.js";

/** Drivers: calls a second by themselves, and edges a second of the product with the specification, each judged. */
export const drivers: Case = {
  name: "drivers",
  title: "Drivers: calls and judged edges a second",
  async measure(bench) {
    const { drivers: scope, calls } = sizesOf(bench.effort);
    const { cFile } = bench;
    const all: readonly BenchDriver[] = ["corrected", "illumos", ...(cFile === null ? [] : [{ file: cFile }])];
    const tasks: readonly TaskRounds[] = [
      ...all.map((driver) => ({ task: { kind: "calls", driver, calls } as const, rounds: 5 })),
      ...all.map((driver) => ({ task: { kind: "product", driver, scope } as const, rounds: 2 })),
    ];
    const warmUp = all.flatMap((driver) => [
      { kind: "calls", driver, calls } as const,
      { kind: "product", driver, scope: { pages: 1 } } as const,
    ]);
    const rows = await inOneProcess(bench, warmUp, tasks);
    const edges = (driver: BenchDriver): number | null => {
      const { what, by } = titleOf({ kind: "product", driver, scope });
      const row = find(rows, what, by);
      return row === undefined ? null : perSecond(row);
    };
    return {
      rows,
      goals: [
        goal("TypeScript driver: judged edges a second", { atLeast: 500_000 }, edges("corrected")),
        goal("C driver: judged edges a second", { atLeast: 250_000 }, cFile === null ? null : edges({ file: cFile })),
      ],
    };
  },
};
