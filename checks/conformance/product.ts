import type { Driver, Observation, Snapshot } from "../../impl/driver.js";
import { applies, INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import type { Scope } from "../../model/scope.js";
import type { TransitionSystem } from "../engine/index.js";
import { BranchingAnswers } from "./branching.js";
import { type Edge, type EdgeRecord, stepOf, takeEdge } from "./edge.js";
import { mayMatterToWaiters, type Offer, Offers } from "./offers.js";
import { pathTo, type Reached } from "./reached.js";
import type { Specification, SpecState } from "./specification.js";
import { textOf } from "./text.js";
import type { Violation } from "./violation.js";

/** A quiescent state of specification and driver side by side, and how it was first reached. */
export interface ProductState extends Reached<ProductState> {
  readonly spec: SpecState;
  readonly snapshot: Snapshot;
  readonly observed: Observation;
  readonly key: string;
}

/** A call with all its answers that broke no invariant, and where it leads; `null` after the panic that section 3 prescribes. */
export interface ProductEdge {
  readonly record: EdgeRecord;
  readonly target: ProductState;
}

/** An edge that gave something else when it was made again. The driver is not deterministic. */
export interface Nondeterminism {
  /** What differs: the returned value, the panic, the kernel calls, the observed state, the state's key. */
  readonly about: string;
  /** The call, with its arguments, as JSON. */
  readonly call: string;
  /** How many calls led to the state in which it was made. */
  readonly after: number;
}

export interface ProductOptions {
  /** The share of edges to make twice, 0 to 1. */
  readonly selfCheck?: number;
  /** Called for each edge that breaks an invariant. */
  readonly violated?: (violation: Violation) => void;
}

/** What was counted while exploring. */
export interface ProductTally {
  /** Calls with all their answers, each made once, violating ones included. */
  edges: number;
  /** Edges made a second time. */
  checkedTwice: number;
  /** How often each invariant was judged; those marked † at every instant within a call. */
  readonly judged: Map<InvariantId, number>;
  readonly broken: Map<InvariantId, number>;
}

/**
 * The product of the specification and a driver as a transition system: from each quiescent pair every call of the
 * alphabet with every answer of the environment, once. That is every path of any length, given that the driver is
 * deterministic, which `selfCheck` examines. After a violation the pair is recorded and not expanded.
 */
export class Product implements TransitionSystem<ProductState, ProductEdge> {
  readonly violations: Violation[] = [];
  readonly nondeterminism: Nondeterminism[] = [];
  readonly tally: ProductTally = { edges: 0, checkedTwice: 0, judged: new Map(), broken: new Map() };
  /** States in which no call is enabled though a segment is alive. */
  readonly deadlocks: ProductState[] = [];

  readonly #specification: Specification;
  readonly #driver: Driver;
  readonly #scope: Scope;
  /** The share of edges that are made twice. */
  readonly #selfCheck: number;
  readonly #offers: Offers;
  readonly #violated: ((violation: Violation) => void) | undefined;
  readonly #initial: ProductState;

  constructor(specification: Specification, driver: Driver, scope: Scope, options: ProductOptions = {}) {
    const { selfCheck = 0 } = options;
    this.#specification = specification;
    this.#driver = driver;
    this.#scope = scope;
    this.#offers = new Offers(scope);
    this.#selfCheck = selfCheck;
    this.#violated = options.violated;
    this.#initial = this.#here(specification.initial, driver.observe(), null);
  }

  initial(): ProductState {
    return this.#initial;
  }

  key(state: ProductState): string {
    return state.key;
  }

  next(_state: ProductState, edge: ProductEdge): ProductState {
    return edge.target;
  }

  *enabled(state: ProductState): Generator<ProductEdge> {
    const offers = this.#offers.in(state.spec);
    if (offers.length === 0 && isAlive(state.observed)) this.deadlocks.push(state);
    for (const offer of offers) {
      const touchesWaiters = yield* this.#edges(state, offer);
      const waiting = touchesWaiters ? this.#offers.withWaiter(offer, state.spec, state.observed) : null;
      if (waiting !== null) yield* this.#edges(state, waiting);
    }
  }

  /** One call's edges that can be followed. Returns whether it would have mattered had somebody waited. */
  *#edges(state: ProductState, offer: Offer): Generator<ProductEdge, boolean> {
    let touchesWaiters = false;
    for (const { edge, target } of this.#behaviours(state, offer)) {
      touchesWaiters ||= mayMatterToWaiters(edge.outcome, offer.call.seg);
      if (target !== null) yield { record: { call: offer.call, asked: edge.outcome.asked }, target };
    }
    return touchesWaiters;
  }

  /** One call with every sequence of answers; `target` is null after a violation or a panic. */
  *#behaviours(
    state: ProductState,
    { call, key }: Offer,
  ): Generator<{ readonly edge: Edge; readonly target: ProductState | null }> {
    let prefix: readonly boolean[] | null = [];
    while (prefix !== null) {
      const answers: BranchingAnswers = new BranchingAnswers(this.#scope.faults, prefix);
      this.#driver.restore(state.snapshot);
      const edge = takeEdge(this.#driver, this.#specification, state, call, key, answers);
      const record = { call, asked: edge.outcome.asked };
      const target =
        edge.outcome.panic === null ? this.#here(edge.step.next, edge.after, { from: state, by: record }) : null;
      this.#count(edge, state, record);
      if (Math.floor(this.tally.edges * this.#selfCheck) > this.tally.checkedTwice)
        this.#again(state, edge, key, prefix);
      yield { edge, target: edge.breaches.length > 0 ? null : target };
      prefix = answers.next();
    }
  }

  #count(edge: Edge, state: ProductState, record: EdgeRecord): void {
    this.tally.edges++;
    for (const invariant of INVARIANTS) {
      if (!applies(invariant, edge.judged)) continue;
      add(this.tally.judged, invariant.id, invariant.scope === "hypercall" ? edge.outcome.moments.length : 1);
    }
    if (edge.breaches.length === 0) return;
    for (const id of new Set(edge.breaches.map(({ invariant }) => invariant))) {
      add(this.tally.broken, id, 1);
    }
    const violation = {
      steps: [...pathTo(state), record].map(stepOf),
      breaches: edge.breaches,
      panic: edge.outcome.panic,
    };
    this.violations.push(violation);
    this.#violated?.(violation);
  }

  /** Makes the same edge again and compares all that can be seen of it. */
  #again(state: ProductState, first: Edge, key: string, prefix: readonly boolean[]): void {
    const after = this.#driver.key();
    this.#driver.restore(state.snapshot);
    const second = takeEdge(
      this.#driver,
      this.#specification,
      state,
      first.call,
      key,
      new BranchingAnswers(this.#scope.faults, prefix),
    );
    this.tally.checkedTwice++;
    const about = whatDiffers(first, second) ?? (after === this.#driver.key() ? null : "the state's key");
    if (about === null) return;
    this.nondeterminism.push({ about, call: key, after: pathTo(state).length });
  }

  #here(spec: SpecState, observed: Observation, reached: ProductState["reached"]): ProductState {
    return { spec, observed, reached, snapshot: this.#driver.snapshot(), key: `${spec.id} ${this.#driver.key()}` };
  }
}

function whatDiffers(first: Edge, second: Edge): string | null {
  if (first.outcome.ret !== second.outcome.ret) return "the returned value";
  if (first.outcome.panic !== second.outcome.panic) return "the panic";
  if (textOf(first.outcome.calls) !== textOf(second.outcome.calls)) return "the kernel calls";
  if (textOf(first.after) !== textOf(second.after)) return "the observed state";
  return null;
}

function add(tally: Map<InvariantId, number>, id: InvariantId, count: number): void {
  tally.set(id, (tally.get(id) ?? 0) + count);
}

function isAlive(observed: Observation): boolean {
  return observed.segments.some((segment) => segment !== null);
}
