import test from "ava";
import type { KernelKind } from "../driver.js";
import type { Kernel } from "./kernel.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, outcomeOf, PAGES, panicOf, tableOf } from "./testkit.js";

const KERNELS: readonly KernelKind[] = ["debug", "release"];
const at = (page: number) => SEGMENT_BASE + page * PAGE_SIZE;
const kinds = (kernel: Kernel) => tableOf(kernel).ptes.map((pte) => pte?.kind ?? null);

/** A foreign frame at each of these pages, soft-locked. */
function lockedFrames(kernel: Kernel, ...pages: number[]): void {
  for (const page of pages) {
    kernel.hat_devload(0, at(page), PAGE_SIZE, true);
    kernel.update_va_mapping_otherdomain(at(page), 0x100n, true, 7);
  }
}

test("a new page table is empty", (t) => {
  t.deepEqual(tableOf(kernelUnderCall()), { ptes: [null, null, null], locks: 0, callerLocks: 0 });
});

test("hat_devload loads throwaway PTEs, with LOCK a lock for each §4.hat.load", (t) => {
  const kernel = kernelUnderCall();
  kernel.hat_devload(0, at(0), PAGE_SIZE, false);
  t.like(tableOf(kernel), { ptes: [{ kind: "throwaway" }, null, null], locks: 0 });
  kernel.hat_devload(0, at(1), 2 * PAGE_SIZE, true);
  t.deepEqual(kinds(kernel), ["throwaway", "throwaway", "throwaway"]);
  t.is(tableOf(kernel).locks, 2);
});

test("hat_devload over a throwaway PTE loads the same frame", (t) => {
  const kernel = kernelUnderCall();
  kernel.hat_devload(0, at(0), PAGE_SIZE, true);
  kernel.hat_devload(0, at(0), PAGE_SIZE, true);
  t.is(tableOf(kernel).locks, 2);
});

test("hat_devload over a foreign PTE panics, with LOCK after the lock was counted §4.hat.load", (t) => {
  for (const lock of [true, false]) {
    const kernel = kernelUnderCall();
    lockedFrames(kernel, 1);
    t.is(
      panicOf(() => kernel.hat_devload(0, at(0), 2 * PAGE_SIZE, lock)),
      "hat_devload: a different frame over a valid PTE",
    );
    t.deepEqual(kinds(kernel), ["throwaway", "foreign", null]);
    t.is(tableOf(kernel).locks, lock ? 3 : 1);
  }
});

test("a foreign mapping of frame 0 is another frame than the throwaway one §4.hat.load", (t) => {
  const kernel = kernelUnderCall();
  kernel.update_va_mapping_otherdomain(at(0), 0n, false, 7);
  t.is(
    panicOf(() => kernel.hat_devload(0, at(0), PAGE_SIZE, false)),
    "hat_devload: a different frame over a valid PTE",
  );
});

test("hat_unlock drops a lock for each valid PTE in its range, and leaves the PTEs §4.hat.unload", (t) => {
  const kernel = kernelUnderCall();
  lockedFrames(kernel, 0, 2);
  kernel.hat_unlock(0, at(0), 2 * PAGE_SIZE);
  t.is(tableOf(kernel).locks, 1);
  t.deepEqual(kinds(kernel), ["foreign", null, "foreign"]);
});

for (const kind of KERNELS) {
  test(`hat_unlock panics at 0 on a ${kind} kernel §4.hat.unload`, (t) => {
    const kernel = kernelUnderCall({ kernel: kind });
    lockedFrames(kernel, 0);
    kernel.hat_devload(0, at(1), PAGE_SIZE, false);
    t.is(
      panicOf(() => kernel.hat_unlock(0, at(0), 2 * PAGE_SIZE)),
      "hat_unlock: no lock to drop",
    );
    t.is(tableOf(kernel).locks, 0);
  });

  test(`hat_unload without UNLOCK invalidates what is valid and drops no lock on a ${kind} kernel`, (t) => {
    const kernel = kernelUnderCall({ kernel: kind });
    lockedFrames(kernel, 0, 1);
    kernel.hat_unload(0, at(1), 2 * PAGE_SIZE, false);
    t.deepEqual(kinds(kernel), ["foreign", null, null]);
    t.is(tableOf(kernel).locks, 2);
  });

  test(`hat_unload with UNLOCK drops a lock for each valid PTE on a ${kind} kernel §4.hat.unload`, (t) => {
    const kernel = kernelUnderCall({ kernel: kind });
    lockedFrames(kernel, 0, 2);
    kernel.hat_unload(0, at(0), PAGES * PAGE_SIZE, true);
    t.deepEqual(kinds(kernel), [null, null, null]);
    t.is(tableOf(kernel).locks, 0);
  });

  test(`hat_unload with UNLOCK asks for no lock where no PTE is valid on a ${kind} kernel`, (t) => {
    const kernel = kernelUnderCall({ kernel: kind });
    const before = tableOf(kernel);
    kernel.hat_unload(0, at(0), PAGES * PAGE_SIZE, true);
    t.is(tableOf(kernel), before);
  });
}

test("hat_unload with UNLOCK at 0 panics on a DEBUG kernel, the PTE still valid §4.hat.unload", (t) => {
  const kernel = kernelUnderCall({ kernel: "debug" });
  lockedFrames(kernel, 0);
  kernel.hat_devload(0, at(1), PAGE_SIZE, false);
  t.is(
    panicOf(() => kernel.hat_unload(0, at(0), 2 * PAGE_SIZE, true)),
    "hat_unload: no lock to drop",
  );
  t.like(tableOf(kernel), { ptes: [null, { kind: "throwaway" }, null], locks: 0 });
});

test("hat_unload with UNLOCK at 0 goes negative on a release kernel §4.hat.unload", (t) => {
  const kernel = kernelUnderCall({ kernel: "release" });
  kernel.hat_devload(0, at(1), PAGE_SIZE, false);
  kernel.hat_unload(0, at(0), 2 * PAGE_SIZE, true);
  t.deepEqual(tableOf(kernel), { ptes: [null, null, null], locks: -1, callerLocks: 0 });
});

test("segments have page tables of their own", (t) => {
  const kernel = kernelUnderCall({ segments: 2 });
  kernel.hat_devload(1, at(0), PAGE_SIZE, true);
  t.deepEqual(tableOf(kernel, 0), { ptes: [null, null, null], locks: 0, callerLocks: 0 });
  kernel.hat_devload(1, at(1), PAGE_SIZE, true);
  t.is(tableOf(kernel, 1).locks, 2);
  kernel.hat_unlock(1, at(0), PAGE_SIZE);
  kernel.hat_unload(1, at(1), PAGE_SIZE, true);
  t.like(tableOf(kernel, 1), { ptes: [{ kind: "throwaway" }, null, null], locks: 0 });
  t.deepEqual(tableOf(kernel, 0), { ptes: [null, null, null], locks: 0, callerLocks: 0 });
});

const RANGED: readonly [string, (kernel: Kernel, as: number, addr: number, len: number) => void][] = [
  ["hat_map", (kernel, as, addr, len) => kernel.hat_map(as, addr, len)],
  ["hat_devload", (kernel, as, addr, len) => kernel.hat_devload(as, addr, len, true)],
  ["hat_unlock", (kernel, as, addr, len) => kernel.hat_unlock(as, addr, len)],
  ["hat_unload", (kernel, as, addr, len) => kernel.hat_unload(as, addr, len, true)],
];

for (const [fn, call] of RANGED) {
  test(`${fn} of a range that leaves the segment panics and changes nothing`, (t) => {
    for (const [addr, len] of [
      [at(-1), PAGE_SIZE],
      [at(PAGES), PAGE_SIZE],
      [at(PAGES - 1), 2 * PAGE_SIZE],
      [at(1), -PAGE_SIZE],
    ] as const) {
      const kernel = kernelUnderCall();
      const before = tableOf(kernel);
      t.is(
        panicOf(() => call(kernel, 0, addr, len)),
        "hat: range outside the segment",
      );
      t.is(tableOf(kernel), before);
      t.is(outcomeOf(kernel).calls[0]?.fn, fn);
    }
  });

  test(`${fn} of a range that is not page-aligned panics`, (t) => {
    t.is(
      panicOf(() => call(kernelUnderCall(), 0, at(0) + 1, PAGE_SIZE)),
      "hat: range not page-aligned",
    );
    t.is(
      panicOf(() => call(kernelUnderCall(), 0, at(0), PAGE_SIZE + 8)),
      "hat: range not page-aligned",
    );
  });

  test(`${fn} in an address space that is not there panics`, (t) => {
    t.is(
      panicOf(() => call(kernelUnderCall(), 1, at(0), PAGE_SIZE)),
      "no such address space",
    );
  });

  test(`${fn} of an empty range at the end of the segment is no breach`, (t) => {
    const kernel = kernelUnderCall();
    call(kernel, 0, at(PAGES), 0);
    t.deepEqual(kinds(kernel), [null, null, null]);
  });
}

test("ranges are recorded as pages", (t) => {
  const kernel = kernelUnderCall();
  kernel.hat_map(0, at(0), PAGES * PAGE_SIZE);
  kernel.hat_devload(0, at(1), PAGE_SIZE, true);
  kernel.hat_unlock(0, at(1), PAGE_SIZE);
  kernel.hat_unload(0, at(1), 2 * PAGE_SIZE, false);
  t.deepEqual(outcomeOf(kernel).calls, [
    { fn: "hat_map", seg: 0, page: 0, count: 3 },
    { fn: "hat_devload", seg: 0, page: 1, count: 1, lock: true },
    { fn: "hat_unlock", seg: 0, page: 1, count: 1 },
    { fn: "hat_unload", seg: 0, page: 1, count: 2, unlock: false },
  ]);
});
