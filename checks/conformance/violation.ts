import type { Breach } from "../../model/judged.js";
import type { Step } from "../../traces/scenario/scenario.js";

/** A path whose last step breaks invariants, as exploration met it. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly breaches: readonly Breach[];
  readonly panic: string | null;
  /** How many explored edges it stands for; one if that isn't said. */
  readonly edges?: number;
}

/** What is broken, as text: the invariants in alphabetical order, and the panic. */
export function brokenText({ breaches, panic }: Pick<Violation, "breaches" | "panic">): string {
  const invariants = [...new Set(breaches.map(({ invariant }) => invariant))].sort().join(", ");
  return panic === null ? invariants : `${invariants} (panic: ${panic})`;
}
