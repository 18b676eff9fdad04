import type { Acting } from "./acting.js";
import type { Action } from "./actions.js";
import { composed, type Permutation } from "./permutations.js";
import { notSymmetric } from "./refusals.js";

/** A permutation, made of one before it in the list by an action; the first, which changes nothing, has none. */
export interface Element {
  readonly parent: number;
  readonly action: Action | null;
  /** By number of an event, that of the renamed one. */
  readonly events: readonly number[];
}

/** All permutations, and how each comes of others. */
export interface AllElements {
  readonly elements: readonly Element[];
  /** By element and action, the number of the element that both come to. */
  readonly products: readonly (readonly number[])[];
}

/**
 * All permutations; `null` if there are more than `most`.
 * @throws EngineError `not-symmetric` if renaming events twice is not the same as renaming them once by what both come to
 */
export function allElements(acting: Acting, events: number, most: number): AllElements | null {
  if (acting.order > most) return null;
  const identity = acting.orbits.map(({ group }) => Array.from({ length: group.things }, (_, thing) => thing));
  const permutations: (readonly Permutation[])[] = [identity];
  const elements: Element[] = [first(events)];
  const known = new Map([[identity.join("|"), 0]]);
  const products: number[][] = [];
  const product = (parent: number, orbit: number, action: Action): number => {
    const made = (permutations[parent] ?? []).map((permutation, index) =>
      index === orbit ? composed(permutation, action.permutation) : permutation,
    );
    const element = next(elements, parent, action);
    const before = known.get(made.join("|"));
    if (before !== undefined) {
      if (elements[before]?.events.join() === element.events.join()) return before;
      throw notSymmetric("`event` of the symmetry does not come to the same by two ways of renaming", {
        at: action.name,
        hint: ONE_BY_ONE,
      });
    }
    permutations.push(made);
    known.set(made.join("|"), elements.length);
    return elements.push(element) - 1;
  };
  for (let parent = 0; parent < elements.length; parent += 1) {
    products.push(
      acting.orbits.flatMap(({ actions }, orbit) => actions.map((action) => product(parent, orbit, action))),
    );
  }
  return { elements, products };
}

/**
 * Makes sure that contexts, too, come to the same by all ways of renaming; `rests` are what the elements make of one.
 * @throws EngineError `not-symmetric` if not
 */
export function assertProducts(acting: Acting, { products }: AllElements, rests: readonly number[]): void {
  products.forEach((row, element) => {
    row.forEach((to, number) => {
      const action = acting.action(number);
      if (acting.rest(action, rests[element] ?? 0) === rests[to]) return;
      throw notSymmetric("`context` of the symmetry does not come to the same by two ways of renaming", {
        at: action.name,
        hint: ONE_BY_ONE,
      });
    });
  });
}

const ONE_BY_ONE = "Renaming twice must be the same as renaming once by what both permutations come to.";

/** So many permutations far from the one that changes nothing are in a sample. */
const WALK = 8;
/** So many actions are in a sample by themselves. */
const MOST_ACTIONS = 32;

/** The first actions, and permutations that many of them come to; always the same. */
export function someElements(acting: Acting, events: number): readonly Element[] {
  const { actions } = acting;
  const elements: Element[] = [first(events)];
  for (const action of actions.slice(0, MOST_ACTIONS)) elements.push(next(elements, 0, action));
  let parent = Math.min(1, actions.length);
  // An uneven walk, so that what it comes to is not a power of one permutation.
  for (let at = 1; at <= WALK && actions.length > 0; at += 1) {
    const action = acting.action((at * 7 + ((at * at) >> 2)) % actions.length);
    parent = elements.push(next(elements, parent, action)) - 1;
  }
  return elements;
}

function first(events: number): Element {
  return { parent: -1, action: null, events: Array.from({ length: events }, (_, event) => event) };
}

function next(elements: readonly Element[], parent: number, action: Action): Element {
  const before = elements[parent]?.events ?? [];
  return { parent, action, events: before.map((event) => action.events[event] ?? event) };
}
