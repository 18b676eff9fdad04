import test from "ava";
import type { Call } from "../driver.js";
import { PanicReason } from "../kernel/panic.js";
import { ENOTSUP } from "../kernel/services.js";
import { callTexts, create, dup, frames, grants, register, Stage, unmap, waiting } from "./testkit.js";

test("create makes an empty, unbound segment §3.create.live", (t) => {
  const stage = new Stage({ pages: 2 });
  const outcome = stage.do(create("r"));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "hat_map 0 0 2",
    "kmem_zalloc 48 1",
    "mutex_init segment 0",
    "specfind",
    "kmem_alloc 96 2",
    "vop_addmap 0 0 2 r rwx 0",
  ]);
  t.is(stage.text(), "0 0 | . . | . . | 0");
  const { vnode, memory } = stage.driver.observe();
  t.deepEqual({ vnode, memory }, { vnode: { holds: 1, mappedPages: 2 }, memory: { blocks: 2 } });
});

test("a create that fails leaves a stillborn segment, which free ends §3.create.stillborn §3.free", (t) => {
  const stage = new Stage({ pages: 2 });
  const outcome = stage.do(create(), 12);
  t.is(outcome.ret, 12);
  t.deepEqual(callTexts(outcome).slice(-2), ["vop_addmap 0 0 2 rw rwx 12", "hat_unload 0 0 2 false"]);
  t.is(stage.text(), "stillborn 0 0 | . . | . . | 0");
  const freed = stage.do({ call: "free", seg: 0 });
  t.deepEqual(callTexts(freed), ["kmem_free 2 96", "vn_rele", "mutex_destroy segment 0", "kmem_free 1 48"]);
  t.is(freed.ret, null);
  assertNothingLeft(t, stage);
});

test("a fork has the parent's domain and none of its pages §3.dup.child", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.play([create("r")], [register(0)], [grants(0, [5])], [frames(1, 1)]);
  const parent = stage.text();
  const outcome = stage.do(dup());
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "kmem_zalloc 48 3",
    "mutex_init segment 1",
    "vn_hold",
    "kmem_alloc 96 4",
    "vop_addmap 1 0 2 r rwx 0",
  ]);
  t.is(stage.text(1), "7 0 | . . | . . | 0");
  t.is(stage.text(0), parent);
  t.is(stage.do(grants(0, [5], { seg: 1 })).ret, 22, "no registration is inherited");
  t.is(stage.do(frames(0, 1, { seg: 1, domid: 9 })).ret, 22, "the domain is");
  t.is(stage.do(frames(0, 1, { seg: 1 })).ret, 0);
  t.is(stage.text(1), "7 1 | m100 . | f100.7r . | 1");
  t.is(stage.text(0), parent);
});

test("a fork that fails leaves a stillborn child §3.dup.stillborn", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.do(create());
  const outcome = stage.do(dup(), 12);
  t.is(outcome.ret, 12);
  t.is(callTexts(outcome).at(-1), "vop_addmap 1 0 1 rw rwx 12");
  t.is(stage.text(1), "stillborn 0 0 | . | . | 0");
  stage.play([{ call: "free", seg: 1 }], [unmap(1)]);
  assertNothingLeft(t, stage);
});

test("unmap takes everything out, then frees §3.unmap.whole §3.free", (t) => {
  const stage = new Stage({ maxGrefs: 1 });
  stage.play([create()], [register(0)], [register(3)], [frames(1, 2)], [grants(0, [5])], [grants(3, [6])]);
  const outcome = stage.do(waiting(unmap(4)));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "unmap_grant_ref 0 [9000 1 0] 0",
    "unmap_grant_ref 0 [9018 2 0] 0",
    "hat_unload 0 1 2 true",
    "hat_unload 0 0 4 false",
    "mutex_exit segment 0",
    "mutex_enter freemem_lock",
    "mutex_exit freemem_lock",
    "as_isunmapwait 0 true",
    "mutex_enter a_contents 0",
    "as_isunmapwait 0 true",
    "as_clrunmapwait 0",
    "cv_broadcast 0",
    "mutex_exit a_contents 0",
    "vop_delmap 0 0 4 rw rwx 0",
    "seg_free 0",
    "kmem_free 2 192",
    "vn_rele",
    "mutex_destroy segment 0",
    "kmem_free 1 48",
  ]);
  assertNothingLeft(t, stage);
  t.deepEqual(stage.driver.observe().waiting, [false]);
});

test("unmap of a segment without soft locks does not touch freemem_lock", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.do(create());
  t.false(callTexts(stage.do(unmap(1))).some((text) => text.includes("freemem_lock") || text.includes("unmapwait")));
});

test("unmap of a part is refused and changes nothing §3.unmap.part", (t) => {
  const stage = new Stage();
  stage.play([create()], [register(0)], [frames(1, 2)]);
  const key = stage.driver.key();
  for (const call of [unmap(3), unmap(3, 0, 1), unmap(0), unmap(0, 0, 4), unmap(1, 0, 3)]) {
    const outcome = stage.do(call);
    t.is(outcome.ret, ENOTSUP);
    t.deepEqual(outcome.calls, []);
  }
  t.is(stage.driver.key(), key);
});

test("unmap of a bad range is a panic §3.unmap.bad-range", (t) => {
  const bytes = (addr: number, len: number): Call => ({ call: "unmap", seg: 0, addr, len });
  for (const call of [unmap(5), unmap(4, 0, 1), unmap(0, 0, 5), bytes(1, 4095), bytes(0, 4095), bytes(1, 4096)]) {
    const stage = new Stage();
    stage.do(create());
    t.is(stage.do(call).panic, PanicReason.driver);
  }
});

function assertNothingLeft(t: { deepEqual(actual: unknown, expected: unknown): unknown }, stage: Stage): void {
  const { segments, pageTables, grants: live, vnode, memory, heldLocks } = stage.driver.observe();
  const tables = pageTables.map(({ ptes, locks, callerLocks }) => ({
    valid: ptes.filter(Boolean),
    locks,
    callerLocks,
  }));
  t.deepEqual(
    { segments: segments.filter(Boolean), live, vnode, memory, heldLocks },
    { segments: [], live: [], vnode: { holds: 0, mappedPages: 0 }, memory: { blocks: 0 }, heldLocks: [] },
  );
  t.deepEqual(
    tables,
    pageTables.map(() => ({ valid: [], locks: 0, callerLocks: 0 })),
  );
}
