import test from "ava";
import fc from "fast-check";
import { type Convert, createStore, repackStore } from "./index.js";
import { keys } from "./keys.arbitrary.js";

/** Spreads the words of a key: the first stays first, the others go to the end, what lies between is theirs XORed. */
function widen(from: number, to: number): Convert {
  return (source, at, target, toAt) => {
    let mixed = 0;
    for (let i = 0; i < from; i++) {
      target[toAt + (i === 0 ? 0 : to - from + i)] = source[at + i] ?? 0;
      mixed ^= source[at + i] ?? 0;
    }
    for (let i = 1; i <= to - from; i++) target[toAt + i] = mixed;
  };
}

for (const [from, to] of [
  [1, 1],
  [1, 2],
  [2, 3],
  [3, 5],
] as const) {
  test(`repacking from ${from} words to ${to} keeps ids, parents and events, and finds the new keys`, (t) => {
    const tunings = fc.record({ chunk: fc.constantFrom(1, 4, 64), slots: fc.constant(4) });
    fc.assert(
      fc.property(fc.array(keys(from), { maxLength: 200, size: "max" }), keys(from), tunings, (all, later, tuning) => {
        const make = () => {
          const store = createStore({ words: from, events: 100_000, tuning });
          for (const [i, key] of all.entries()) store.add(Int32Array.from(key), 0, store.size - 1, i * 331);
          return store;
        };
        const old = make();
        const made = repackStore(make(), to, widen(from, to), { tuning: { slots: 8, idBits: 2 } });
        const key = new Int32Array(from);
        const wide = new Int32Array(to);
        const same = Array.from({ length: old.size }, (_, id) => {
          old.read(id, key, 0);
          widen(from, to)(key, 0, wide, 0);
          const read = new Int32Array(to);
          made.read(id, read, 0);
          return (
            read.join() === wide.join() &&
            made.find(wide, 0) === id &&
            made.parent(id) === old.parent(id) &&
            made.event(id) === old.event(id)
          );
        });
        widen(from, to)(Int32Array.from(later), 0, wide, 0);
        const added = old.add(Int32Array.from(later), 0, 0, 99_999);
        return same.every(Boolean) && made.add(wide, 0, 0, 99_999) === added && made.size === old.size;
      }),
    );
    t.pass();
  });
}

test("repacking goes from direct to hashed and back, and frees what it has converted", (t) => {
  const tuning = { chunk: 8 };
  const direct = createStore({ words: 1, events: 9, range: 50, tuning });
  for (let i = 0; i < 50; i++) direct.add(Int32Array.of(49 - i), 0, i - 1, i % 9);
  const hashed = repackStore(direct, 2, (from, at, to, toAt) => {
    to[toAt] = from[at] ?? 0;
    to[toAt + 1] = 1;
  });
  t.is(direct.bytes, 0);
  t.is(hashed.find(Int32Array.of(9, 1), 0), 40);
  const bytes = 4 * 100 + 7 * 8 * (4 + 4 + 2);
  const back = repackStore(hashed, 1, (from, at, to, toAt) => to.set([2 * (from[at] ?? 0)], toAt), { range: 100 });
  t.is(hashed.bytes, 0);
  t.is(back.bytes, bytes);
  t.deepEqual(
    [98, 97, 0].map((word) => back.find(Int32Array.of(word), 0)),
    [0, -1, 49],
  );
  t.deepEqual(back.path(3), [1, 2, 3]);
});

test("a conversion that makes two states one is refused", (t) => {
  for (const range of [undefined, 4]) {
    const store = createStore({ words: 1, events: 1, tuning: { chunk: 2 } });
    for (const word of [0, 1, 2, 5]) store.add(Int32Array.of(word), 0, -1, 0);
    const modulo: Convert = (from, at, to, toAt) => to.set([(from[at] ?? 0) % 4], toAt);
    t.throws(() => repackStore(store, 1, modulo, range === undefined ? {} : { range }), {
      code: "bad-conversion",
      message: "The conversion gives the states 1 and 3 the same key.",
    });
  }
});
