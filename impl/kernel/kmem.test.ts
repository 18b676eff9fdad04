import test from "ava";
import { PATTERN, PATTERN_WORD } from "./kmem.js";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

test("blocks are numbered in the order of allocation, freed ones included", (t) => {
  const kernel = kernelUnderCall();
  t.is(kernel.kmem_alloc(8), 1);
  t.is(kernel.kmem_zalloc(16), 2);
  kernel.kmem_free(1, 8);
  t.is(kernel.kmem_alloc(8), 3);
});

test("a block knows its size and what it held when it was allocated", (t) => {
  const kernel = kernelUnderCall();
  kernel.kmem_alloc(8);
  kernel.kmem_zalloc(16);
  t.like(kernel.state.kmem.blocks, [
    { id: 1, bytes: 8, zeroed: false },
    { id: 2, bytes: 16, zeroed: true },
  ]);
});

test("the pattern word is the 32-bit pattern twice §4.kmem", (t) => {
  t.is(PATTERN_WORD, (BigInt(PATTERN) << 32n) | BigInt(PATTERN));
});

test("freeing takes the block out of the live set", (t) => {
  const kernel = kernelUnderCall();
  kernel.kmem_alloc(8);
  kernel.kmem_alloc(9);
  kernel.kmem_free(1, 8);
  t.deepEqual(
    kernel.state.kmem.blocks.map(({ id }) => id),
    [2],
  );
});

test("freeing what was never allocated panics", (t) => {
  const kernel = kernelUnderCall();
  t.is(
    panicOf(() => kernel.kmem_free(1, 8)),
    "kmem_free: no such block",
  );
});

test("freeing twice panics §4.kmem", (t) => {
  const kernel = kernelUnderCall();
  kernel.kmem_alloc(8);
  kernel.kmem_free(1, 8);
  t.is(
    panicOf(() => kernel.kmem_free(1, 8)),
    "kmem_free: no such block",
  );
});

test("freeing with another size panics, and the block stays §4.kmem", (t) => {
  const kernel = kernelUnderCall();
  kernel.kmem_alloc(8);
  t.is(
    panicOf(() => kernel.kmem_free(1, 9)),
    "kmem_free: another size than was allocated",
  );
  t.is(kernel.state.kmem.blocks.length, 1);
});

for (const bytes of [0, -1, 1.5, Number.NaN]) {
  test(`allocating ${bytes} bytes panics`, (t) => {
    const kernel = kernelUnderCall();
    t.is(
      panicOf(() => kernel.kmem_alloc(bytes)),
      "kmem_alloc: bad size",
    );
    t.deepEqual(outcomeOf(kernel).calls, [{ fn: "kmem_alloc", bytes, block: null }]);
  });
}

test("the calls are recorded with size and block", (t) => {
  const kernel = kernelUnderCall();
  kernel.kmem_zalloc(64);
  kernel.kmem_alloc(32);
  kernel.kmem_free(2, 32);
  t.deepEqual(outcomeOf(kernel).calls, [
    { fn: "kmem_zalloc", bytes: 64, block: 1 },
    { fn: "kmem_alloc", bytes: 32, block: 2 },
    { fn: "kmem_free", block: 2, bytes: 32 },
  ]);
});
