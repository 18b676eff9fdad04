import type { KernelKind } from "../../impl/driver.js";
import type { InvariantId } from "../../model/judged.js";
import type { Scope } from "../../model/scope.js";
import type { Coverage, Limits, StopReason } from "../engine/index.js";
import type { DirectedResult } from "./directed.js";
import type { ProductFindings, ProductProgress } from "./explored.js";
import type { Finding } from "./findings.js";
import type { ChartPosition, Keep, ProductPosition } from "./position.js";
import type { PathsReport, ProductReport, SpecificationReport } from "./report.js";
import type { Subject } from "./subject.js";
import type { Violation } from "./violation.js";

/** A part of a check that depends on no other one. Plain data, as is what comes of it: any thread can do it. */
export type Job =
  | { readonly kind: "chart"; readonly scope: Scope }
  | { readonly kind: "shortest paths"; readonly scope: Scope }
  | { readonly kind: "simple paths" }
  | { readonly kind: "product"; readonly scope: Scope }
  | { readonly kind: "directed" }
  | { readonly kind: "breakers" };

/** What came of a job. */
export type JobResult =
  | {
      readonly kind: "chart";
      readonly report: SpecificationReport;
      readonly coverage: Pick<Coverage<unknown>, "transitions">;
    }
  | { readonly kind: "paths"; readonly report: PathsReport }
  | ProductDone
  | { readonly kind: "directed"; readonly results: readonly DirectedResult[]; readonly groups: readonly Finding[] }
  | { readonly kind: "breakers"; readonly breakers: ReadonlyMap<InvariantId, string> };

/** An explored product, its violations grouped by cause. */
export interface ProductDone extends Omit<ProductFindings, "violations"> {
  readonly kind: "product";
  readonly report: ProductReport;
  readonly groups: readonly Finding[];
}

export interface JobDone {
  /** Null for a job that was stopped before it had begun, and has nothing to show for that. */
  readonly result: JobResult | null;
  /** What stopped it before it was through. */
  readonly stopped: StopReason | null;
}

/** Where a job stands that is not through. */
export type JobPosition = ChartPosition | ProductPosition;

/** What all jobs of a check have in common. */
export interface JobSettings {
  readonly subject: Subject;
  readonly kernel: KernelKind;
  /** For each exploration: states, seconds and memory; the signal stops everything. */
  readonly limits: Limits;
  /** The share of edges made again, 0 to 1; by default all of them in small scopes, and fewer the larger they are. */
  readonly selfCheck?: number;
}

/** What is being done, and how far it has come if that can be said. */
export interface Activity {
  readonly what: string;
  readonly progress: JobProgress | null;
}

/** Of a chart the edges are its transitions. */
export type JobProgress = Omit<ProductProgress, "executed"> & { readonly executed: number | null };

export interface JobHooks {
  readonly tell?: (activity: Activity) => void;
  /** Called with the first violation that an exploration meets, as it meets it. */
  readonly violated?: (violation: Violation) => void;
  readonly keep?: Keep<JobPosition>;
  /** Where to go on from, if not from the start. */
  readonly from?: JobPosition;
}

/** What is kept of a check's jobs, so that it can be gone on with wherever it ended. Jobs are meant by their numbers. */
export interface Ledger {
  /** From one position of a job to the next, by the clock. */
  readonly everySeconds: number;
  /** Whether it is time for new positions. */
  isDue(): boolean;
  /** What came of a job that is through. */
  done(job: number): JobDone | undefined;
  /** Where to go on from with a job that was begun. */
  position(job: number): JobPosition | undefined;
  finish(job: number, done: JobDone): void;
  keep(job: number, position: JobPosition): void;
}

/** What is told while jobs are done. */
export interface Listener {
  /** All that is being done, whenever something of that has changed. */
  activities(all: readonly Activity[]): void;
  /** The first violation of each exploration, as it is met. */
  violated(violation: Violation): void;
}

/** Does all jobs, and answers in their order. */
export type Crew = (
  jobs: readonly Job[],
  settings: JobSettings,
  ledger: Ledger | null,
  listener: Listener,
) => Promise<readonly JobDone[]>;
