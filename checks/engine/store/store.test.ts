import test from "ava";
import fc from "fast-check";
import { createStore, type Store, StoreError, type Tuning } from "./index.js";
import { colliding, keys } from "./keys.arbitrary.js";

const tunings = fc.record({
  chunk: fc.constantFrom(1, 2, 8, 64),
  slots: fc.constantFrom(4, 16),
  idBits: fc.constantFrom(1, 3, 24, 31),
});

/** What a store must do, said with a Map. */
class Model {
  readonly ids = new Map<string, number>();
  readonly states: { key: readonly number[]; parent: number; event: number }[] = [];

  add(key: readonly number[], parent: number, event: number): number {
    const known = this.ids.get(key.join());
    if (known !== undefined) return known;
    this.ids.set(key.join(), this.states.length);
    this.states.push({ key, parent, event });
    return ~(this.states.length - 1);
  }
}

/** Adds all keys to both and compares every answer; parents are the states before, events numbers that need all their bits. */
function fill(store: Store, all: readonly (readonly number[])[], wide: boolean): Model {
  const model = new Model();
  const buffer = new Int32Array(store.words + 3);
  for (const [i, key] of all.entries()) {
    const at = i % 4;
    buffer.fill(-7);
    buffer.set(key, at);
    const parent = i % 3 === 0 ? model.states.length - 1 : Math.floor((model.states.length - 1) / 2);
    const event = wide ? Math.imul(i + 1, 0x9e3779b1) >>> 0 : (i * 7919) % 65_536;
    if (store.find(buffer, at) !== (model.ids.get(key.join()) ?? -1)) throw new Error(`find(${key})`);
    const expected = model.add(key, parent, event);
    const answer = store.add(buffer, at, parent, event);
    if (answer !== expected) throw new Error(`add(${key}) is ${answer}, not ${expected}`);
  }
  return model;
}

function agree(store: Store, model: Model): boolean {
  const buffer = new Int32Array(store.words + 2);
  return (
    store.size === model.states.length &&
    model.states.every(({ key, parent, event }, id) => {
      buffer.fill(-7);
      store.read(id, buffer, 1);
      return (
        buffer.join() === [-7, ...key, -7].join() &&
        store.find(buffer, 1) === id &&
        store.parent(id) === parent &&
        store.event(id) === event
      );
    })
  );
}

for (const words of [1, 2, 3, 5]) {
  for (const [events, shared] of [
    [65_536, false],
    [2 ** 32, true],
  ] as const) {
    test(`a store of ${words} words and ${events} events does what a Map does`, (t) => {
      fc.assert(
        fc.property(fc.array(keys(words), { maxLength: 300, size: "max" }), tunings, (all, tuning) => {
          const store = createStore({ words, events, shared, tuning });
          return agree(store, fill(store, all, events > 65_536));
        }),
      );
      t.pass();
    });
  }

  test(`a store of ${words} words grows over many tables, chunks and bits of its ids`, (t) => {
    const store = createStore({ words, events: 10, tuning: { chunk: 256, slots: 4, idBits: 4 } });
    const key = new Int32Array(words);
    const wrong: number[] = [];
    for (let i = 0; i < 100_000; i++) {
      key[i % words] = i * 16;
      if (store.add(key, 0, i - 1, i % 10) !== ~i) wrong.push(i);
      key.fill(0);
    }
    for (let i = 0; i < 100_000; i++) {
      key[i % words] = i * 16;
      if (store.add(key, 0, 0, 0) !== i || store.parent(i) !== i - 1 || store.event(i) !== i % 10) wrong.push(i);
      key.fill(0);
    }
    t.deepEqual(wrong, []);
    t.is(store.size, 100_000);
  });

  test(`a store of ${words} words tells apart 512 keys with one home slot`, (t) => {
    const store = createStore({ words, events: 10, tuning: { slots: 4, chunk: 16 } });
    const all = Array.from({ length: 512 }, (_, i) => colliding(words, i));
    t.true(agree(store, fill(store, [...all, ...all], false)));
    t.is(store.size, 512);
  });
}

test("a directly addressed store does what a hashed one does", (t) => {
  const word = fc.nat({ max: 199 }).map((value) => [value]);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 400, size: "max" }), tunings, (all, tuning) => {
      const direct = createStore({ words: 1, events: 2 ** 32, range: 200, tuning });
      const hashed = createStore({ words: 1, events: 2 ** 32, range: 200, tuning: { ...tuning, direct: 199 } });
      if (direct.bytes !== 4 * 200 || hashed.bytes !== 4 * 32 * tuning.slots) return false;
      const model = fill(direct, all, true);
      fill(hashed, all, true);
      return agree(direct, model) && agree(hashed, model);
    }),
  );
  t.pass();
});

test("a directly addressed store refuses a key outside its range, and is as before", (t) => {
  const store = createStore({ words: 1, events: 2, range: 4 });
  store.add(Int32Array.of(3), 0, -1, 0);
  for (const word of [4, -1]) {
    const expected = `The key ${word} is not between 0 and 3, the range promised.`;
    t.throws(() => store.add(Int32Array.of(word), 0, 0, 0), { instanceOf: StoreError, message: expected });
    t.throws(() => store.find(Int32Array.of(word), 0), { code: "bad-key" });
  }
  t.is(store.size, 1);
  t.is(store.find(Int32Array.of(3), 0), 0);
});

test("path gives the events from the root on", (t) => {
  const store = createStore({ words: 1, events: 70_000, tuning: { chunk: 2 } });
  const add = (word: number, parent: number, event: number) => store.add(Int32Array.of(word), 0, parent, event);
  t.is(add(10, -1, 5), ~0);
  t.is(add(20, 0, 69_999), ~1);
  t.is(add(30, 0, 1), ~2);
  t.is(add(40, 1, 2), ~3);
  t.is(add(50, 3, 65_536), ~4);
  t.is(add(50, 2, 3), 4);
  t.deepEqual(store.path(0), []);
  t.deepEqual(store.path(4), [69_999, 2, 65_536]);
  t.deepEqual(store.path(2), [1]);
});

test("a full store says so, and still finds what it holds", (t) => {
  for (const [words, range] of [[1], [2], [3], [1, 1000]] as const) {
    const tuning = { chunk: 4, most: 8 };
    const store = createStore({ words, events: 1, tuning, ...(range === undefined ? {} : { range }) });
    const key = new Int32Array(words);
    for (let i = 0; i < 8; i++) t.is(store.add(key.fill(i), 0, -1, 0), ~i);
    for (let round = 0; round < 2; round++) {
      t.throws(() => store.add(key.fill(8), 0, 7, 0), {
        code: "full",
        message: "The store holds 8 states, and can't number 4 more.",
      });
    }
    t.is(store.size, 8);
    t.is(store.find(key.fill(8), 0), -1);
    t.is(store.add(key.fill(7), 0, 0, 0), 7);
  }
});

/** Does something while no new array can be had. */
function withoutMemory(what: () => void): void {
  const original = globalThis.ArrayBuffer;
  globalThis.ArrayBuffer = new Proxy(original, {
    construct() {
      throw new RangeError("Array buffer allocation failed");
    },
  });
  try {
    what();
  } finally {
    globalThis.ArrayBuffer = original;
  }
}

test("where memory is refused, for a chunk or a table, the store is as before", (t) => {
  for (const [words, range] of [[1], [2], [3], [1, 5000]] as const) {
    const tuning = { chunk: 256, slots: 4 };
    const store = createStore({ words, events: 1, tuning, ...(range === undefined ? {} : { range }) });
    const key = new Int32Array(words);
    let refusals = 0;
    for (let i = 0; i < 5000; ) {
      withoutMemory(() => {
        try {
          for (; i < 5000; i++) if (store.add(key.fill(i), 0, i - 1, 0) !== ~i) t.fail(`${words} words: ${i}`);
        } catch (thrown) {
          t.like(thrown, { code: "no-memory" });
          refusals++;
        }
      });
      if (i === 5000) break;
      t.is(store.size, i);
      t.is(store.find(key.fill(i), 0), -1);
      t.is(store.add(key.fill(i), 0, i - 1, 0), ~i);
      i++;
    }
    t.true(range === undefined ? refusals > 20 : refusals === 20, `${refusals} refusals`);
    const found = Array.from({ length: 5000 }, (_, i) => store.find(key.fill(i), 0));
    t.deepEqual(found, [...found.keys()]);
  }
});

test("bytes counts every array", (t) => {
  const hashed = createStore({ words: 2, events: 1, tuning: { chunk: 16, slots: 8 } });
  t.is(hashed.bytes, 4 * 8 * 32);
  hashed.add(new Int32Array(2), 0, -1, 0);
  t.is(hashed.bytes, 4 * 8 * 32 + 16 * (8 + 4 + 2));
  const direct = createStore({ words: 1, events: 65_537, range: 100, tuning: { chunk: 16 } });
  direct.add(new Int32Array(1), 0, -1, 0);
  t.is(direct.bytes, 4 * 100 + 16 * (4 + 4 + 4));
});

test("a state takes at most 18 bytes of one word and 22 of two, just after tables have grown too", (t) => {
  for (const [words, most] of [
    [1, 18.5],
    [2, 22.5],
  ] as const) {
    const store = createStore({ words, events: 1, tuning: { chunk: 256 } });
    const key = new Int32Array(words);
    let worst = 0;
    for (let i = 0; i < 400_000; i++) {
      key[0] = i;
      store.add(key, 0, i - 1, 0);
      if (i > 100_000) worst = Math.max(worst, store.bytes / store.size);
    }
    t.true(worst < most, `${worst} bytes a state of ${words} words`);
  }
});

test("shared keys lie where the documentation says, in shared memory", (t) => {
  const store = createStore({ words: 3, events: 1, shared: true, tuning: { chunk: 4 } });
  for (let i = 0; i < 10; i++) store.add(Int32Array.of(i, -i, 5), 0, i - 1, 0);
  const at = (id: number) => {
    const array = store.keys[Math.floor(id / store.chunk)];
    return array?.slice((id % store.chunk) * 3, (id % store.chunk) * 3 + 3).join();
  };
  t.deepEqual([0, 3, 4, 9].map(at), ["0,0,5", "3,-3,5", "4,-4,5", "9,-9,5"]);
  t.true(store.keys.every((array) => array.buffer instanceof SharedArrayBuffer));
});

test("a store with options that make no sense is refused", (t) => {
  const refused = (options: { words?: number; events?: number; range?: number; tuning?: Tuning }) =>
    t.throws(() => createStore({ words: 1, events: 1, ...options }), { instanceOf: StoreError, code: "bad-option" })
      ?.message;
  t.is(refused({ words: 0 }), "words must be a whole number from 1 to 64, not 0.");
  t.is(refused({ words: 1.5 }), "words must be a whole number from 1 to 64, not 1.5.");
  t.is(refused({ events: -1 }), "events must be a whole number from 0 to 4294967296, not -1.");
  t.is(refused({ range: 0 }), "range must be a whole number from 1 to 4294967296, not 0.");
  t.is(refused({ words: 2, range: 9 }), "range is for keys of one word, not of 2.");
  t.is(refused({ tuning: { chunk: 3 } }), "tuning.chunk must be a power of two, not 3.");
  t.is(refused({ tuning: { slots: 6 } }), "tuning.slots must be a power of two, not 6.");
  t.is(refused({ tuning: { idBits: 32 } }), "tuning.idBits must be a whole number from 1 to 31, not 32.");
});
