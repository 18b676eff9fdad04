import type { Call, Observation, Outcome } from "../../impl/driver.js";
import { calls } from "../../model/alphabet.js";
import type { Scope } from "../../model/scope.js";
import { callKey } from "./edge.js";
import type { SpecState } from "./specification.js";

/** A call that is offered, with the name that tells it from all others. */
export interface Offer {
  readonly call: Call;
  readonly key: string;
}

/** What a scope's alphabet offers in each state of the specification, and beside it what concerns waiters (decision D5). */
export class Offers {
  readonly #scope: Scope;
  readonly #known = new WeakMap<SpecState, readonly Offer[]>();
  /** One object a call: thousands of states offer the same few hundred. */
  readonly #distinct = new Map<string, Offer>();
  readonly #waiting = new Map<Offer, Offer>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  in(spec: SpecState): readonly Offer[] {
    let offers = this.#known.get(spec);
    if (offers === undefined) {
      offers = calls(this.#scope, spec.view).map((call) => this.#offer(call));
      this.#known.set(spec, offers);
    }
    return offers;
  }

  /**
   * The same call with somebody waiting from its start, if the alphabet does not offer that anyway and nobody waits yet.
   * To be taken where a waiter could have told a difference (`mayMatterToWaiters`).
   */
  withWaiter(offer: Offer, spec: SpecState, observed: Observation): Offer | null {
    const { call } = offer;
    if (!this.#scope.faults.has("waiting") || call.waiting === true || observed.waiting[call.seg] === true) return null;
    let waiting = this.#waiting.get(offer);
    if (waiting === undefined) {
      waiting = this.#offer({ ...call, waiting: true });
      this.#waiting.set(offer, waiting);
    }
    return this.in(spec).includes(waiting) ? null : waiting;
  }

  #offer(call: Call): Offer {
    const key = callKey(call);
    let offer = this.#distinct.get(key);
    if (offer === undefined) {
      offer = { call, key };
      this.#distinct.set(key, offer);
    }
    return offer;
  }
}

/** Whether a waiter could have told a difference: softlockcnt fell to 0, or the driver looked for waiters. */
export function mayMatterToWaiters({ calls, moments }: Outcome, seg: number): boolean {
  if (calls.some(({ fn }) => fn === "as_isunmapwait")) return true;
  let last = 0;
  for (const moment of moments) {
    const count = moment.segments.find((segment) => segment.seg === seg)?.softlockcnt ?? 0;
    if (last !== 0 && count === 0) return true;
    last = count;
  }
  return false;
}
