import test from "ava";
import * as fc from "fast-check";
import { Memo, MemoPool, Mismatch, UNKNOWN } from "./memo.js";

/** States of two slots: the first is asked of all of them, the second of those where the first is even. */
interface Asked {
  readonly first: number;
  readonly second: number;
}

// Few that repeat, and so many and large ones that nodes turn into hash tables and these grow.
const value = fc.oneof(fc.nat(5), fc.nat(5000), fc.nat(2 ** 20));
const asked: fc.Arbitrary<Asked> = fc.record({ first: value, second: value });

function questions({ first }: Asked): readonly number[] {
  return first % 2 === 0 ? [0, 1] : [0];
}

test("a tree answers what it was told, and nothing else, with any number of children", (t) => {
  const check = fc.property(fc.array(asked, { maxLength: 200 }), asked, (told, other) => {
    const memo = new Memo(new MemoPool());
    const known = new Map<string, number>();
    const keyOf = (one: Asked) => (one.first % 2 === 0 ? `${one.first} ${one.second}` : `${one.first}`);
    for (const [leaf, one] of told.entries()) {
      const kept = memo.add(questions(one), (index) => (index === 0 ? one.first : one.second), leaf);
      if (!known.has(keyOf(one))) known.set(keyOf(one), leaf);
      t.is(kept, known.get(keyOf(one)) ?? UNKNOWN);
    }
    for (const one of [...told, other]) {
      t.is(memo.find(Int32Array.of(one.first, one.second)), known.get(keyOf(one)) ?? UNKNOWN);
    }
  });
  t.notThrows(() => fc.assert(check, { seed: 11 }));
});

test("thousands of children are found again, whichever came first", (t) => {
  for (const factor of [1, 3, 4096, 65_537]) {
    const memo = new Memo(new MemoPool());
    for (let at = 0; at < 10_000; at++) memo.add([0], () => factor * at, at);
    const wrong = Array.from({ length: 10_000 }, (_, at) => at).filter(
      (at) => memo.find(Int32Array.of(factor * at)) !== at,
    );
    t.deepEqual(wrong, []);
    t.is(memo.find(Int32Array.of(factor * 10_000)), UNKNOWN);
  }
});

test("who asks something else after the same answers is found out", (t) => {
  const memo = new Memo(new MemoPool());
  memo.add([0, 1], () => 7, 0);
  t.throws(() => memo.add([0, 2], () => 7, 1), { instanceOf: Mismatch });
  t.throws(() => memo.add([0], () => 7, 1), { instanceOf: Mismatch });
  t.throws(() => memo.add([0, 1, 2], () => 7, 1), { instanceOf: Mismatch });
  memo.clear();
  t.true(memo.isEmpty);
  t.is(
    memo.add([0, 2], () => 7, 1),
    1,
  );
});
