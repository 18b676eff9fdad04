import type { Step } from "../../../traces/scenario/scenario.js";
import { behaviours, type Concrete, type Making } from "../../conformance/behaviours.js";
import { type Edge, isFollowed, stepOf } from "../../conformance/edge.js";
import { Offers } from "../../conformance/offers.js";
import { breadthFirst, type TransitionSystem } from "../../engine/index.js";
import { type Goal, isReached } from "./goals.js";
import type { Visit, Walker } from "./walker.js";

/** What came of a search. */
export type Found =
  /** A shortest path from where one stands. */
  | { readonly kind: "found"; readonly steps: readonly Step[]; readonly states: number }
  /** All that can be reached was seen, and it is not there. */
  | { readonly kind: "none"; readonly states: number }
  | { readonly kind: "stopped"; readonly states: number; readonly why: "limit" | "user" };

export interface SearchOptions {
  readonly signal?: AbortSignal;
  /** Told now and then how many states were seen. */
  readonly progress?: (states: number) => void;
  /** The most states. */
  readonly states?: number;
}

/** So many states of the product are seen in some tens of seconds; more is the work of `segmf check`. */
const MOST_STATES = 30_000;

/**
 * Looks for a shortest path from a state to the goal: breadth first through the product of specification and driver, every
 * call with every answer. Calls that break an invariant are looked at and not followed. The state must have a reference.
 */
export async function search(walker: Walker, from: Visit, goal: Goal, options: SearchOptions = {}): Promise<Found> {
  const { spec, snapshot, observed } = from;
  if (spec === null) throw new RangeError("a search begins where the specification is a reference");
  const found = new AbortController();
  const { signal = found.signal, states: most = MOST_STATES, progress } = options;
  const product = new Goals(walker, { spec, snapshot, observed }, goal, () => found.abort());
  const seen = await breadthFirst(product, {
    limits: { states: most, signal: AbortSignal.any([signal, found.signal]) },
    progress: ({ states }) => progress?.(states),
  });
  const { states } = seen;
  if (product.path !== null) return { kind: "found", steps: product.path, states };
  if (seen.complete) return { kind: "none", states };
  return { kind: "stopped", states, why: seen.stopped === "states" ? "limit" : "user" };
}

interface Reached extends Concrete {
  readonly key: string;
  readonly path: Path;
}

/** Steps, the last one first; null for none. */
type Path = { readonly step: Step; readonly before: Path } | null;

/** The product from a state on, up to the first edge that leads to the goal. */
class Goals implements TransitionSystem<Reached, Reached> {
  path: readonly Step[] | null = null;
  readonly #making: Making;
  readonly #offers: Offers;
  readonly #start: Concrete;
  readonly #goal: Goal;
  readonly #found: () => void;

  constructor({ driver, specification, scope }: Walker, start: Concrete, goal: Goal, found: () => void) {
    this.#making = { driver, specification, scope };
    this.#offers = new Offers(scope);
    this.#start = start;
    this.#goal = goal;
    this.#found = found;
  }

  initial(): Reached {
    this.#making.driver.restore(this.#start.snapshot);
    return { ...this.#start, key: this.#key(this.#start), path: null };
  }

  key({ key }: Reached): string {
    return key;
  }

  next(_state: Reached, target: Reached): Reached {
    return target;
  }

  *enabled(state: Reached): Generator<Reached> {
    if (this.path !== null) return;
    for (const { edge } of behaviours(this.#making, state, this.#offers.in(state.spec), this.#offers)) {
      const path = { step: stepOf({ call: edge.call, asked: edge.outcome.asked }), before: state.path };
      if (isReached(this.#goal, edge)) {
        this.path = stepsOf(path);
        this.#found();
        return;
      }
      if (isFollowed(edge)) yield this.#here(edge, path);
    }
  }

  #here({ step, after }: Edge, path: Path): Reached {
    const snapshot = this.#making.driver.snapshot();
    const concrete = { spec: step.next, snapshot, observed: after };
    return { ...concrete, key: this.#key(concrete), path };
  }

  #key({ spec }: Concrete): string {
    return `${spec.id} ${this.#making.driver.key()}`;
  }
}

function stepsOf(path: Path): readonly Step[] {
  const steps: Step[] = [];
  for (let at = path; at !== null; at = at.before) steps.push(at.step);
  return steps.reverse();
}
