import type { Bench, Case } from "./bench.js";
import type { CaseResult } from "./result.js";
import { type Effort, ENGINE } from "./sizes.js";

/** Everything that a run measured: plain data, `segmf-bench/2` as JSON. */
export interface BenchReport {
  readonly format: "segmf-bench/2";
  readonly effort: Effort;
  readonly engine: typeof ENGINE;
  /** Whether every case was measured or skipped for a reason; not so if the run was interrupted. */
  readonly complete: boolean;
  readonly cases: readonly CaseResult[];
}

export interface MeasureOptions {
  /** Told which case begins. */
  readonly progress?: (title: string) => void;
  /** Stops; what was measured so far is reported. */
  readonly signal?: AbortSignal;
}

/** Measures the cases one after the other. Rejects if one of them can't be measured, unless the signal is the reason. */
export async function measure(
  cases: readonly Case[],
  bench: Bench,
  { progress, signal }: MeasureOptions = {},
): Promise<BenchReport> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    if (signal?.aborted) break;
    progress?.(one.title);
    try {
      results.push({ name: one.name, title: one.title, rows: [], goals: [], ...(await one.measure(bench)) });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
  const complete = results.length === cases.length;
  return { format: "segmf-bench/2", effort: bench.effort, engine: ENGINE, complete, cases: results };
}
