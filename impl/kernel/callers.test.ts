import test from "ava";
import type { Kernel } from "./kernel.js";
import { registerPte, segmentOf, tellOfUnmap } from "./machineroom.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, PAGES, panicOf, tableOf } from "./testkit.js";

const at = (page: number) => SEGMENT_BASE + page * PAGE_SIZE;

function register(kernel: Kernel, page: number, pte_ma = 0x9000n + 8n * BigInt(page)): void {
  kernel.state = registerPte(kernel.state, 0, page, pte_ma);
}

function tell(kernel: Kernel): string | null {
  const { state, breach } = tellOfUnmap(kernel.state, 0, kernel.debug);
  kernel.state = state;
  return breach;
}

test("a caller takes a lock for the page and sees to it that its PTE is valid §4.callers", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 1);
  t.deepEqual(tableOf(kernel), { ptes: [null, { kind: "throwaway" }, null], locks: 1, callerLocks: 1 });
  t.deepEqual(segmentOf(kernel.state, 0).callers.registered, [null, 0x9008n, null]);
});

test("it leaves a valid PTE as it is", (t) => {
  const kernel = kernelUnderCall();
  kernel.update_va_mapping_otherdomain(at(0), 0x100n, true, 7);
  const { ptes } = tableOf(kernel);
  register(kernel, 0);
  t.is(tableOf(kernel).ptes, ptes);
  t.is(tableOf(kernel).locks, 1);
});

test("registering again takes no second lock, and what is registered is the last address", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  register(kernel, 0, 0xdeadn);
  t.like(tableOf(kernel), { locks: 1, callerLocks: 1 });
  t.deepEqual(segmentOf(kernel.state, 0).callers.registered, [0xdeadn, null, null]);
});

test("registering again loads a throwaway PTE where there is none any more", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  kernel.hat_unload(0, at(0), PAGE_SIZE, false);
  register(kernel, 0);
  t.like(tableOf(kernel), { ptes: [{ kind: "throwaway" }, null, null], locks: 1 });
});

test("before an unmap callers drop exactly their locks and unload their throwaway PTEs §4.callers", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  register(kernel, 1);
  kernel.hat_devload(0, at(1), PAGE_SIZE, true);
  kernel.update_va_mapping_otherdomain(at(1), 0x100n, true, 7);
  kernel.hat_devload(0, at(2), PAGE_SIZE, true);
  t.is(tell(kernel), null);
  t.like(tableOf(kernel), { locks: 2, callerLocks: 0 });
  t.deepEqual(
    tableOf(kernel).ptes.map((pte) => pte?.kind ?? null),
    [null, "foreign", "throwaway"],
  );
});

test("callers drop their locks whatever the PTEs are", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  kernel.hat_unload(0, at(0), PAGE_SIZE, false);
  t.is(tell(kernel), null);
  t.like(tableOf(kernel), { ptes: [null, null, null], locks: 0, callerLocks: 0 });
});

test("without a registration nothing happens", (t) => {
  const kernel = kernelUnderCall();
  kernel.hat_devload(0, at(0), PAGE_SIZE, true);
  const before = tableOf(kernel);
  t.is(tell(kernel), null);
  t.is(tableOf(kernel), before);
});

test("callers that were told take their locks anew", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  register(kernel, 1);
  tell(kernel);
  register(kernel, 0);
  register(kernel, 1);
  t.like(tableOf(kernel), { locks: 2, callerLocks: 2 });
});

test("where a driver dropped the callers' lock, a DEBUG kernel panics and a release kernel goes negative", (t) => {
  const debug = kernelUnderCall({ kernel: "debug" });
  register(debug, 0);
  debug.hat_unlock(0, at(0), PAGE_SIZE);
  t.is(tell(debug), "callers: no lock to drop");
  t.is(tableOf(debug).locks, 0);

  const release = kernelUnderCall({ kernel: "release" });
  register(release, 0);
  release.hat_unlock(0, at(0), PAGE_SIZE);
  t.is(tell(release), null);
  t.is(tableOf(release).locks, -1);
});

test("a driver's lock over the callers' page is its own", (t) => {
  const kernel = kernelUnderCall();
  register(kernel, 0);
  t.is(
    panicOf(() => kernel.hat_devload(0, at(0), PAGES * PAGE_SIZE, true)),
    null,
  );
  t.like(tableOf(kernel), { locks: 4, callerLocks: 1 });
});
