import type { Observation, Outcome, SegmentState } from "../../impl/driver.js";
import type { RunSegment, RunStep, RunViolation } from "./run.js";

/** What was judged of a step beside what came of it. */
export interface Judgement {
  readonly violations: readonly RunViolation[];
  /** Whether the specification could still be a reference for this step. */
  readonly reference: boolean;
}

/** What a run shows of a step: its outcome, the state after it (or at its panic), and what was judged of it. */
export function runStepOf(outcome: Outcome, after: Observation, { violations, reference }: Judgement): RunStep {
  const segments = after.segments.map((segment, seg) => (segment === null ? null : segmentOf(segment, after, seg)));
  const step = { ret: outcome.ret, panic: outcome.panic, calls: outcome.calls, segments, violations };
  return reference ? step : { ...step, reference: false };
}

function segmentOf(segment: SegmentState, after: Observation, seg: number): RunSegment {
  const table = after.pageTables[seg];
  if (table === undefined) throw new RangeError(`segment ${seg} was observed without its page table`);
  const { domid, softlockcnt, map, registered } = segment;
  return { domid, softlockcnt, map, registered, ptes: table.ptes, locks: table.locks };
}
