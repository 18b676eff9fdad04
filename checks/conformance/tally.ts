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

const OF_CALLS = INVARIANTS.flatMap((invariant) => (invariant.scope === "call" ? [invariant] : []));

/** Counts by which invariants edges were judged. */
export class JudgedCounts {
  #moments = 0;
  #quiescent = 0;
  readonly #ofCalls: number[] = OF_CALLS.map(() => 0);

  /** Counts the invariants that an edge was judged by (`applies`). */
  count({ judged, outcome }: Edge): void {
    this.#moments += outcome.moments.length;
    if (outcome.panic !== null) return;
    this.#quiescent++;
    for (let i = 0; i < OF_CALLS.length; i++) {
      const invariant = OF_CALLS[i];
      if (invariant !== undefined && applies(invariant, judged)) this.#ofCalls[i] = (this.#ofCalls[i] ?? 0) + 1;
    }
  }

  /** Goes on from what somebody else has counted. */
  takeOver(counts: ReadonlyMap<InvariantId, number>): void {
    const first = (scope: (typeof INVARIANTS)[number]["scope"]): number => {
      const invariant = INVARIANTS.find((one) => one.scope === scope);
      return invariant === undefined ? 0 : (counts.get(invariant.id) ?? 0);
    };
    this.#moments = first("hypercall");
    this.#quiescent = first("quiescent");
    for (const [i, { id }] of OF_CALLS.entries()) this.#ofCalls[i] = counts.get(id) ?? 0;
  }

  /** Those by which any was, in the order in which invariants are stated. */
  get byInvariant(): ReadonlyMap<InvariantId, number> {
    const ofCalls = new Map(OF_CALLS.map(({ id }, i) => [id, this.#ofCalls[i] ?? 0]));
    const counts = INVARIANTS.map(({ id, scope }) => {
      if (scope === "hypercall") return [id, this.#moments] as const;
      return [id, scope === "quiescent" ? this.#quiescent : (ofCalls.get(id) ?? 0)] as const;
    });
    return new Map(counts.filter(([, count]) => count > 0));
  }
}

/** Counts by invariant. */
export class InvariantCounts extends Map<InvariantId, number> {
  /** Counts each invariant that is broken, once for each of so many edges. */
  broken(breaches: Edge["breaches"], edges: number): void {
    for (const id of new Set(breaches.map(({ invariant }) => invariant))) this.#plus(id, edges);
  }

  #plus(id: InvariantId, count: number): void {
    this.set(id, (this.get(id) ?? 0) + count);
  }
}
