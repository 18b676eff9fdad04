import test from "ava";
import fc from "fast-check";
import { createStore, loadStore, repackStore, type Store, StoreError, saveStore } from "./index.js";
import { keys } from "./keys.arbitrary.js";

function saved(store: Store): Uint8Array {
  const parts: number[] = [];
  saveStore(store, (bytes) => parts.push(...bytes));
  return Uint8Array.from(parts);
}

/** Reads an image, at most `most` bytes at a time. */
function reader(image: Uint8Array, most = 5): (into: Uint8Array) => number {
  let at = 0;
  return (into) => {
    const part = image.subarray(at, at + Math.min(most, into.length));
    into.set(part);
    at += part.length;
    return part.length;
  };
}

function sample(words: number, events: number): Store {
  const store = createStore({ words, events, tuning: { chunk: 4, slots: 4 } });
  const key = new Int32Array(words);
  for (let i = 0; i < 10; i++) store.add(key.fill(i * 3), 0, i - 1, (i * 77_777) % events);
  return store;
}

for (const words of [1, 2, 3, 5]) {
  for (const events of [65_536, 65_537]) {
    test(`a store of ${words} words and ${events} events comes back from its image`, (t) => {
      fc.assert(
        fc.property(
          fc.array(keys(words), { maxLength: 100, size: "max" }),
          keys(words),
          fc.constantFrom(1, 4, 64),
          fc.boolean(),
          (all, later, chunk, shared) => {
            const store = createStore({ words, events, shared, tuning: { chunk } });
            for (const [i, key] of all.entries()) store.add(Int32Array.from(key), 0, store.size - 1, i * 600);
            const image = saved(store);
            const back = loadStore(reader(image), { shared, tuning: { slots: 4, idBits: 1 } });
            const key = new Int32Array(words);
            const same = Array.from({ length: store.size }, (_, id) => {
              store.read(id, key, 0);
              return (
                back.find(key, 0) === id && back.parent(id) === store.parent(id) && back.event(id) === store.event(id)
              );
            });
            const next = [store, back].map((each) => each.add(Int32Array.from(later), 0, 0, 7));
            return same.every(Boolean) && next[0] === next[1] && back.size === store.size && image.length % 2 === 0;
          },
        ),
      );
      t.pass();
    });
  }
}

test("an image has 32 bytes, 4 a chunk, and a state's key, parent and event", (t) => {
  t.is(saved(sample(1, 9)).length, 32 + 3 * 4 + 10 * (4 + 4 + 2));
  t.is(saved(sample(3, 100_000)).length, 32 + 3 * 4 + 10 * (12 + 4 + 4));
});

test("a directly addressed store and a hashed one have the same image, and read each other's", (t) => {
  const direct = createStore({ words: 1, events: 9, range: 100, tuning: { chunk: 4 } });
  for (let i = 0; i < 10; i++) direct.add(Int32Array.of(i * 3), 0, i - 1, (i * 77_777) % 9);
  t.deepEqual(saved(direct), saved(sample(1, 9)));
  t.is(loadStore(reader(saved(direct)), {}).find(Int32Array.of(27), 0), 9);
  const back = loadStore(reader(saved(sample(1, 9))), { range: 28 });
  t.is(back.find(Int32Array.of(27), 0), 9);
  t.throws(() => back.find(Int32Array.of(28), 0), { code: "bad-key" });
});

test("loading reads the image and nothing after it", (t) => {
  const image = saved(sample(2, 9));
  const read = reader(Uint8Array.of(...image, 42), 1000);
  t.is(loadStore(read).size, 10);
  const rest = new Uint8Array(9);
  t.is(read(rest), 1);
  t.is(rest[0], 42);
});

test("an image that ends early is refused, wherever it ends", (t) => {
  const image = saved(sample(2, 100_000));
  for (let end = 0; end < image.length; end++) {
    t.throws(() => loadStore(reader(image.subarray(0, end))), {
      instanceOf: StoreError,
      message: "This is no usable image of a store: it ends too early. Save it again, or start anew.",
    });
  }
});

test("an image with any one bit flipped is refused", (t) => {
  const image = saved(sample(1, 100_000));
  for (let bit = 0; bit < image.length * 8; bit++) {
    const damaged = image.slice();
    damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    t.throws(() => loadStore(reader(damaged)), { instanceOf: StoreError, code: "bad-image" });
  }
});

test("a store that was used up has no image", (t) => {
  const store = sample(1, 9);
  repackStore(store, 1, (from, at, to, toAt) => to.set([from[at] ?? 0], toAt));
  t.throws(() => saved(store), { message: "The store was used up when it was repacked." });
});
