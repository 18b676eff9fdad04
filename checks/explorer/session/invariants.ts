import { applies, INVARIANTS } from "../../../model/invariants/index.js";
import { specification } from "../../../model/invariants/specification.js";
import type { InvariantId } from "../../../model/judged.js";
import type { Made } from "./walker.js";

/** How an invariant fared in a step. */
export interface InvariantStatus {
  readonly id: InvariantId;
  readonly prose: string;
  readonly section: string;
  readonly status: "holds" | "broken" | "not judged";
  /** How it is broken, one line each; or else why it was not judged. */
  readonly details: readonly string[];
}

/** Every invariant, in the order of contract section 5, `specification` last. */
export const ALL_INVARIANTS = [...INVARIANTS, specification];

/** The status of every invariant after a call; at the start none has been judged. */
export function statusOf(made: Made | null): readonly InvariantStatus[] {
  return ALL_INVARIANTS.map((invariant) => {
    const { id, prose, section } = invariant;
    const details = (made?.breaches ?? []).filter((breach) => breach.invariant === id).map(({ detail }) => detail);
    if (details.length > 0) return { id, prose, section, status: "broken", details };
    const why = made === null ? "no call was made yet" : whyNotJudged(invariant, made);
    return why === null
      ? { id, prose, section, status: "holds", details: [] }
      : { id, prose, section, status: "not judged", details: [why] };
  });
}

function whyNotJudged(invariant: (typeof ALL_INVARIANTS)[number], { judged, reference }: Made): string | null {
  if (invariant.scope === "space") return "says something of the whole state space: segmf check judges it";
  if (applies(invariant, judged)) return null;
  if (judged.outcome.panic !== null) return "a panic stopped the call in its midst";
  if (!reference) return "an earlier step broke an invariant: the specification is no reference any more";
  return "says nothing of this call";
}
