import test from "ava";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

test("cells read back as they were laid and written", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a", "b"]);
  cells.write(block, 1, "c");
  t.deepEqual(cells.read(block), ["a", "c"]);
});

test("a block that nothing was laid over has no cells", (t) => {
  const kernel = kernelUnderCall();
  t.is(kernel.cells<string>().read(kernel.kmem_alloc(8)), undefined);
});

test("laying cells again replaces all of them", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a", "b"]);
  cells.fill(block, ["c"]);
  t.deepEqual(cells.read(block), ["c"]);
});

for (const index of [-1, 2, 0.5, Number.NaN]) {
  test(`a write at index ${index} of two cells panics and changes nothing`, (t) => {
    const kernel = kernelUnderCall();
    const cells = kernel.cells<string>();
    const block = kernel.kmem_alloc(8);
    cells.fill(block, ["a", "b"]);
    t.is(
      panicOf(() => cells.write(block, index, "c")),
      "write outside an allocation",
    );
    t.deepEqual(cells.read(block), ["a", "b"]);
    t.is(kernel.state.panic, "write outside an allocation");
  });
}

test("a read outside the cells has no meaning, but is no panic", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a"]);
  t.is(cells.read(block)?.[1], undefined);
});

test("freed memory cannot be read, written or laid", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a"]);
  kernel.kmem_free(block, 8);
  t.is(cells.read(block), undefined);
  t.is(
    panicOf(() => cells.write(block, 0, "b")),
    "write outside an allocation",
  );
  t.is(
    panicOf(() => cells.fill(block, ["b"])),
    "write outside an allocation",
  );
});

test("one view's cells are nothing to another view", (t) => {
  const kernel = kernelUnderCall();
  const strings = kernel.cells<string>();
  const numbers = kernel.cells<number>();
  const block = kernel.kmem_alloc(8);
  strings.fill(block, ["a"]);
  t.is(numbers.read(block), undefined);
  t.is(
    panicOf(() => numbers.write(block, 0, 1)),
    "write outside an allocation",
  );
});

test("writing the identical value keeps the array and the state", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a", "b"]);
  const array = cells.read(block);
  const { state } = kernel;
  cells.write(block, 0, "a");
  t.is(cells.read(block), array);
  t.is(kernel.state, state);
});

test("contents go back with the state", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a", "b"]);
  const { state } = kernel;
  cells.write(block, 0, "z");
  kernel.kmem_free(block, 8);
  kernel.state = state;
  t.deepEqual(cells.read(block), ["a", "b"]);
});

test("reading and writing is no kernel call", (t) => {
  const kernel = kernelUnderCall();
  const cells = kernel.cells<string>();
  const block = kernel.kmem_alloc(8);
  cells.fill(block, ["a"]);
  cells.write(block, 0, "b");
  cells.read(block);
  t.deepEqual(
    outcomeOf(kernel).calls.map(({ fn }) => fn),
    ["kmem_alloc"],
  );
});

test("a segment's data is attached once", (t) => {
  const kernel = kernelUnderCall();
  t.is(kernel.attached(0), null);
  kernel.attach(0, 5);
  t.is(kernel.attached(0), 5);
  t.is(
    panicOf(() => kernel.attach(0, 6)),
    "segment has data already",
  );
});

test("data cannot be attached to a segment that is not there", (t) => {
  const kernel = kernelUnderCall();
  t.is(
    panicOf(() => kernel.attach(1, 5)),
    "no such address space",
  );
  t.is(kernel.attached(1), null);
});

test("a freed segment has no data", (t) => {
  const kernel = kernelUnderCall();
  kernel.attach(0, 5);
  kernel.seg_free(0);
  t.is(kernel.attached(0), null);
});
