import type { Prot, Returned, Word } from "../impl/driver.js";

/** What the specification says of a page while no call is under way. */
export type ExpectedPage =
  | { readonly type: "empty" }
  | { readonly type: "mfn"; readonly mfn: Word }
  | { readonly type: "gref"; readonly gref: number; readonly writable: boolean };

/** A segment that has data, as the specification says it must be. softlockcnt is the number of `mfn` pages. */
export interface ExpectedSegment {
  readonly stillborn: boolean;
  readonly prot: Prot;
  readonly maxprot: Prot;
  /** 0 while unbound. */
  readonly domid: number;
  readonly pages: readonly ExpectedPage[];
  /** Which pages' PTEs callers registered (rightly or at a mistaken address). */
  readonly registered: readonly boolean[];
}

/** The specification's quiescent state. By segment number; `null` for one that is gone. Page tables, grants, vnode and memory follow from it. */
export interface ExpectedState {
  readonly segments: readonly (ExpectedSegment | null)[];
}

/** How the specification ends a call: done, failed after its effects began (contract section 3, step 4), refused without effect, or the panic that section 3 prescribes. */
export type Verdict = "succeeded" | "failed" | "refused" | "panics";

/** What the specification says of one call with its answers. */
export interface Expectation {
  readonly verdict: Verdict;
  readonly ret: Returned;
  readonly after: ExpectedState;
}
