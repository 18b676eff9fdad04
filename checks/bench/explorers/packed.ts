import type { Found } from "../packed/search.js";
import type { Counts, Model } from "../task.js";

/** Prepares the hand-packed explorer of a model. What it returns throws if the invariant is broken. */
export async function packed(model: Model, size: number): Promise<() => Counts> {
  switch (model) {
    case "two-phase commit": {
      const { packedTwoPhaseCommit } = await import("../packed/two-phase-commit.js");
      return () => {
        const { violations, ...found } = packedTwoPhaseCommit(size);
        if (violations > 0) throw new Error(`${model}, ${size}: violated`);
        return counts(found);
      };
    }
    case "dining philosophers": {
      const { packedPhilosophers } = await import("../packed/dining-philosophers.js");
      return () => counts(packedPhilosophers(size));
    }
  }
}

function counts({ states, transitions, bytes }: Found): Counts {
  return { states, transitions, bytes };
}
