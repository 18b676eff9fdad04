import { applies, INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import type { Edge } from "./edge.js";

/** What was counted while exploring. */
export interface ProductTally {
  /** Calls with all their answers in every state, violating ones included. */
  readonly edges: number;
  /** Of those, how many were made; the others are known to come to the same as one that was. */
  readonly executed: number;
  /** Edges made again. */
  readonly checkedTwice: number;
  /** How often each invariant was judged, on edges that were made; those marked † at every instant within a call. */
  readonly judged: ReadonlyMap<InvariantId, number>;
  /** How many edges broke each invariant. */
  readonly broken: ReadonlyMap<InvariantId, number>;
}

/** Counts by invariant. */
export class InvariantCounts extends Map<InvariantId, number> {
  /** Counts the invariants that an edge was judged by. */
  judged({ judged, outcome }: Edge): void {
    for (const invariant of INVARIANTS) {
      if (applies(invariant, judged))
        this.#plus(invariant.id, invariant.scope === "hypercall" ? outcome.moments.length : 1);
    }
  }

  /** Counts each invariant that is broken, once for each of so many edges. */
  broken(breaches: Edge["breaches"], edges: number): void {
    for (const id of new Set(breaches.map(({ invariant }) => invariant))) this.#plus(id, edges);
  }

  #plus(id: InvariantId, count: number): void {
    this.set(id, (this.get(id) ?? 0) + count);
  }
}
