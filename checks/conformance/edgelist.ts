import type { Offer } from "./offers.js";

/** Words of one target in a local list: which edge leads there first, then the rest, the part of the segment, and the part of its child or 0. */
export const LOCAL_TARGET = 4;

/**
 * All edges that calls on one segment make, in order. A local list holds wherever the rest and the segment's part are
 * these, whatever the other segments are; another one holds in the state in which it was made, and nowhere else.
 */
export interface EdgeList {
  readonly local: boolean;
  /** The number of the first edge; the others follow. */
  readonly first: number;
  readonly edges: readonly MadeEdge[];
  /**
   * The distinct states that edges lead to, but for the one they come from, in order of first edge. Of a local list in words
   * of `LOCAL_TARGET`; of another one the edge, then the whole key.
   */
  readonly targets: Int32Array;
  /** Whether the segment has data, so that a call on it is to be expected. */
  readonly alive: boolean;
  /** How many states it has served as a whole. */
  uses: number;
}

/** What is remembered of an edge: enough to make it again, and to tell whether the same came of it. */
export interface MadeEdge {
  readonly offer: Offer;
  readonly prefix: readonly boolean[];
  /** What came of it but for where it led. */
  readonly result: string;
  /** Where in the targets the state is that it leads to; one of the constants below where it leads to none of them. */
  readonly target: number;
}

/** The edge leads back to where it comes from. */
export const NOWHERE_ELSE = -1;
/** The edge is not followed: it broke an invariant, or ended in the panic that section 3 prescribes. */
export const NOT_FOLLOWED = -2;
