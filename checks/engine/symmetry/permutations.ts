import { badSymmetry } from "./refusals.js";
import type { AnySymmetry } from "./symmetry.js";

/** A permutation of 0 … n-1: for each, in order, where it goes. */
export type Permutation = readonly number[];

/**
 * The permutations of one declaration. Of `all` there are too many to list: swaps of neighbours are enough to make them.
 * Others are listed, without the one that changes nothing.
 */
export interface Group {
  readonly kind: "all" | "listed";
  readonly things: number;
  readonly permutations: readonly Permutation[];
  /** How many there are in all, the one that changes nothing included. */
  readonly order: number;
}

/** So many permutations are listed at most. */
const MOST_LISTED = 1000;

/** @throws EngineError `bad-option` */
export function groupOf({ things, under = "all" }: AnySymmetry, index: number): Group {
  if (!(Number.isSafeInteger(things) && things >= 1)) {
    throw badSymmetry(index, `.things must be a whole number of at least 1, not ${String(things)}.`);
  }
  const numbers = Array.from({ length: things }, (_, thing) => thing);
  if (under === "all") {
    const permutations = numbers.slice(1).map((right) => swapped(numbers, right - 1, right));
    return { kind: "all", things, permutations, order: factorial(things) };
  }
  const generators = under === "rotations" ? [numbers.map((thing) => (thing + 1) % things)] : under;
  for (const generator of generators) assertPermutation(generator, things, index);
  const permutations = generated(numbers, generators, index);
  return { kind: "listed", things, permutations, order: permutations.length + 1 };
}

export function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** First `first`, then `second`. */
export function composed(first: Permutation, second: Permutation): Permutation {
  return first.map((thing) => second[thing] ?? thing);
}

function swapped(numbers: Permutation, left: number, right: number): Permutation {
  return numbers.map((thing) => (thing === left ? right : thing === right ? left : thing));
}

function assertPermutation(given: unknown, things: number, index: number): void {
  if (Array.isArray(given) && given.length === things && new Set(given).size === things) {
    if (given.every((to) => Number.isSafeInteger(to) && to >= 0 && to < things)) return;
  }
  throw badSymmetry(index, `.under: [${String(given)}] is no permutation of 0 to ${things - 1}.`);
}

function generated(identity: Permutation, generators: readonly Permutation[], index: number): Permutation[] {
  const known = new Set([identity.join()]);
  const all: Permutation[] = [identity];
  for (const permutation of all) {
    for (const generator of generators) {
      const made = composed(permutation, generator);
      if (known.has(made.join())) continue;
      if (all.length === MOST_LISTED) {
        throw badSymmetry(
          index,
          `.under makes more than ${MOST_LISTED} permutations: give fewer, or "all" if it is all.`,
        );
      }
      known.add(made.join());
      all.push(made);
    }
  }
  return all.slice(1);
}
