import type { Call } from "../../impl/driver.js";

export const SCENARIO_FORMAT = "segmf-scenario/1";

/** Bytes of a page. */
export const PAGE_SIZE = 4096;

/** The kernel's answer to one hypercall over grants: its own code, then a status for each element by position. */
export interface GrantAnswer {
  readonly rc: number;
  /** By element; 0 where it ends. */
  readonly status: readonly number[];
}

/**
 * What the kernel replies during one call, in the order in which it is asked; 0, success, wherever a list ends.
 * In its normal form no list ends in a success, so that equal answers are equal data.
 */
export interface Answers {
  readonly addmap: number;
  readonly update_va_mapping: readonly number[];
  /** By hypercall of that kind within the call. */
  readonly map_grant_ref: readonly GrantAnswer[];
  /** By hypercall of that kind; asked during `release_grefs` only. */
  readonly unmap_grant_ref: readonly GrantAnswer[];
}

/** Success, whatever is asked. */
export const ALL_SUCCEED: Answers = { addmap: 0, update_va_mapping: [], map_grant_ref: [], unmap_grant_ref: [] };

export interface Step {
  readonly call: Call;
  readonly answers: Answers;
}

/** A sequence of calls with the kernel's answers: what every driver can run. */
export interface Scenario {
  /** Pages of every segment, 1 to 512. */
  readonly pages: number;
  readonly steps: readonly Step[];
}

/** A scenario and what its file was called, with the line if there are several in it. */
export interface NamedScenario {
  readonly file: string;
  readonly scenario: Scenario;
}
