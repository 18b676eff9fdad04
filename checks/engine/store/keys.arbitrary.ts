import fc from "fast-check";
import { stir } from "./mix.js";
import { unmix } from "./testkit.js";

/** Words that neighbour each other, that are all ones or zeros, or that differ in one bit. */
const word = fc.oneof(
  fc.constantFrom(0, -1, 1, -2, 0x7fffffff, -0x80000000),
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 31 }).map((bit) => 1 << bit),
  fc.integer({ min: -0x80000000, max: 0x7fffffff }),
);

/** Keys of so many words, few enough that equal ones meet; some of them differ in one word, some have hashes that collide. */
export function keys(words: number): fc.Arbitrary<readonly number[]> {
  const any = fc.array(word, { minLength: words, maxLength: words });
  const oneOther = fc
    .tuple(fc.constantFrom(0, -1, 7), fc.nat({ max: words - 1 }), word)
    .map(([fill, place, other]) => new Array<number>(words).fill(fill).with(place, other));
  return fc.oneof(
    any,
    oneOther,
    fc.nat({ max: 200 }).map((number) => colliding(words, number)),
  );
}

/**
 * Different keys for different numbers below 512, all with the same table and home slot; keys of more than one word have
 * the same hash altogether.
 */
export function colliding(words: number, number: number): number[] {
  if (words === 1) return [unmix(number << 12)];
  const first = new Array<number>(words - 1).fill(number);
  const before = first.reduce((hash, next) => stir(hash) ^ next);
  return [...first, stir(before) ^ unmix(0x00345678)];
}
