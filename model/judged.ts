import type { Call, Machine, Observation, Outcome } from "../impl/driver.js";
import type { Expectation } from "./expectation.js";

/** One call of a driver with all that is needed to judge it. Plain data. */
export interface Judged {
  readonly call: Call;
  /** At rest before the call; what callers do first (contract section 4, Callers) is not yet in it. */
  readonly before: Observation;
  /** At rest after the call, or where a panic stopped it. */
  readonly after: Observation;
  readonly outcome: Outcome;
  /** What the specification says of the call; `null` once it can't be a reference any more (`"reference": false`). */
  readonly expectation: Expectation | null;
  readonly machine: Machine;
}

/** The invariants of contract section 5, by their ids there. */
export type ContractInvariantId =
  | "result-exact"
  | "success-exact"
  | "empty-rollback"
  | "refusal-is-pure"
  | "softlock-nonnegative"
  | "softlock-exact"
  | "domid-once"
  | "map-is-truth"
  | "grant-owned-once"
  | "lock-balance"
  | "no-residue"
  | "vnode-balance"
  | "one-domain"
  | "write-permission"
  | "lock-discipline"
  | "wake"
  | "fork-isolation"
  | "freeable"
  | "kernel-contract";

/** `specification` is ours: a state that section 3 doesn't allow, where no invariant of section 5 says so. */
export type InvariantId = ContractInvariantId | "specification";

/** An invariant that a call broke, and how: one line for people. */
export interface Breach {
  readonly invariant: InvariantId;
  readonly detail: string;
}
