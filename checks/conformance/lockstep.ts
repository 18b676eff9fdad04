import type { Driver, Observation, Snapshot } from "../../impl/driver.js";
import type { Scope } from "../../model/scope.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { breadthFirst, type Limits, type TransitionSystem } from "../engine/index.js";
import { BranchingAnswers } from "./branching.js";
import { type Difference, difference } from "./difference.js";
import { stepOf, takeEdge } from "./edge.js";
import { mayMatterToWaiters, type Offer, Offers } from "./offers.js";
import { pathTo, type Reached } from "./reached.js";
import type { Specification, SpecState } from "./specification.js";

/** How far two drivers are followed once an invariant is broken: the space is infinite there. */
export interface Bounds {
  /** Calls from the initial state. */
  readonly depth: number;
  readonly grants: number;
  /** Of softlockcnt and of a page table's locks, both ways from 0. */
  readonly counts: number;
}

/** What a lockstep exploration of two drivers covered, and where they first differ. */
export interface LockstepReport {
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
  readonly complete: boolean;
  /** `null`: followed up to the first violation only. */
  readonly bounds: Bounds | null;
  readonly difference: (Difference & { readonly steps: readonly Step[] }) | null;
}

export interface LockstepOptions {
  /** Past violations, up to these bounds; `null` stops at the first violation. */
  readonly bounds: Bounds | null;
  readonly limits?: Limits;
}

/**
 * Explores two drivers side by side: every call of the alphabet with every answer in every reachable pair of states, and
 * compares all that can be seen of them. Stops at the first difference. The specification says which calls there are and
 * where the first violation is.
 */
export async function lockstep(
  left: Driver,
  right: Driver,
  specification: Specification,
  scope: Scope,
  options: LockstepOptions,
): Promise<LockstepReport> {
  const differs = new AbortController();
  const pairs = new Pairs(left, right, specification, scope, options.bounds, () => differs.abort());
  const { signal } = options.limits ?? {};
  const search = await breadthFirst(pairs, {
    limits: {
      ...options.limits,
      signal: signal === undefined ? differs.signal : AbortSignal.any([signal, differs.signal]),
    },
  });
  const { states, depth, complete } = search;
  return { states, edges: pairs.edges, depth, complete, bounds: options.bounds, difference: pairs.difference };
}

interface PairState extends Reached<PairState> {
  readonly spec: SpecState;
  readonly left: Snapshot;
  readonly right: Snapshot;
  readonly observed: Observation;
  readonly key: string;
  readonly depth: number;
}

class Pairs implements TransitionSystem<PairState, PairState> {
  edges = 0;
  difference: LockstepReport["difference"] = null;
  readonly #left: Driver;
  readonly #right: Driver;
  readonly #specification: Specification;
  readonly #scope: Scope;
  readonly #bounds: Bounds | null;
  readonly #offers: Offers;
  readonly #onDifference: () => void;

  constructor(
    left: Driver,
    right: Driver,
    specification: Specification,
    scope: Scope,
    bounds: Bounds | null,
    onDifference: () => void,
  ) {
    this.#left = left;
    this.#right = right;
    this.#specification = specification;
    this.#scope = scope;
    this.#bounds = bounds;
    this.#offers = new Offers(scope);
    this.#onDifference = onDifference;
  }

  initial(): PairState {
    return this.#here(this.#specification.initial, this.#left.observe(), 0, null);
  }

  key(state: PairState): string {
    return state.key;
  }

  next(_state: PairState, target: PairState): PairState {
    return target;
  }

  *enabled(state: PairState): Generator<PairState> {
    if (this.difference !== null || !this.#isWithinBounds(state)) return;
    for (const offer of this.#offers.in(state.spec)) {
      const touchesWaiters = yield* this.#targets(state, offer);
      const waiting = touchesWaiters ? this.#offers.withWaiter(offer, state.spec, state.observed) : null;
      if (waiting !== null) yield* this.#targets(state, waiting);
    }
  }

  /** The pairs that one call leads to. Returns whether it would have mattered had somebody waited. */
  *#targets(state: PairState, { call }: Offer): Generator<PairState, boolean> {
    let touchesWaiters = false;
    for (let prefix: readonly boolean[] | null = []; prefix !== null; ) {
      const answers: BranchingAnswers = new BranchingAnswers(this.#scope.faults, prefix);
      this.#left.restore(state.left);
      this.#right.restore(state.right);
      const edge = takeEdge(this.#left, this.#specification, state, call, answers);
      const outcome = this.#right.perform(call, new BranchingAnswers(this.#scope.faults, prefix));
      this.edges++;
      const record = { call, asked: edge.outcome.asked };
      const found = difference(
        { outcome: edge.outcome, observed: edge.after },
        { outcome, observed: this.#right.observe() },
      );
      if (found !== null) {
        this.difference ??= { ...found, steps: [...pathTo(state), record].map(stepOf) };
        this.#onDifference();
        return false;
      }
      touchesWaiters ||= mayMatterToWaiters(edge.outcome, call.seg);
      const follow = edge.outcome.panic === null && (this.#bounds !== null || edge.breaches.length === 0);
      if (follow) yield this.#here(edge.step.next, edge.after, state.depth + 1, { from: state, by: record });
      prefix = answers.next();
    }
    return touchesWaiters;
  }

  #here(spec: SpecState, observed: Observation, depth: number, reached: PairState["reached"]): PairState {
    const left = this.#left.snapshot();
    const right = this.#right.snapshot();
    const key = `${spec.id} ${this.#left.key()} ${this.#right.key()}`;
    return { spec, left, right, observed, key, depth, reached };
  }

  #isWithinBounds({ observed, depth }: PairState): boolean {
    if (this.#bounds === null) return true;
    const { depth: most, grants, counts } = this.#bounds;
    if (depth >= most || observed.grants.length > grants) return false;
    return (
      observed.pageTables.every(({ locks }) => Math.abs(locks) <= counts) &&
      observed.segments.every((segment) => segment === null || Math.abs(segment.softlockcnt) <= counts)
    );
  }
}
