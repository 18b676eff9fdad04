import type { KernelCall, KernelKind, PageRecord, Pte, Returned, Word } from "../../impl/driver.js";

export const RUN_FORMAT = "segmf-run/1";

/** What is shown of a segment that has data, live or stillborn: the driver's record beside the page table's. */
export interface RunSegment {
  /** 0 while unset. */
  readonly domid: number;
  /** Read as a signed number. */
  readonly softlockcnt: number;
  readonly map: readonly PageRecord[];
  /** The `pte_ma` that was given for each page. */
  readonly registered: readonly (Word | null)[];
  readonly ptes: readonly (Pte | null)[];
  readonly locks: number;
}

/** An invariant that does not hold after a step (or did not during it), and how that shows. */
export interface RunViolation {
  readonly invariant: string;
  readonly detail: string;
}

/** What came of one step. After a panic there is no further one. */
export interface RunStep {
  readonly ret: Returned;
  readonly panic: string | null;
  readonly calls: readonly KernelCall[];
  /** By segment number; `null` once freed. */
  readonly segments: readonly (RunSegment | null)[];
  readonly violations: readonly RunViolation[];
  /** There, and false, from the step after the first violation: the specification was no reference any more. */
  readonly reference?: false;
}

/** One scenario run on one driver. */
export interface RunResult {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly steps: readonly RunStep[];
}
