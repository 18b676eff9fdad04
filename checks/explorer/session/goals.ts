import type { Observation, SegmentState } from "../../../impl/driver.js";
import type { InvariantId } from "../../../model/judged.js";
import type { Edge } from "../../conformance/edge.js";

/** What a search is for: a state, or a call that leads to it. Plain data. */
export type Goal =
  | { readonly kind: "broken"; readonly invariant: InvariantId | null }
  | { readonly kind: "page"; readonly seg: number; readonly page: number; readonly holds: Holds }
  | { readonly kind: "segment"; readonly seg: number; readonly is: Life }
  | { readonly kind: "softlocks"; readonly seg: number; readonly count: number }
  | { readonly kind: "waiting"; readonly seg: number }
  | { readonly kind: "returns"; readonly call: string; readonly verdict: Verdict };

export const HOLDS = ["a frame", "a grant", "a writable grant", "a registered PTE"] as const;
export type Holds = (typeof HOLDS)[number];
export const LIVES = ["live", "stillborn", "gone"] as const;
export type Life = (typeof LIVES)[number];
export const VERDICTS = ["succeeded", "failed", "refused", "panics"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A goal in words, after "a state where …" */
export function goalText(goal: Goal): string {
  switch (goal.kind) {
    case "broken":
      return goal.invariant === null ? "an invariant is broken" : `${goal.invariant} is broken`;
    case "page":
      return `page ${goal.page} of segment ${goal.seg} has ${goal.holds}`;
    case "segment":
      return `segment ${goal.seg} is ${goal.is}`;
    case "softlocks":
      return `softlockcnt of segment ${goal.seg} is ${goal.count}`;
    case "waiting":
      return `somebody waits for segment ${goal.seg}`;
    case "returns":
      return goal.verdict === "panics"
        ? `${goal.call} has panicked`
        : `${goal.call} has just ${verdictText(goal.verdict)}`;
  }
}

function verdictText(verdict: Exclude<Verdict, "panics">): string {
  return verdict === "refused" ? "been refused" : verdict;
}

/** Whether an edge leads to what is looked for. */
export function isReached(goal: Goal, { after, breaches, call, outcome, step }: Edge): boolean {
  switch (goal.kind) {
    case "broken":
      return goal.invariant === null
        ? breaches.length > 0
        : breaches.some(({ invariant }) => invariant === goal.invariant);
    case "page":
      return holds(after, goal.seg, goal.page, goal.holds);
    case "segment":
      return lifeOf(after.segments[goal.seg]) === goal.is;
    case "softlocks":
      return after.segments[goal.seg]?.softlockcnt === goal.count;
    case "waiting":
      return after.waiting[goal.seg] === true;
    case "returns":
      return (
        call.call === goal.call &&
        (goal.verdict === "panics" ? outcome.panic !== null : step.expectation.verdict === goal.verdict)
      );
  }
}

function holds({ segments }: Observation, seg: number, page: number, what: Holds): boolean {
  const segment = segments[seg];
  const record = segment?.map[page];
  switch (what) {
    case "a frame":
      return record?.type === "mfn";
    case "a grant":
      return record?.type === "gref" && record.mapped;
    case "a writable grant":
      return record?.type === "gref" && record.mapped && record.writable;
    case "a registered PTE":
      return (segment?.registered[page] ?? null) !== null;
  }
}

function lifeOf(segment: SegmentState | null | undefined): Life | null {
  if (segment === undefined) return null;
  if (segment === null) return "gone";
  return segment.stillborn ? "stillborn" : "live";
}
