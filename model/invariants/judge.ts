import type { Breach, InvariantId, Judged } from "../judged.js";
import type { Invariant } from "./invariant.js";
import { INVARIANTS } from "./list.js";
import { specification } from "./specification.js";

const HOLDS: readonly Breach[] = Object.freeze([]);

/** The invariants that speak of how a call went, not of the state that it left. */
const OF_THE_COURSE: ReadonlySet<InvariantId> = new Set(["result-exact", "lock-discipline", "wake"]);

/**
 * Is the invariant judged on this call? State invariants not where a panic stopped the call, since it is still under way,
 * and those on calls only as long as the specification is a reference, and where they have something to say. Whoever
 * counts how often an invariant was checked counts these.
 */
export function applies(invariant: Invariant, judged: Judged): boolean {
  switch (invariant.scope) {
    case "hypercall":
      return true;
    case "quiescent":
      return judged.outcome.panic === null;
    case "call":
      return judged.outcome.panic === null && judged.expectation !== null && invariant.concerns(judged);
    case "space":
      return false;
  }
}

/** An invariant of a call or a state, in one shape for all: there are twenty to ask about every call. */
interface Judge {
  readonly id: InvariantId;
  readonly ofTheCourse: boolean;
  /** Is it judged also where a panic stopped the call? */
  readonly inPanic: boolean;
  /** For those that compare with the specification: do they say anything of the call? */
  readonly concerns: ((judged: Judged) => boolean) | null;
  readonly breaches: (judged: Judged) => readonly string[];
}

const JUDGES: readonly Judge[] = INVARIANTS.filter((invariant) => invariant.scope !== "space").map((invariant) => ({
  id: invariant.id,
  ofTheCourse: OF_THE_COURSE.has(invariant.id),
  inPanic: invariant.scope === "hypercall",
  concerns: invariant.scope === "call" ? invariant.concerns : null,
  breaches: invariant.breaches,
}));

/**
 * Judges one call by all invariants that apply. Breaches come in the order of contract section 5; `specification` only
 * if nothing else speaks of the state that the call left. Pure, and without allocation where all holds.
 */
export function judge(judged: Judged): readonly Breach[] {
  let breaches: Breach[] | null = null;
  let stateIsWrong = false;
  const panicked = judged.outcome.panic !== null;
  const compared = judged.expectation !== null;
  for (const { id, ofTheCourse, inPanic, concerns, breaches: breachesOf } of JUDGES) {
    if ((panicked && !inPanic) || (concerns !== null && !(compared && concerns(judged)))) continue;
    const details = breachesOf(judged);
    if (details.length === 0) continue;
    breaches ??= [];
    for (const detail of details) breaches.push({ invariant: id, detail });
    if (!ofTheCourse) stateIsWrong = true;
  }
  if (stateIsWrong || !applies(specification, judged)) return breaches ?? HOLDS;
  const details = specification.breaches(judged);
  if (details.length === 0) return breaches ?? HOLDS;
  return [...(breaches ?? HOLDS), ...details.map((detail) => ({ invariant: specification.id, detail }))];
}
