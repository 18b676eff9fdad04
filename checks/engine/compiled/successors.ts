import * as kinds from "./kinds.js";
import { findLeaf, type MemoPool } from "./memo.js";

// Constants of this module's own: see `memo.ts`.
const { UNPREPARED, DISABLED, SIMPLE, ONE_PENDING } = kinds;
const UNKNOWN = -1;

/** What an event does in a state: it is no step, or one that changes nothing, or one to another state. */
const NO_STEP = 0;
const LOOP = 1;
const CHANGE = 2;
export const SUCCESSOR = { NO_STEP, LOOP, CHANGE } as const;

/** Where the outcomes of events are looked up: by event, the root of its tree. */
export interface Trees {
  readonly pool: MemoPool;
  readonly roots: Int32Array;
}

/** What outcomes make of packed states. */
export interface Patches {
  readonly packing: { readonly words: number };
  /** By outcome, word by word, what it keeps of a packed state, and what it sets. */
  readonly patches: Int32Array;
  /** What kind of outcome each is. */
  readonly kinds: Uint8Array;
  /** Of outcomes of the kind `ONE_PENDING`, the function: where its tree begins, and by answer the outcome that it stands for. */
  readonly functions: readonly ({ readonly number: number; readonly outcomes: readonly number[] } | undefined)[];
}

/**
 * What the events of a state lead to, as far as that is known: all of it look-ups in arrays of integers. What they
 * call is small enough to be compiled into the loop.
 */
export class Successors {
  /**
   * By the event's place in the list, the outcome; the one that a function's answer stands for, or -1; what that comes to;
   * and the key of the state that it leads to.
   */
  outcomes = new Int32Array(0);
  lasts = new Int32Array(0);
  changes = new Uint8Array(0);
  keys = new Int32Array(0);

  /** Makes room for so many events in a state. */
  fit(events: number, words: number): void {
    if (this.outcomes.length < events) {
      this.outcomes = new Int32Array(events);
      this.lasts = new Int32Array(events);
      this.changes = new Uint8Array(events);
    }
    if (this.keys.length < events * words) this.keys = new Int32Array(events * words);
  }

  /**
   * Looks up one event after the other, as long as there is nothing to be worked out.
   *
   * @param state the state, and `key` the same packed
   * @param events the events, of which those in the places from `from` up to `to` are looked up
   * @returns the place of the first event that has more to it, or `to`
   */
  lookUp(
    { pool, roots }: Trees,
    states: Patches,
    state: Int32Array,
    key: Int32Array,
    events: Int32Array,
    from: number,
    to: number,
  ): number {
    const { kinds, patches } = states;
    const { words } = states.packing;
    const { outcomes, lasts, changes, keys } = this;
    // Places in these arrays are below their lengths.
    for (let index = from; index < to; index += 1) {
      const outcome = findLeaf(pool, roots[events[index] as number] as number, state);
      const kind = outcome < 0 ? UNPREPARED : (kinds[outcome] as number);
      if (kind === SIMPLE) {
        lasts[index] = UNKNOWN;
        changes[index] = patch(patches, words, outcome, key, 0, keys, index * words);
      } else if (kind === ONE_PENDING) {
        const last = answerOf(pool, states, outcome, state);
        if (last < 0) return index;
        patch(patches, words, outcome, key, 0, keys, index * words);
        patch(patches, words, last, keys, index * words, keys, index * words);
        lasts[index] = last;
        changes[index] = isSame(words, key, keys, index * words) ? LOOP : CHANGE;
      } else if (kind === DISABLED) {
        changes[index] = NO_STEP;
      } else {
        return index;
      }
      outcomes[index] = outcome;
    }
    return to;
  }
}

/** Writes what an outcome makes of a packed state. Returns `LOOP` or `CHANGE`. */
export function patch(
  patches: Int32Array,
  words: number,
  outcome: number,
  key: Int32Array,
  at: number,
  into: Int32Array,
  intoAt: number,
): number {
  let place = 2 * words * outcome;
  let changed = 0;
  // Most states take one word or two: without a loop it is faster.
  const first = key[at] as number;
  const patched = (first & (patches[place] as number)) | (patches[place + 1] as number);
  into[intoAt] = patched;
  changed |= first ^ patched;
  for (let word = 1; word < words; word += 1) {
    place += 2;
    const was = key[at + word] as number;
    const is = (was & (patches[place] as number)) | (patches[place + 1] as number);
    into[intoAt + word] = is;
    changed |= was ^ is;
  }
  return changed === 0 ? LOOP : CHANGE;
}

function isSame(words: number, key: Int32Array, keys: Int32Array, at: number): boolean {
  for (let word = 0; word < words; word += 1) if (key[word] !== keys[at + word]) return false;
  return true;
}

/** The outcome that stands for the answer of an outcome's one pending function; `UNKNOWN` unless all is prepared for it. */
function answerOf(pool: MemoPool, states: Patches, outcome: number, state: Int32Array): number {
  const { number, outcomes } = states.functions[outcome] as NonNullable<Patches["functions"][number]>;
  const answer = findLeaf(pool, number, state);
  const last = answer < 0 ? UNKNOWN : (outcomes[answer] ?? UNKNOWN);
  return last < 0 || (states.kinds[last] ?? UNPREPARED) === UNPREPARED ? UNKNOWN : last;
}
