import type { Judged } from "../judged.js";
import { disagreements } from "./agreement.js";
import { segmentsWithData } from "./counts.js";
import { type CallInvariant, NONE } from "./invariant.js";

/**
 * Memory as a call finds it and leaves it: each segment that has data has the same share. Only where there are segments
 * before and after can the shares be compared; a segment that ends is `no-residue`'s.
 */
function shareBreach({ before, after }: Judged): string | null {
  const were = segmentsWithData(before);
  const are = segmentsWithData(after);
  if (were === 0 || are < were || after.memory.blocks * were === before.memory.blocks * are) return null;
  return `memory: ${before.memory.blocks} blocks for ${were} segments became ${after.memory.blocks} for ${are}`;
}

function specificationBreaches(judged: Judged): readonly string[] {
  const { expectation, after } = judged;
  if (expectation === null) return NONE;
  const found = disagreements(expectation.after, after);
  const differences = found.length === 0 ? NONE : found.map(({ detail }) => detail);
  const share = shareBreach(judged);
  return share === null ? differences : [...differences, share];
}

/**
 * Ours, for what section 5 leaves to section 3: what a successful create, dup, registration, release, unmap, or an add
 * outside its range, must leave behind. `judge` reports it only where no invariant of section 5 speaks of the state that
 * the call left, so that one cause isn't told twice.
 */
export const specification: CallInvariant = {
  id: "specification",
  prose: "After a call the driver's state is the specification's.",
  section: "3",
  clauses: ["3.create.live", "3.dup.child"],
  scope: "call",
  concerns: ({ expectation }) => expectation?.verdict !== "panics",
  breaches: specificationBreaches,
};
