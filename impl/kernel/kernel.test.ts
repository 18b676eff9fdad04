import test from "ava";
import { allSuccess, scripted } from "./answers.js";
import { PanicReason } from "./panic.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, outcomeOf, panicOf } from "./testkit.js";

test("a DEBUG kernel panics at a failed ASSERT, a release kernel does not §4.debug", (t) => {
  const debug = kernelUnderCall({ kernel: "debug" });
  t.is(
    panicOf(() => debug.assert(false)),
    "assertion failed",
  );
  t.is(debug.state.panic, "assertion failed");

  const release = kernelUnderCall({ kernel: "release" });
  t.is(
    panicOf(() => release.assert(false)),
    null,
  );
  t.is(release.state.panic, null);
});

test("an ASSERT that holds is silent, and none is recorded", (t) => {
  const kernel = kernelUnderCall({ kernel: "debug" });
  t.is(
    panicOf(() => kernel.assert(true)),
    null,
  );
  panicOf(() => kernel.assert(false));
  t.deepEqual(outcomeOf(kernel).calls, []);
});

test("a driver's own panic is the same, whatever its words", (t) => {
  const kernel = kernelUnderCall();
  t.is(
    panicOf(() => kernel.panic("something of the driver's")),
    "driver panic",
  );
  const outcome = outcomeOf(kernel);
  t.is(outcome.panic, "driver panic");
  t.deepEqual(outcome.calls, [{ fn: "panic" }]);
});

test("a binding may end the run for a rule that it watches", (t) => {
  const kernel = kernelUnderCall();
  t.is(
    panicOf(() => kernel.stop(PanicReason.writeOutside)),
    "write outside an allocation",
  );
  t.is(outcomeOf(kernel).panic, "write outside an allocation");
});

test("the machine says which kernel it is and how many refs a call may have", (t) => {
  t.true(kernelUnderCall({ kernel: "debug" }).debug);
  t.false(kernelUnderCall({ kernel: "release" }).debug);
  t.is(kernelUnderCall().maxGrefs, 16);
});

test("no two rules have the same reason", (t) => {
  const reasons = Object.values(PanicReason);
  t.is(new Set(reasons).size, reasons.length);
});

test("seg_free has the driver free the segment first, and its calls follow in the record", (t) => {
  const kernel = kernelUnderCall();
  const block = kernel.kmem_alloc(8);
  const lives: (string | undefined)[] = [];
  kernel.bind({
    view: () => null,
    stamp: () => 0,
    free: (seg) => {
      lives.push(kernel.state.segments[seg]?.life);
      kernel.kmem_free(block, 8);
    },
  });
  kernel.seg_free(0);
  t.deepEqual(lives, ["making"]);
  t.is(kernel.state.segments[0]?.life, "freed");
  t.deepEqual(
    outcomeOf(kernel).calls.map(({ fn }) => fn),
    ["kmem_alloc", "seg_free", "kmem_free"],
  );
});

test("freeing a segment twice, or one that is not there, panics", (t) => {
  const kernel = kernelUnderCall();
  kernel.seg_free(0);
  t.is(
    panicOf(() => kernel.seg_free(0)),
    "seg_free: no such segment",
  );
  t.is(
    panicOf(() => kernelUnderCall().seg_free(1)),
    "seg_free: no such segment",
  );
});

test("a freed segment's page table and address space stay", (t) => {
  const kernel = kernelUnderCall();
  kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true);
  const [table] = kernel.state.tables;
  kernel.seg_free(0);
  t.is(kernel.state.tables[0], table);
  kernel.hat_unload(0, SEGMENT_BASE, PAGE_SIZE, true);
  t.is(kernel.state.tables[0]?.locks, 0);
  t.false(kernel.as_isunmapwait(0));
});

test("an assigned state is the whole kernel as it was", (t) => {
  const kernel = kernelUnderCall();
  kernel.specfind();
  const { state } = kernel;
  kernel.kmem_alloc(8);
  kernel.mutex_enter({ lock: "freemem_lock", seg: null });
  kernel.vn_hold();
  kernel.hat_devload(0, SEGMENT_BASE, PAGE_SIZE, true);
  kernel.update_va_mapping_otherdomain(SEGMENT_BASE, 1n, true, 7);
  panicOf(() => kernel.panic(""));
  t.deepEqual(state, kernelWithAVnode());
  kernel.state = state;
  t.is(kernel.state.panic, null);
  t.is(kernel.kmem_alloc(8), 1);
});

function kernelWithAVnode() {
  const kernel = kernelUnderCall();
  kernel.specfind();
  return kernel.state;
}

test("each call of a driver has a record of its own", (t) => {
  const kernel = kernelUnderCall();
  kernel.specfind();
  const first = outcomeOf(kernel);
  kernel.begin(0, false, allSuccess);
  kernel.vn_rele();
  t.deepEqual(outcomeOf(kernel).calls, [{ fn: "vn_rele" }]);
  t.deepEqual(first.calls, [{ fn: "specfind" }]);
});

test("a scripted source that has run out answers success", (t) => {
  const source = scripted([12, -3]);
  const question = { kind: "addmap", seg: 0 } as const;
  t.deepEqual(
    [1, 2, 3, 4].map(() => source.answer(question)),
    [12, -3, 0, 0],
  );
  t.is(allSuccess.answer(question), 0);
});
