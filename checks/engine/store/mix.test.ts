import test from "ava";
import fc from "fast-check";
import { colliding } from "./keys.arbitrary.js";
import { mix, stir } from "./mix.js";
import { unmix } from "./testkit.js";

const word = fc.integer({ min: -0x80000000, max: 0x7fffffff });

test("mix can be undone, so different words have different hashes", (t) => {
  fc.assert(fc.property(word, (value) => unmix(mix(value)) === value));
  t.pass();
});

test("each bit of a word changes each bit of its hash in 35 to 65 of 100 words", (t) => {
  const words = Array.from({ length: 2000 }, (_, i) => i * 37);
  for (let bit = 0; bit < 32; bit++) {
    const flips = new Array<number>(32).fill(0);
    for (const value of words) {
      const changed = mix(value) ^ mix(value ^ (1 << bit));
      for (let i = 0; i < 32; i++) flips[i] = (flips[i] ?? 0) + ((changed >>> i) & 1);
    }
    t.deepEqual(
      flips.filter((count) => count < 700 || count > 1300),
      [],
    );
  }
});

test("pairs of words on a grid with powers of two for steps collide as seldom as random ones", (t) => {
  for (const [left, right] of [
    [0, 0],
    [22, 0],
    [0, 22],
    [16, 16],
    [21, 9],
  ] as const) {
    const hashes = new Set<number>();
    for (let a = 0; a < 512; a++) {
      for (let b = 0; b < 512; b++) hashes.add(mix(stir(a << left) ^ (b << right)));
    }
    // 2^18 of 2^32 hashes: 8 collisions are expected, so more than 30 never happen by chance.
    t.true(512 * 512 - hashes.size <= 30, `${512 * 512 - hashes.size} collisions with steps ${left}, ${right}`);
  }
});

test("the keys made to collide do", (t) => {
  for (const words of [2, 3, 5]) {
    const hashes = Array.from({ length: 512 }, (_, i) => {
      const [first = 0, ...rest] = colliding(words, i);
      return mix(rest.reduce((hash, next) => stir(hash) ^ next, first));
    });
    t.deepEqual([...new Set(hashes)], [0x00345678]);
  }
  const low = Array.from({ length: 512 }, (_, i) => mix(colliding(1, i)[0] ?? 0) & 0xffe00fff);
  t.deepEqual([...new Set(low)], [0]);
});
