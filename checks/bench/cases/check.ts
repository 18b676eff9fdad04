import type { Case } from "../bench.js";
import { goal, rowOf } from "../result.js";

/** The main job as its users run it, once. */
export const check: Case = {
  name: "check",
  title: "segmf check with no arguments, the whole process",
  async measure(bench) {
    if (bench.effort === "quick") return { skipped: "it takes too long for a quick run" };
    const { wallMs, complete } = await bench.check();
    const row = rowOf({ what: "segmf check", by: "corrected", how: "whole process", counts: {}, ms: [wallMs] });
    return {
      rows: [row],
      goals: [goal("segmf check: seconds until it holds, complete", { atMost: 10 }, complete ? wallMs / 1000 : null)],
    };
  },
};
