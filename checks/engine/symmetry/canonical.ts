import type { Acting } from "./acting.js";
import type { Action, Orbit } from "./actions.js";
import { factorial } from "./permutations.js";
import { notSymmetric } from "./refusals.js";

/** The state that stands for all that the permutations make of one. */
export interface Canonical {
  readonly state: Int32Array;
  /** Numbers of actions that lead to it from the state that was given, one after the other. */
  readonly word: readonly number[];
  /** For how many states it stands. */
  readonly size: number;
}

/** What of an orbit's permutations leaves the regions as they are, as numbers of actions, and how many arrangements there are. */
interface Settled {
  readonly kept: readonly number[];
  readonly arrangements: number;
}

/** The rests that actions which leave the regions as they are make of each other. */
interface Class {
  readonly least: number;
  readonly size: number;
}

/**
 * Finds the least of all states that the permutations make of one: the one whose regions, thing by thing, hold the least
 * numbers, and among those the one whose rest has the least number.
 *
 * Regions come first, and for all permutations of n things that is sorting them. Then only those permutations are left
 * that leave the sorted regions as they are; what they make of the rest is found by making steps from rest to rest until
 * there is none new, and kept. So no list of n! permutations is ever walked.
 */
export class Canonicaliser {
  readonly #acting: Acting;
  /** By the actions that were left, and the rest: its class, and the next action on the way to the least one of it. */
  readonly #classes = new Map<string, Map<number, { readonly of: Class; readonly step: number }>>();

  constructor(acting: Acting) {
    this.#acting = acting;
  }

  of(given: Int32Array): Canonical {
    const acting = this.#acting;
    const state = given.slice();
    const word: number[] = [];
    const kept: number[] = [];
    let size = 1;
    for (const orbit of acting.orbits) {
      const settled = orbit.group.kind === "all" ? sorted(orbit, state, word) : least(orbit, state, word);
      kept.push(...settled.kept);
      size *= settled.arrangements;
    }
    let rest = acting.rests.of(given);
    for (const number of word) rest = acting.rest(acting.action(number), rest);
    const classes = this.#classesOf(kept);
    for (;;) {
      const found = classes.get(rest) ?? this.#explored(classes, kept, rest);
      if (found.step < 0) return { state: acting.rests.replaced(state, rest), word, size: size * found.of.size };
      word.push(found.step);
      rest = acting.rest(acting.action(found.step), rest);
    }
  }

  #classesOf(kept: readonly number[]): Map<number, { readonly of: Class; readonly step: number }> {
    const key = kept.join();
    let classes = this.#classes.get(key);
    if (classes === undefined) {
      classes = new Map();
      this.#classes.set(key, classes);
    }
    return classes;
  }

  /** Finds all of a rest's class, and from each the way to the least. Returns what is then known of the rest. */
  #explored(
    classes: Map<number, { readonly of: Class; readonly step: number }>,
    kept: readonly number[],
    rest: number,
  ): { readonly of: Class; readonly step: number } {
    const acting = this.#acting;
    const actions = kept.map((number) => acting.action(number));
    const image = (action: Action, from: number): number => acting.rest(action, from);
    const members = reachable(rest, actions, image, acting.order);
    const smallest = members.reduce((left, right) => Math.min(left, right));
    const found: Class = { least: smallest, size: members.length };
    classes.set(smallest, { of: found, step: -1 });
    const noting = (action: Action, from: number): number => {
      const to = image(action, from);
      if (!classes.has(to)) classes.set(to, { of: found, step: action.inverse });
      return to;
    };
    reachable(smallest, actions, noting, acting.order);
    return classes.get(rest) ?? { of: found, step: -1 };
  }
}

/**
 * Everything that actions make of one rest, itself included.
 * @throws EngineError `not-symmetric` if that is more than there are permutations
 */
function reachable(
  rest: number,
  actions: readonly Action[],
  image: (action: Action, rest: number) => number,
  most: number,
): readonly number[] {
  const found = new Set([rest]);
  for (const from of found) {
    for (const action of actions) found.add(image(action, from));
    if (found.size > most)
      throw notSymmetric("`context` of the symmetry makes more contexts of one than there are permutations", {
        at: actions[0]?.name ?? "",
        hint: "Renaming twice must come to the same as renaming once by what both permutations come to.",
      });
  }
  return [...found];
}

/** Less than 0 if thing `left`'s regions in the state come before those of thing `right`. */
function compare({ regions }: Orbit, state: Int32Array, left: number, right: number): number {
  const ours = regions.slots[left] ?? [];
  const theirs = regions.slots[right] ?? [];
  for (let at = 0; at < ours.length; at += 1) {
    const difference = (state[ours[at] ?? 0] ?? 0) - (state[theirs[at] ?? 0] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function move(action: Action, state: Int32Array): void {
  const values = action.moves.map(([from]) => state[from] ?? 0);
  action.moves.forEach(([, to], at) => {
    state[to] = values[at] ?? 0;
  });
}

/** Sorts the regions in place, by swaps of neighbours. */
function sorted(orbit: Orbit, state: Int32Array, word: number[]): Settled {
  const { actions } = orbit;
  for (let end = 0; end < actions.length; end += 1) {
    for (let at = end; at >= 0 && compare(orbit, state, at, at + 1) > 0; at -= 1) {
      // Action number `at` swaps things `at` and `at + 1`.
      const action = actions[at] as Action;
      move(action, state);
      word.push(action.number);
    }
  }
  const kept: number[] = [];
  let arrangements = orbit.group.order;
  let alike = 1;
  for (let at = 0; at <= actions.length; at += 1) {
    const action = actions[at];
    if (action !== undefined && compare(orbit, state, at, at + 1) === 0) {
      kept.push(action.number);
      alike += 1;
    } else {
      arrangements /= factorial(alike);
      alike = 1;
    }
  }
  return { kept, arrangements };
}

/** Puts the regions into the least arrangement that the listed permutations make of them. */
function least(orbit: Orbit, state: Int32Array, word: number[]): Settled {
  const slots = orbit.regions.slots.flat();
  const values = (of: Int32Array): readonly number[] => slots.map((slot) => of[slot] ?? 0);
  const moved = (action: Action, from: Int32Array): readonly number[] => {
    const made = from.slice();
    move(action, made);
    return values(made);
  };
  let best: readonly number[] = values(state);
  let chosen: Action | undefined;
  for (const action of orbit.actions) {
    const made = moved(action, state);
    if (compareAll(made, best) >= 0) continue;
    best = made;
    chosen = action;
  }
  if (chosen !== undefined) {
    move(chosen, state);
    word.push(chosen.number);
  }
  const kept = orbit.actions.filter((action) => compareAll(moved(action, state), best) === 0);
  return { kept: kept.map(({ number }) => number), arrangements: orbit.group.order / (kept.length + 1) };
}

function compareAll(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < left.length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
