import type { Driver, Observation } from "../../impl/driver.js";
import type { Scope } from "../../model/scope.js";
import type { TransitionSystem } from "../engine/index.js";
import { type Behaviour, behaviours, type Concrete, type Making, make } from "./behaviours.js";
import { type Edge, type EdgeRecord, isFollowed, stepOf } from "./edge.js";
import { type Nondeterminism, whatDiffers } from "./nondeterminism.js";
import { Offers } from "./offers.js";
import { pathTo, type Reached } from "./reached.js";
import type { Specification, SpecState } from "./specification.js";
import { InvariantCounts, JudgedCounts, type ProductTally } from "./tally.js";
import type { Violation } from "./violation.js";

/** A quiescent state, and how it was first reached. */
export interface ProductState extends Concrete, Reached<ProductState> {
  readonly key: string;
}

/** A call with all its answers that broke no invariant, and where it leads; `null` after the panic that section 3 prescribes. */
export interface ProductEdge {
  readonly record: EdgeRecord;
  readonly target: ProductState;
}

export interface ProductOptions {
  /** The share of edges to make twice, 0 to 1. */
  readonly selfCheck?: number;
  /** Called for each edge that breaks an invariant. */
  readonly violated?: (violation: Violation) => void;
}

/**
 * The product of the specification and a driver as a transition system: from each quiescent pair every call of the
 * alphabet with every answer of the environment, once. That is every path of any length, given that the driver is
 * deterministic, which `selfCheck` examines. After a violation the pair is recorded and not expanded.
 */
export class Product implements TransitionSystem<ProductState, ProductEdge> {
  readonly violations: Violation[] = [];
  readonly nondeterminism: Nondeterminism[] = [];
  /** States in which no call is enabled though a segment is alive. */
  readonly deadlocks: ProductState[] = [];

  readonly #making: Making;
  /** The share of edges that are made twice. */
  readonly #selfCheck: number;
  readonly #offers: Offers;
  readonly #violated: ((violation: Violation) => void) | undefined;
  readonly #initial: ProductState;
  readonly #judged = new JudgedCounts();
  readonly #broken = new InvariantCounts();
  #edges = 0;
  #checked = 0;

  constructor(specification: Specification, driver: Driver, scope: Scope, options: ProductOptions = {}) {
    const { selfCheck = 0 } = options;
    this.#making = { specification, driver, scope };
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

  get tally(): ProductTally {
    const [edges, checkedTwice] = [this.#edges, this.#checked];
    return { edges, executed: edges, checkedTwice, judged: this.#judged.byInvariant, broken: this.#broken };
  }

  *enabled(state: ProductState): Generator<ProductEdge> {
    const offers = this.#offers.in(state.spec);
    if (offers.length === 0 && isAlive(state.observed)) this.deadlocks.push(state);
    for (const behaviour of behaviours(this.#making, state, offers, this.#offers)) {
      const { edge, offer } = behaviour;
      const record = { call: offer.call, asked: edge.outcome.asked };
      const target = isFollowed(edge) ? this.#here(edge.step.next, edge.after, { from: state, by: record }) : null;
      this.#count(edge, state, record);
      if (Math.floor(this.#edges * this.#selfCheck) > this.#checked) this.#again(state, behaviour);
      if (target !== null) yield { record, target };
    }
  }

  #count(edge: Edge, state: ProductState, record: EdgeRecord): void {
    this.#edges++;
    this.#judged.count(edge);
    const { breaches, outcome } = edge;
    if (breaches.length === 0) return;
    this.#broken.broken(breaches, 1);
    const violation = { steps: [...pathTo(state), record].map(stepOf), breaches, panic: outcome.panic };
    this.violations.push(violation);
    this.#violated?.(violation);
  }

  /** Makes the same edge again and compares all that can be seen of it. */
  #again(state: ProductState, { edge, offer, prefix }: Behaviour): void {
    const { driver } = this.#making;
    const key = driver.key();
    const second = make(this.#making, state, offer, prefix);
    this.#checked++;
    const about = whatDiffers(edge, second, [key, driver.key()]);
    if (about !== null) this.nondeterminism.push({ about, call: offer.key, after: pathTo(state).length });
  }

  #here(spec: SpecState, observed: Observation, reached: ProductState["reached"]): ProductState {
    const { driver } = this.#making;
    return { spec, observed, reached, snapshot: driver.snapshot(), key: `${spec.id} ${driver.key()}` };
  }
}

function isAlive(observed: Observation): boolean {
  return observed.segments.some((segment) => segment !== null);
}
