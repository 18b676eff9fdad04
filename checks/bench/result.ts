import type { Counts } from "./task.js";

/** How something was timed: a process from start to end, the first run in a new process, or a later one. */
export type How = "whole process" | "cold" | "warm";

/** One thing that was timed, several times. */
export interface Row extends Counts {
  readonly what: string;
  readonly by: string;
  readonly how: How;
  readonly rounds: number;
  readonly bestMs: number;
  readonly medianMs: number;
  /** Processor time of the whole process, the least of all rounds. */
  readonly cpuMs?: number;
  /** Memory of the whole process, the most of all rounds. */
  readonly peakMiB?: number;
}

export interface Timed {
  readonly what: string;
  readonly by: string;
  readonly how: How;
  readonly counts: Counts;
  readonly ms: readonly number[];
}

export function rowOf({ what, by, how, counts, ms }: Timed): Row {
  const sorted = [...ms].sort((a, b) => a - b);
  return {
    what,
    by,
    how,
    rounds: ms.length,
    ...counts,
    bestMs: sorted[0] ?? Number.NaN,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
  };
}

/** Nanoseconds a transition, of the best round; null where transitions are not counted. */
export function nsPerTransition({ bestMs, transitions }: Row): number | null {
  return transitions === undefined || transitions === 0 ? null : (bestMs * 1e6) / transitions;
}

/** Transitions (edges, calls) a second, of the best round. */
export function perSecond({ bestMs, transitions }: Row): number | null {
  return transitions === undefined || bestMs === 0 ? null : (transitions * 1000) / bestMs;
}

export function bytesPerState({ bytes, states }: Row): number | null {
  return bytes === undefined || states === undefined || states === 0 ? null : bytes / states;
}

/** How often the best time of `of` holds the best time of `row`: 3 is three times as slow. */
export function ratio(row: Row | undefined, of: Row | undefined): number | null {
  return row === undefined || of === undefined || of.bestMs === 0 ? null : row.bestMs / of.bestMs;
}

/** What a figure must be. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A goal, and whether it is met. It is shown, and fails nothing. */
export interface Goal {
  readonly goal: string;
  readonly bound: Bound;
  /** Null where this run has not measured it. */
  readonly measured: number | null;
  readonly met: boolean | null;
}

export function goal(text: string, bound: Bound, measured: number | null): Goal {
  return { goal: text, bound, measured, met: measured === null ? null : keeps(measured, bound) };
}

function keeps(measured: number, bound: Bound): boolean {
  return "atLeast" in bound ? measured >= bound.atLeast : measured <= bound.atMost;
}

/** What came of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** Why it was not measured. */
  readonly skipped?: string;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
}
