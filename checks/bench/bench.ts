import type { Job, Run } from "./job.js";
import type { Goal, Row } from "./result.js";
import type { Effort } from "./sizes.js";

/** What a process of its own came to. */
export interface Outcome {
  readonly runs: readonly Run[];
  /** From its start to its end, as seen from outside. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** What cases measure with. */
export interface Bench {
  readonly effort: Effort;
  /** A C driver, or null where there is none. */
  readonly cFile: string | null;
  /** Does a job in a process of its own. */
  readonly launch: (job: Job) => Promise<Outcome>;
  /** Runs `segmf check` with no arguments: how long it took, and whether it held and was complete. */
  readonly check: () => Promise<{ readonly wallMs: number; readonly complete: boolean }>;
}

/** Something to measure, with the goals that are set for it. */
export interface Case {
  /** What `--only` calls it. */
  readonly name: string;
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<Measured | Skipped>;
}

export interface Measured {
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
}

/** Not measured, and why. */
export interface Skipped {
  readonly skipped: string;
}
