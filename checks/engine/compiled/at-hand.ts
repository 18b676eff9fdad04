import { ONE_PENDING, UNPREPARED } from "./kinds.js";
import { UNKNOWN } from "./memo.js";
import type { PackedStates } from "./packed-states.js";
import { patch, SUCCESSOR } from "./successors.js";
import type { CompiledSystem } from "./system.js";

/** What an event does in a state, once all is worked out. */
export interface Step {
  readonly outcome: number;
  readonly isChange: boolean;
}

/**
 * The state that is being expanded, packed and unpacked, and the one that a step leads to, in whatever layout the packed
 * states have at the moment.
 */
export class StateAtHand {
  /** The state, unpacked and packed. */
  state: Int32Array;
  key: Int32Array;
  /** The state that the last step led to, packed; `unpackedNext` unpacks it. */
  next: Int32Array;
  #nextState: Int32Array;
  readonly #system: CompiledSystem;
  readonly #states: PackedStates;
  /** The layout that the arrays above are for. */
  #layout = -1;

  constructor(system: CompiledSystem, states: PackedStates, initial: Int32Array) {
    this.#system = system;
    this.#states = states;
    this.state = initial;
    this.#nextState = initial.slice();
    this.key = new Int32Array(states.packing.words);
    this.next = this.key.slice();
  }

  /** Reads a state to be expanded. */
  load(id: number): void {
    if (this.#layout !== this.#states.layout || this.state.length < this.#system.compiled.slots) this.#adopt();
    this.#states.read(id, this.key, this.state);
  }

  /**
   * Packs the state that an event leads to into `next`, and works out what is not known.
   *
   * @param id the state, which was loaded
   * @param found the outcome of the event, as far as it was looked up
   */
  take(id: number, event: number, found: number): Step {
    let outcome = found;
    let applied = this.#apply(id, outcome);
    while (applied === UNKNOWN) {
      // The functions may have been asked about a slot that has come up only with their answers.
      this.load(id);
      outcome = this.#system.evaluate(this.state, event);
      applied = this.#apply(id, outcome);
    }
    return { outcome, isChange: applied === SUCCESSOR.CHANGE };
  }

  /** A state, unpacked, until the next one is. */
  unpacked(keys: Int32Array, at: number): Int32Array {
    this.#states.packing.unpack(keys, at, this.#nextState);
    return this.#nextState;
  }

  /** Makes room for states in the layout as it is now. */
  #adopt(): void {
    const { packing, layout } = this.#states;
    const { slots } = this.#system.compiled;
    this.#layout = layout;
    this.state = new Int32Array(slots);
    this.#nextState = new Int32Array(slots);
    packing.begin(this.state);
    packing.begin(this.#nextState);
    this.key = new Int32Array(packing.words);
    this.next = new Int32Array(packing.words);
  }

  /** `UNKNOWN`: a function has to be asked. */
  #apply(id: number, outcome: number): number {
    const states = this.#states;
    while (!states.prepare(outcome)) this.load(id);
    this.#patch(outcome, this.key);
    if ((states.kinds[outcome] ?? UNPREPARED) >= ONE_PENDING) {
      const { compiled } = this.#system;
      for (const number of compiled.outcomes.of(outcome).pending) {
        const answer = compiled.answerIn(this.state, compiled.pendingFunction(number));
        if (answer === UNKNOWN) return UNKNOWN;
        if (!states.prepare(answer)) {
          this.load(id);
          return this.#apply(id, outcome);
        }
        this.#patch(answer, this.next);
      }
    }
    return isSame(this.key, this.next) ? SUCCESSOR.LOOP : SUCCESSOR.CHANGE;
  }

  /** Writes into `next` what an outcome makes of a packed state. */
  #patch(outcome: number, key: Int32Array): void {
    const { patches, packing } = this.#states;
    patch(patches, packing.words, outcome, key, 0, this.next, 0);
  }
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  for (let word = 0; word < left.length; word += 1) if (left[word] !== right[word]) return false;
  return true;
}
