import type { Driver, Observation, Snapshot } from "../../impl/driver.js";
import type { Scope } from "../../model/scope.js";
import { BranchingAnswers } from "./branching.js";
import { type Edge, takeEdge } from "./edge.js";
import { mayMatterToWaiters, type Offer, type Offers } from "./offers.js";
import type { Specification, SpecState } from "./specification.js";

/** A quiescent state of specification and driver side by side, as it is rather than as a key. */
export interface Concrete {
  readonly spec: SpecState;
  readonly snapshot: Snapshot;
  readonly observed: Observation;
}

/** One call with one sequence of answers as it was just made; the driver stands after it. */
export interface Behaviour {
  readonly offer: Offer;
  /** Which answers were failures: enough to make the same edge again. */
  readonly prefix: readonly boolean[];
  readonly edge: Edge;
}

/** What it takes to make an edge. */
export interface Making {
  readonly specification: Specification;
  readonly driver: Driver;
  readonly scope: Scope;
}

/** Makes one edge: the call with the answers that the prefix says, and success beyond it. */
export function make(making: Making, from: Concrete, { call }: Offer, prefix: readonly boolean[]): Edge {
  const { driver, specification, scope } = making;
  driver.restore(from.snapshot);
  return takeEdge(driver, specification, from, call, new BranchingAnswers(scope.faults, prefix));
}

/**
 * Makes every edge of the offers: each call with every sequence of answers, and once more with somebody waiting where that
 * could have told a difference (decision D5).
 */
export function* behaviours(
  making: Making,
  from: Concrete,
  offers: readonly Offer[],
  all: Offers,
): Generator<Behaviour, void> {
  const { driver, specification, scope } = making;
  for (const offer of offers) {
    let next: Offer | null = offer;
    while (next !== null) {
      const taken: Offer = next;
      let touchesWaiters = false;
      for (let prefix: readonly boolean[] | null = []; prefix !== null; ) {
        const answers: BranchingAnswers = new BranchingAnswers(scope.faults, prefix);
        driver.restore(from.snapshot);
        const edge = takeEdge(driver, specification, from, taken.call, answers);
        touchesWaiters ||= mayMatterToWaiters(edge.outcome, taken.call.seg);
        yield { offer: taken, prefix, edge };
        prefix = answers.next();
      }
      next = touchesWaiters && taken === offer ? all.withWaiter(offer, from.spec, from.observed) : null;
    }
  }
}
