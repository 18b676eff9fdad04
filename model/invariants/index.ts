/** The invariants of contract section 5, and one of ours; no other file states them again. */
export { applies, judge } from "./judge.js";
export { INVARIANTS } from "./list.js";
