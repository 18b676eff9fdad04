import type { Case } from "../bench.js";
import { goal, perSecond } from "../result.js";
import { sizesOf } from "../sizes.js";
import { inOneProcess } from "../timing.js";

/** Our own chart at growing scopes, by the engine. */
export const specification: Case = {
  name: "specification",
  title: "Our specification: transitions a second",
  async measure(bench) {
    const tasks = sizesOf(bench.effort).specification.map((scope) => ({
      task: { kind: "specification", scope } as const,
      rounds: 3,
    }));
    const rows = await inOneProcess(bench, [{ kind: "specification", scope: { pages: 1 } }], tasks);
    const last = rows.at(-1);
    const measured = last === undefined ? null : perSecond(last);
    return {
      rows,
      goals: [goal(`${last?.what ?? "specification"}: transitions a second`, { atLeast: 1_000_000 }, measured)],
    };
  },
};
