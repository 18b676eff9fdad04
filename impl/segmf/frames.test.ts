import test from "ava";
import { EFAULT } from "../kernel/services.js";
import { callTexts, create, frames, grants, register, Stage, waiting } from "./testkit.js";

const LOCK = ["mutex_enter segment 0"];
const UNLOCK = ["mutex_exit segment 0"];
const COUNT = ["mutex_enter freemem_lock", "mutex_exit freemem_lock"];
const LOOK_FOR_WAITERS = ["as_isunmapwait 0 false"];
const WAKE = [
  "as_isunmapwait 0 true",
  "mutex_enter a_contents 0",
  "as_isunmapwait 0 true",
  "as_clrunmapwait 0",
  "cv_broadcast 0",
  "mutex_exit a_contents 0",
];

test("frames are counted, loaded and soft-locked in order §3.adds.success", (t) => {
  const stage = new Stage();
  stage.do(create());
  const outcome = stage.do(frames(1, 2));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome), [
    ...LOCK,
    ...COUNT,
    "hat_devload 0 1 1 true",
    "update_va_mapping_otherdomain 0 1 101 7 true 0",
    ...COUNT,
    "hat_devload 0 2 1 true",
    "update_va_mapping_otherdomain 0 2 102 7 true 0",
    ...UNLOCK,
  ]);
  t.is(stage.text(), "7 2 | . m101 m102 . | . f101.7w f102.7w . | 2");
});

test("a frame is writable only if the segment is §3.adds.success", (t) => {
  for (const [prot, pte] of [
    ["r", "f100.7r"],
    ["x", "f100.7r"],
    ["rx", "f100.7r"],
    ["w", "f100.7w"],
    ["rwx", "f100.7w"],
  ] as const) {
    const stage = new Stage({ pages: 1 });
    stage.play([create(prot)], [frames(0, 1)]);
    t.is(stage.text(), `7 1 | m100 | ${pte} | 1`);
  }
});

test("a frame number may be as large as a machine word holds", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.play([create()], [frames(0, 2, { mfn: 2 ** 52 - 2 })]);
  t.is(stage.text(), "7 2 | mffffffffffffe mfffffffffffff | fffffffffffffe.7w ffffffffffffff.7w | 2");
});

test("a refused frame takes those before it with it §3.adds.all-or-nothing", (t) => {
  const stage = new Stage();
  stage.do(create());
  const outcome = stage.do(frames(0, 4), 0, 0, -22);
  t.is(outcome.ret, EFAULT);
  t.deepEqual(callTexts(outcome).slice(-10), [
    "hat_devload 0 2 1 true",
    "update_va_mapping_otherdomain 0 2 102 7 true -22",
    ...COUNT,
    "hat_unload 0 2 1 true",
    "hat_unload 0 0 2 true",
    ...COUNT,
    ...LOOK_FOR_WAITERS,
    ...UNLOCK,
  ]);
  t.is(stage.text(), "7 0 | . . . . | . . . . | 0");
});

test("no page outside the range is touched when a frame is refused §3.adds.all-or-nothing", (t) => {
  const stage = new Stage();
  stage.play([create()], [register(3)], [frames(0, 1)], [grants(3, [5])]);
  t.is(stage.do(frames(1, 2), 0, -22).ret, EFAULT);
  t.is(stage.text(), "7 1 | m100 . . g5r#1@9018 | f100.7w . . g5#1.7r | 2");
});

test("what the range held is torn down before frames are mapped §3.adds.teardown", (t) => {
  const stage = new Stage();
  stage.play([create()], [register(2)], [frames(0, 2)], [grants(2, [5])]);
  const outcome = stage.do(frames(0, 4, { mfn: 0x200 }));
  t.is(outcome.ret, 0);
  t.deepEqual(callTexts(outcome).slice(0, 7), [
    ...LOCK,
    "unmap_grant_ref 0 [9010 1 0] 0",
    "hat_unload 0 0 2 true",
    ...COUNT,
    ...LOOK_FOR_WAITERS,
    COUNT[0] ?? "",
  ]);
  t.is(stage.text(), "7 4 | m200 m201 m202 m203 | f200.7w f201.7w f202.7w f203.7w | 5");
  t.is(stage.grants(), "");
});

test("frames in runs are unloaded a run at a time", (t) => {
  const stage = new Stage({ pages: 5 });
  stage.play([create()], [frames(0, 1)], [frames(2, 2)]);
  const unloads = callTexts(stage.do(frames(0, 5))).filter((text) => text.startsWith("hat_unload"));
  t.deepEqual(unloads, ["hat_unload 0 0 1 true", "hat_unload 0 2 2 true"]);
});

test("a registration outlives a frame §3.add_gref_pte.record", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [register(0)], [frames(0, 1)]);
  t.is(stage.do(grants(0, [5])).ret, 0);
  t.is(stage.text(), "7 0 | g5r#1@9000 | g5#1.7r | 1");
});

test("waiters are woken when redefinition lets the count fall to 0, though it rises again §3.wake", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.play([create()], [frames(0, 1)]);
  const outcome = stage.do(waiting(frames(0, 1, { mfn: 0x200 })));
  t.deepEqual(callTexts(outcome).slice(0, 10), [...LOCK, "hat_unload 0 0 1 true", ...COUNT, ...WAKE]);
  t.deepEqual(stage.driver.observe().waiting, [false]);
});

test("waiters are woken when the only soft lock was that of a refused frame", (t) => {
  const stage = new Stage({ pages: 1 });
  stage.do(create());
  const outcome = stage.do(waiting(frames(0, 1)), -22);
  t.deepEqual(callTexts(outcome).slice(-8), ["hat_unload 0 0 1 true", ...WAKE, ...UNLOCK]);
  t.deepEqual(stage.driver.observe().waiting, [false]);
});

test("waiters are woken when a rollback gives back the last soft lock §3.wake", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.do(create());
  stage.do(waiting(frames(0, 2)), 0, -22);
  t.deepEqual(stage.driver.observe().waiting, [false]);
});

test("waiters sleep on while another page is soft-locked", (t) => {
  const stage = new Stage({ pages: 2 });
  stage.play([create()], [frames(0, 1)]);
  const outcome = stage.do(waiting(frames(1, 1)), -22);
  t.false(callTexts(outcome).some((text) => text.startsWith("as_isunmapwait")));
  t.deepEqual(stage.driver.observe().waiting, [true]);
});
