import type { Acting } from "./acting.js";
import type { Action } from "./actions.js";
import { composed, type Permutation } from "./permutations.js";

/** A permutation, made of one before it in the list by an action; the first, which changes nothing, has none. */
export interface Element {
  readonly parent: number;
  readonly action: Action | null;
  /** By number of an event, that of the renamed one. */
  readonly events: readonly number[];
}

/** All permutations; `null` if there are more than `most`. */
export function allElements(acting: Acting, events: number, most: number): readonly Element[] | null {
  if (acting.order > most) return null;
  const identity = acting.orbits.map(({ group }) => Array.from({ length: group.things }, (_, thing) => thing));
  const permutations: (readonly Permutation[])[] = [identity];
  const elements: Element[] = [first(events)];
  const known = new Set([identity.join("|")]);
  for (let parent = 0; parent < elements.length; parent += 1) {
    acting.orbits.forEach(({ actions }, orbit) => {
      for (const action of actions) {
        const made = (permutations[parent] ?? []).map((permutation, index) =>
          index === orbit ? composed(permutation, action.permutation) : permutation,
        );
        if (known.has(made.join("|"))) continue;
        known.add(made.join("|"));
        permutations.push(made);
        elements.push(next(elements, parent, action));
      }
    });
  }
  return elements;
}

/** So many permutations far from the one that changes nothing are in a sample. */
const WALK = 8;
/** So many actions are in a sample by themselves. */
const MOST_ACTIONS = 32;

/** The first actions, and permutations that many of them come to; always the same. */
export function someElements(acting: Acting, events: number): readonly Element[] {
  const { actions } = acting;
  const elements: Element[] = [first(events)];
  for (const action of actions.slice(0, MOST_ACTIONS)) elements.push(next(elements, 0, action));
  let parent = 0;
  // An uneven walk, so that what it comes to is not a power of one permutation.
  for (let at = 0; at < WALK && actions.length > 0; at += 1) {
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
