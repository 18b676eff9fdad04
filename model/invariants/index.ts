/** The invariants of contract section 5, and one of ours; no other file states them again. */
export { disagreements } from "./agreement.js";
export type {
  CallInvariant,
  HypercallInvariant,
  Invariant,
  JudgedInvariant,
  QuiescentInvariant,
  SpaceInvariant,
} from "./invariant.js";
export { applies, judge } from "./judge.js";
export { INVARIANTS } from "./list.js";
export { specification as SPECIFICATION } from "./specification.js";
