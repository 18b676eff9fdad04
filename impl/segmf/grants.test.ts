import test from "ava";
import { EFAULT, EINVAL } from "../kernel/services.js";
import { callTexts, create, frames, grants, register, release, Stage } from "./testkit.js";

test("a registration is written under the segment's lock and changes no page §3.add_gref_pte.record §3.locks", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.do(create());
  const outcome = stage.do(register(1));
  t.is(outcome.ret, null);
  t.deepEqual(callTexts(outcome), ["mutex_enter segment 0", "mutex_exit segment 0"]);
  t.is(stage.text(), "0 0 | . . | . t | 1");
});

test("a registration outside the segment is ignored §3.add_gref_pte.outside", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.do(create());
  const key = stage.driver.key();
  const outcome = stage.do(register(2));
  t.deepEqual({ ret: outcome.ret, panic: outcome.panic, calls: outcome.calls }, { ret: null, panic: null, calls: [] });
  t.is(stage.driver.key(), key);
});

test("a new registration counts from the next add, and leaves a live grant where it is §3.add_gref_pte.record", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.play([create()], [register(0)], [grants(0, [5])], [register(0, 0xdead000n)]);
  t.is(stage.text(), "7 0 | g5r#1@9000 . | g5#1.7r . | 1");
  t.is(stage.do(release(0, 1)).ret, 0);
  t.is(stage.grants(), "");
  const outcome = stage.do(grants(0, [5]));
  t.is(outcome.ret, EFAULT);
  t.true(callTexts(outcome).includes("map_grant_ref 0 [dead000 7 5 false -5 null] 0"));
});

test("a page registered at address 0 is registered", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [register(0, 0n)]);
  t.is(stage.do(grants(0, [5])).ret, EFAULT);
});

test("a registration of a page that holds a frame leaves the frame on record", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [frames(0, 1)], [register(0)]);
  t.is(stage.text(), "7 1 | m100 | f100.7w | 2");
});

test("grants are mapped in one hypercall at the registered addresses", (t) => {
  const stage = new Stage({ pages: 3 });
  stage.play([create("r")], [register(1)], [register(2)]);
  const outcome = stage.do(grants(1, [5, 6], { writable: true }));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "map_grant_ref 0 [9008 7 5 true 0 1, 9010 7 6 true 0 2] 0",
    "mutex_exit segment 0",
  ]);
  t.is(stage.text(), "7 0 | . g5w#1@9008 g6w#2@9010 | . g5#1.7w g6#2.7w | 2");
});

test("a grant is read-only unless the flags say otherwise, whatever the segment's protections §3.adds.success", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create("rwx")], [register(0)], [grants(0, [5])]);
  t.is(stage.text(), "7 0 | g5r#1@9000 | g5#1.7r | 1");
});

test("if one grant is refused those that were mapped are unmapped §3.adds.all-or-nothing", (t) => {
  const stage = new Stage();
  stage.play([create()], [register(1)], [register(2)], [register(3)]);
  const outcome = stage.do(grants(1, [5, 6, 7]), 0, 0, -1, 0);
  t.is(outcome.ret, EFAULT);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "map_grant_ref 0 [9008 7 5 false 0 1, 9010 7 6 false -1 null, 9018 7 7 false 0 2] 0",
    "unmap_grant_ref 0 [9008 1 0, 9018 2 0] 0",
    "mutex_exit segment 0",
  ]);
  t.is(stage.text(), "7 0 | . . . . | . . t . | 3");
  t.is(stage.grants(), "");
});

test("if the hypercall fails nothing is unmapped, for nothing was mapped", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [register(0)]);
  const outcome = stage.do(grants(0, [5]), -38);
  t.is(outcome.ret, EFAULT);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "map_grant_ref 0 [9000 7 5 false null null] -38",
    "mutex_exit segment 0",
  ]);
  t.is(stage.text(), "7 0 | . | t | 1");
});

test("no page outside the range is touched when a grant is refused §3.adds.all-or-nothing", (t) => {
  const stage = new Stage({ pages: 3 });
  stage.play([create()], [register(1)], [register(2)], [frames(0, 1)], [grants(1, [5])]);
  t.is(stage.do(grants(2, [6]), 0, -1).ret, EFAULT);
  t.is(stage.text(), "7 1 | m100 g5r#1@9008 . | f100.7w g5#1.7r t | 3");
});

test("after a failed add the registration is still there", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [register(0)], [grants(0, [5]), 0, -1]);
  t.is(stage.do(grants(0, [5])).ret, 0);
  t.is(stage.text(), "7 0 | g5r#1@9000 | g5#1.7r | 1");
});

test("what the range held is torn down before grants are mapped §3.adds.teardown", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.play([create()], [register(0)], [register(1)], [frames(0, 1)], [grants(1, [5])]);
  const outcome = stage.do(grants(0, [6, 7]));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    "mutex_enter segment 0",
    "unmap_grant_ref 0 [9008 1 0] 0",
    "hat_unload 0 0 1 true",
    "mutex_enter freemem_lock",
    "mutex_exit freemem_lock",
    "as_isunmapwait 0 false",
    "map_grant_ref 0 [9000 7 6 false 0 2, 9008 7 7 false 0 3] 0",
    "mutex_exit segment 0",
  ]);
  t.is(stage.text(), "7 0 | g6r#2@9000 g7r#3@9008 | g6#2.7r g7#3.7r | 2");
});

test("many grants are torn down in batches of as many as a hypercall may have", (t) => {
  const stage = new Stage({ pages: 5, maxGrefs: 2 });
  stage.do(create());
  for (const page of [0, 1, 3, 4]) stage.play([register(page)], [grants(page, [page])]);
  const outcome = stage.do(frames(0, 5));
  const unmaps = callTexts(outcome).filter((text) => text.startsWith("unmap_grant_ref"));
  t.deepEqual(unmaps, ["unmap_grant_ref 0 [9000 1 0, 9008 2 0] 0", "unmap_grant_ref 0 [9018 3 0, 9020 4 0] 0"]);
  t.is(outcome.ret, 0);
});

test("16 grants are few enough, 17 too many", (t) => {
  const stage = new Stage({ pages: 17 });
  stage.do(create());
  for (let page = 0; page < 17; page++) stage.do(register(page));
  const refs = Array.from({ length: 17 }, (_, index) => index);
  t.is(stage.do(grants(0, refs)).ret, EFAULT);
  t.is(stage.driver.observe().segments[0]?.domid, 0);
  t.is(stage.do(grants(0, refs.slice(1))).ret, 0);
  t.is(stage.do(release(0, 17)).ret, -1);
  t.is(stage.do(release(1, 16)).ret, 0);
  t.is(stage.do(grants(0, refs, { domid: 9 })).ret, EFAULT);
  t.is(stage.do(grants(1, refs)).ret, EINVAL);
});
