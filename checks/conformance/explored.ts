import type { Limits } from "../engine/index.js";
import type { Nondeterminism } from "./nondeterminism.js";
import type { Keep, ProductPosition } from "./position.js";
import type { ProductReport } from "./report.js";
import type { ProductTally } from "./tally.js";
import type { Violation } from "./violation.js";

/** An explored product: the numbers, and what was found. Plain data. */
export interface Explored {
  readonly report: ProductReport;
  readonly product: ProductFindings;
}

export interface ProductFindings {
  readonly violations: readonly Violation[];
  readonly nondeterminism: readonly Nondeterminism[];
  readonly tally: ProductTally;
}

/** How far an exploration has come. */
export interface ProductProgress {
  readonly states: number;
  /** Edges of the states expanded so far, and how many calls of the driver that took. */
  readonly edges: number;
  readonly executed: number;
  readonly depth: number;
  /** States reached, but not expanded yet. */
  readonly waiting: number;
  /** What the states take. */
  readonly bytes: number | null;
}

export interface ExploreOptions {
  readonly limits?: Limits;
  /** The share of edges to make again, 0 to 1. */
  readonly selfCheck?: number;
  /** Called for each edge that is made and breaks an invariant. */
  readonly violated?: (violation: Violation) => void;
  readonly progress?: (progress: ProductProgress) => void;
  /** Keeps positions to go on from. There are none within an exploration state by state. */
  readonly keep?: Keep<ProductPosition>;
  /** Where to go on from, if not from the start: of the same driver, scope and self-check. */
  readonly from?: ProductPosition;
}
