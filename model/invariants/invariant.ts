import type { ClauseId } from "../clauses.js";
import type { InvariantId, Judged } from "../judged.js";

interface Stated {
  readonly id: InvariantId;
  /** The invariant in words. */
  readonly prose: string;
  /** The section of the contract that it comes from. */
  readonly section: string;
  /** The clauses that it holds drivers to. */
  readonly clauses: readonly ClauseId[];
}

/** Holds whenever no call is under way. */
export interface QuiescentInvariant extends Stated {
  readonly scope: "quiescent";
  /** How the call broke it, one line each; empty if it holds. */
  breaches(judged: Judged): readonly string[];
}

/** Holds at every kernel call as well: marked † in the contract. */
export interface HypercallInvariant extends Stated {
  readonly scope: "hypercall";
  breaches(judged: Judged): readonly string[];
}

/** Says something of a call, by comparing before and after, or with what the specification expects. */
export interface CallInvariant extends Stated {
  readonly scope: "call";
  /** Does it say anything of this call? One that never does was never checked. */
  concerns(judged: Judged): boolean;
  breaches(judged: Judged): readonly string[];
}

/** Says something of the whole state space, so no single call can break it: whoever has the graph evaluates it. */
export interface SpaceInvariant extends Stated {
  readonly scope: "space";
}

export type JudgedInvariant = QuiescentInvariant | HypercallInvariant | CallInvariant;
export type Invariant = JudgedInvariant | SpaceInvariant;

/** What every invariant that holds returns, so that holding costs no allocation. */
export const NONE: readonly string[] = Object.freeze([]);

/** Details as they are found: `null` as long as there are none. */
export type Found = string[] | null;

/** Adds a detail to those found so far. */
export function found(so: Found, detail: string): string[] {
  if (so === null) return [detail];
  so.push(detail);
  return so;
}
