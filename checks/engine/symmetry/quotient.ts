import { ACTIVE, STATUS_SLOT } from "../compiled/layout.js";
import type { CompiledSystem } from "../compiled/system.js";
import type { TransitionSystem } from "../system.js";
import type { Acting } from "./acting.js";
import { Canonicaliser } from "./canonical.js";
import type { Equivariance } from "./equivariance.js";
import { notSymmetric } from "./refusals.js";

/**
 * A compiled machine of which one state stands for all that the permutations make of it. Events are numbers. An event
 * leads to the state that stands for the one where it really leads: so paths are not those of the machine (`RealPaths`).
 */
export class Quotient implements TransitionSystem<Int32Array, number> {
  readonly #system: CompiledSystem;
  readonly #acting: Acting;
  readonly #canonicaliser: Canonicaliser;
  readonly #equivariance: Equivariance;
  readonly #events: readonly number[];
  /** The share of steps that XState is asked to confirm. */
  readonly #share: number;
  #steps = 0;
  confirmed = 0;

  constructor(
    system: CompiledSystem,
    acting: Acting,
    events: readonly number[],
    { equivariance, share }: { readonly equivariance: Equivariance; readonly share: number },
  ) {
    this.#system = system;
    this.#acting = acting;
    this.#canonicaliser = new Canonicaliser(acting);
    this.#equivariance = equivariance;
    this.#events = events;
    this.#share = share;
  }

  /** @throws EngineError `not-symmetric` if it is not the same under all permutations */
  initial(): Int32Array {
    const state = this.#system.initial();
    for (const action of this.#acting.actions) {
      if (this.key(this.#acting.state(action, state)) === this.key(state)) continue;
      throw notSymmetric("The initial state is another one when things are renamed", {
        at: action.name,
        hint: "All things that may trade places must begin alike.",
      });
    }
    return this.canonical(state).state;
  }

  *enabled(given: Int32Array): Iterable<number> {
    const system = this.#system;
    const { outcomes } = system.compiled;
    this.#equivariance.check(system.sized(given));
    for (const event of this.#events) {
      const outcome = system.step(system.sized(given), event);
      if (outcomes.enabled[outcome] === 1) yield event;
      else outcomes.count(outcome);
    }
  }

  next(given: Int32Array, event: number): Int32Array {
    const system = this.#system;
    const state = system.sized(given);
    const outcome = system.step(state, event);
    system.compiled.outcomes.count(outcome);
    const next = system.target(state, outcome);
    this.#steps += 1;
    if (Math.floor(this.#steps * this.#share) > this.confirmed) {
      this.confirmed += 1;
      system.confirm(state, event, next);
    }
    return this.canonical(next).state;
  }

  canonical(state: Int32Array) {
    return this.#canonicaliser.of(state);
  }

  key(state: Int32Array): string {
    return this.#system.key(state);
  }

  isActive(state: Int32Array): boolean {
    return state[STATUS_SLOT] === ACTIVE;
  }
}
