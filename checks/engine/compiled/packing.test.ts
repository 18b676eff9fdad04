import test from "ava";
import fc from "fast-check";
import { Packing } from "./packing.js";

/** Slots with the bits of their fields, the least value of each, and a value that its field holds. */
const slots = fc.array(
  fc.nat(20).chain((width) =>
    fc.record({
      width: fc.constant(width),
      least: fc.nat(3),
      above: fc.nat(2 ** width - 1),
      other: fc.nat(2 ** width - 1),
    }),
  ),
  { minLength: 1, maxLength: 40 },
);

function packingOf(given: readonly { readonly width: number; readonly least: number }[]): Packing {
  return new Packing(
    given.map(({ width }) => width),
    Int32Array.from(given, ({ least }) => least),
  );
}

test("what was packed is unpacked again, wherever it lies", (t) => {
  const check = fc.property(slots, fc.nat(3), (given, at) => {
    const packing = packingOf(given);
    const state = Int32Array.from(given, ({ least, above }) => least + above);
    const key = new Int32Array(at + packing.words);
    const back = new Int32Array(given.length);
    packing.pack(state, key, at);
    packing.begin(back);
    packing.unpack(key, at, back);
    return back.join() === state.join() && given.every((_, slot) => packing.holds(slot, state[slot] ?? 0));
  });
  t.notThrows(() => fc.assert(check, { seed: 1 }));
});

test("a patch does to a packed state what its writes do to the slots", (t) => {
  const check = fc.property(slots, fc.func(fc.boolean()), (given, isWritten) => {
    const packing = packingOf(given);
    const before = Int32Array.from(given, ({ least, above }) => least + above);
    const after = before.slice();
    const writes: number[] = [];
    given.forEach(({ least, other }, slot) => {
      if (!isWritten(slot)) return;
      after[slot] = least + other;
      writes.push(slot, least + other);
    });
    const { words } = packing;
    const [packed, wanted, patch] = [1, 1, 2].map((size) => new Int32Array(size * words));
    if (!packed || !wanted || !patch) return false;
    packing.pack(before, packed, 0);
    packing.pack(after, wanted, 0);
    packing.patch(writes, patch, 0);
    return packed.map((word, i) => (word & (patch[2 * i] ?? 0)) | (patch[2 * i + 1] ?? 0)).join() === wanted.join();
  });
  t.notThrows(() => fc.assert(check, { seed: 1 }));
});

test("fields take no more words than they must, and none crosses a word's border", (t) => {
  const packing = (bits: number[]) => new Packing(bits, new Int32Array(bits.length));
  t.is(packing([]).words, 1);
  t.is(packing([16, 16]).words, 1);
  t.is(packing([20, 20, 12, 12]).words, 2);
  t.is(packing([31, 31]).words, 2);
  t.is(packing([3, 0, 4]).bits, 7);
});

test("a slot without a field holds one value, the others what their bits can tell apart", (t) => {
  const packing = new Packing([0, 2], Int32Array.from([5, 1]));
  t.deepEqual(
    [4, 5, 6].map((value) => packing.holds(0, value)),
    [false, true, false],
  );
  t.deepEqual(
    [0, 1, 4, 5].map((value) => packing.holds(1, value)),
    [false, true, true, false],
  );
  t.true(packing.holds(2, 0));
  t.false(packing.holds(2, 1));
});
