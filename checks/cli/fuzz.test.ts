import test from "ava";
import fc from "fast-check";
import { fuzz, shareOf, TARGETS } from "./testing/fuzz/fuzz.js";

/** What `npm run fuzz` tries a million times a night, here a few times, with seeds that stay. */

for (const target of TARGETS) {
  test(`whatever the input, nothing but documented ends: ${target.name}`, async (t) => {
    const runs = shareOf(target, 2000);
    for (const seed of target.name === "C files" ? [1] : [1, 20_261_126]) {
      t.deepEqual(await fuzz(target, runs, seed), { name: target.name, runs, failure: null });
    }
  });
}

test("the shares make a million", (t) => {
  t.is(
    TARGETS.reduce((sum, target) => sum + shareOf(target, 1_000_000), 0),
    1_000_000,
  );
});

test("an input that fails is told, small, with the error", async (t) => {
  const odd = { name: "odd", ofAMillion: 1, prepare: () => ({ property: fc.property(fc.nat(), assertSmall) }) };
  const { runs, failure } = await fuzz(odd, 100, 1);
  t.true(runs < 100);
  t.regex(failure ?? "", /^\[1000\]: RangeError: too large\n/);
});

function assertSmall(n: number): void {
  if (n >= 1000) throw new RangeError("too large");
}
