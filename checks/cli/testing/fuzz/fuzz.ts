import fc from "fast-check";
import { commandLine } from "./arguments.js";
import { cFiles } from "./cfiles.js";
import { configs } from "./configs.js";
import { logs } from "./logs.js";
import type { Target } from "./target.js";
import { traces } from "./traces.js";

export const TARGETS: readonly Target[] = [commandLine, configs, traces, logs, cFiles];

/** What came of the inputs of one kind. */
export interface Fuzzed {
  readonly name: string;
  readonly runs: number;
  /** The input that breaks what must hold, made small, and how; `null` if none does. */
  readonly failure: string | null;
}

/** How many inputs of a kind there are among so many. */
export function shareOf({ ofAMillion }: Target, inputs: number): number {
  return Math.max(1, Math.round((inputs * ofAMillion) / 1_000_000));
}

/** Tries so many inputs of a kind. The same seed gives the same inputs. */
export async function fuzz(target: Target, runs: number, seed: number): Promise<Fuzzed> {
  const { property, release } = await target.prepare();
  try {
    const { numRuns, failed, counterexample, errorInstance } = await fc.check(property, { numRuns: runs, seed });
    const failure = failed ? `${fc.stringify(counterexample)}: ${textOf(errorInstance)}` : null;
    return { name: target.name, runs: numRuns, failure };
  } finally {
    await release?.();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
