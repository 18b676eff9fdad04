import type { KernelKind } from "../../impl/driver.js";
import type { InvariantId } from "../../model/judged.js";
import type { StopReason } from "../engine/index.js";
import type { Finding } from "./findings.js";
import type { Nondeterminism } from "./nondeterminism.js";

/** What was explored, in plain words and numbers. A claim without its scope is a false claim. */
export interface ScopeReport {
  readonly pages: number;
  readonly domids: readonly number[];
  readonly refs: number;
  readonly maxGrefs: number;
  readonly forks: number;
  readonly faults: readonly string[];
  readonly alphabet: string;
}

/** The statechart explored by itself. A transition is one event taken in one state. */
export interface SpecificationReport {
  readonly scope: ScopeReport;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly complete: boolean;
  /** What the chart itself breaks, deadlocks included, with a shortest path of events. */
  readonly violations: readonly { readonly invariant: string; readonly path: readonly string[] }[];
}

/** Shortest and simple paths through the chart, each replayed call by call against the driver. */
export interface PathsReport {
  readonly scope: ScopeReport;
  readonly paths: number;
  readonly replayed: number;
  /** Events compared, one by one. */
  readonly steps: number;
  readonly mismatches: readonly { readonly path: readonly string[]; readonly detail: string }[];
}

/** The product of specification and driver. An edge is one call with all its answers. */
export interface ProductReport {
  readonly scope: ScopeReport;
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
  readonly complete: boolean;
  /** The limit that stopped it. */
  readonly stopped: StopReason | null;
  /** Of the edges, how many were made: the others are known to come to the same (decision D24). */
  readonly executed: number;
  /** Edges made again, to see whether the driver is deterministic, and whether what was taken to be known is so. */
  readonly checkedTwice: number;
  /** Why the driver had to be explored whole though it can be taken apart by segment, or null. */
  readonly notFactored: string | null;
  readonly deadlocks: number;
  /** States from which no path without a violation frees every segment; `null` where the exploration can't tell. */
  readonly unfreeable: number | null;
  readonly violatingEdges: number;
}

export interface InvariantReport {
  readonly id: InvariantId;
  /** How often it was judged. */
  readonly judged: number;
  /** Edges that broke it. */
  readonly broken: number;
  /** What was seen to break it in a driver with a known fault, or `null`. */
  readonly breakableBy: string | null;
}

export interface CoverageReport {
  /** Transitions of the chart (candidates, guard branches included) that were taken, of all. */
  readonly taken: number;
  readonly total: number;
  readonly missing: readonly string[];
  readonly breakable: number;
  readonly invariants: number;
}

/** A directed scenario at the true SEGMF_MAX_GREFS. */
export interface DirectedReport {
  readonly title: string;
  readonly holds: boolean;
}

/** What a report is of that tells of some invariants only. */
export interface SelectionReport {
  readonly invariants: readonly InvariantId[];
  /** Findings that break none of these. */
  readonly setAside: number;
}

export type VerdictName = "holds" | "violated" | "incomplete";

export interface CheckReport {
  readonly format: "segmf-check/1";
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly specification: SpecificationReport;
  /** The statecharts of the scopes that are explored beside the one that was asked for. */
  readonly specificationsBeside: readonly SpecificationReport[];
  /** Shortest paths to every state of the chart, then every simple path of a small one. */
  readonly paths: readonly PathsReport[];
  /** The scope that was asked for first, then those with a fork and with the limit on refs inside the segment. */
  readonly products: readonly ProductReport[];
  readonly directed: readonly DirectedReport[];
  readonly invariants: readonly InvariantReport[];
  readonly coverage: CoverageReport;
  readonly findings: readonly Finding[];
  /** The invariants that the report is confined to; not there if it is about all. */
  readonly selected?: SelectionReport;
  /** Edges that gave something else when they were made again. */
  readonly nondeterminism: readonly Nondeterminism[];
  /** Whether the caller's signal came before the end: then whatever is missing was not looked at. */
  readonly interrupted: boolean;
  readonly verdict: VerdictName;
  /** Why the verdict is what it is, one line each; empty if all holds. */
  readonly reasons: readonly string[];
  readonly seconds: number;
}
