import test from "ava";
import type { Call, Observation } from "../../impl/driver.js";
import { EMPTY, judged, mfn, observationOf, type Step, segment, state, withSegment } from "./fixture.js";
import { wake } from "./wake.js";

const add: Call = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 0x100, domid: 7 };
const unmap: Call = { call: "unmap", seg: 0, addr: 0, len: 0x2000 };
const rested = observationOf(state(segment([mfn(0x100), EMPTY])));
const locked: Observation = { ...rested, waiting: [true] };
const fallen: Observation = { ...observationOf(state(segment([EMPTY, EMPTY]))), waiting: [true] };
const woken: Observation = { ...fallen, waiting: [false] };
const gone: Observation = { ...observationOf(state(null)), waiting: [false] };

const at = (fn: string, seen: Observation, seg = 0): Step => [{ fn, seg }, seen];
const told = (steps: readonly Step[], after: Observation, call: Call = add, before = locked) =>
  judged({ call, before, after, steps, expectation: null });
const breaches = (...args: Parameters<typeof told>) => wake.breaches(told(...args));

const NOT_WOKEN = "segment 0: softlockcnt fell to 0, but those who wait for its address space were not woken";

test("wake concerns calls while somebody waits", (t) => {
  t.true(wake.concerns(told([], locked)));
  t.true(wake.concerns(told([], rested, { ...add, waiting: true }, rested)));
  t.false(wake.concerns(told([], rested, add, rested)));
});

test("wake holds where waiters are woken after the fall", (t) => {
  t.deepEqual(breaches([at("hat_unlock", locked), at("cv_broadcast", fallen)], woken), []);
  t.deepEqual(breaches([at("cv_broadcast", fallen)], woken, { ...add, waiting: true }, rested), []);
});

test("wake holds where nothing falls, or nobody waits", (t) => {
  t.deepEqual(breaches([at("hat_unload", locked)], locked), []);
  t.deepEqual(breaches([at("hat_unload", fallen)], fallen, add, fallen), []);
  t.deepEqual(breaches([at("hat_unload", woken)], woken, add, rested), []);
  const two: Observation = { ...observationOf(state(segment([mfn(0x100), mfn(0x101)]))), waiting: [true] };
  t.deepEqual(breaches([at("hat_unload", locked)], locked, add, two), []);
});

test("wake: nobody is woken, or the waiters of another address space §3.wake", (t) => {
  t.deepEqual(breaches([at("hat_unload", fallen)], fallen), [NOT_WOKEN]);
  t.deepEqual(breaches([at("cv_broadcast", fallen, 1)], fallen), [NOT_WOKEN]);
  t.deepEqual(breaches([at("hat_unload", woken)], woken, { ...add, waiting: true }, rested), [NOT_WOKEN]);
});

test("wake: the flag is cleared, but nobody is told", (t) => {
  t.deepEqual(breaches([at("as_clrunmapwait", fallen)], woken), [NOT_WOKEN]);
});

test("wake: woken before the fall", (t) => {
  t.deepEqual(breaches([at("cv_broadcast", locked), at("hat_unload", { ...fallen, waiting: [false] })], woken), [
    NOT_WOKEN,
  ]);
});

test("wake: woken, but the flag was left set", (t) => {
  t.deepEqual(breaches([at("cv_broadcast", fallen)], fallen), [
    "segment 0: softlockcnt fell to 0 and its waiters were woken, but they sleep on, since the flag is set",
  ]);
});

test("wake: a fall counts if softlockcnt rises again", (t) => {
  const steps = (fn: string) => [at("hat_unlock", locked), at(fn, fallen), at("hat_devload", locked)];
  t.deepEqual(breaches(steps("hat_unload"), locked), [NOT_WOKEN]);
  t.deepEqual(breaches(steps("cv_broadcast"), rested), []);
  t.deepEqual(breaches([...steps("hat_unload"), at("cv_broadcast", locked)], rested), []);
});

test("wake: a fall below 0 is a fall", (t) => {
  const below = withSegment(fallen, 0, { softlockcnt: -1 });
  t.deepEqual(breaches([at("hat_unload", below)], below), [NOT_WOKEN]);
});

test("wake: the end of a segment that has soft locks", (t) => {
  const ended = "segment 0: it ended with softlockcnt 1, but those who wait for its address space were not woken";
  t.deepEqual(breaches([at("hat_unload", locked), at("seg_free", locked)], { ...gone, waiting: [true] }, unmap), [
    ended,
  ]);
  t.deepEqual(breaches([at("cv_broadcast", locked), at("seg_free", locked)], gone, unmap), []);
  t.deepEqual(breaches([at("seg_free", locked), at("cv_broadcast", gone)], gone, unmap), []);
  // What the count reads while the segment is freed is no fall.
  t.deepEqual(breaches([at("seg_free", locked), at("kmem_free", fallen)], { ...gone, waiting: [true] }, unmap), [
    ended,
  ]);
});

test("wake: a fall just before the segment ends is a fall", (t) => {
  t.deepEqual(breaches([at("cv_broadcast", locked), at("seg_free", fallen)], gone, unmap), [NOT_WOKEN]);
  t.deepEqual(breaches([at("seg_free", fallen), at("cv_broadcast", gone)], gone, unmap), []);
});

test("wake: the end of a segment without soft locks wakes nobody", (t) => {
  t.deepEqual(breaches([at("seg_free", fallen)], { ...gone, waiting: [true] }, unmap, fallen), []);
});

test("wake: each address space by itself", (t) => {
  const pages = [mfn(0x100), EMPTY];
  const both: Observation = { ...observationOf(state(segment(pages), segment(pages))), waiting: [false, true] };
  const first = withSegment(both, 0, { softlockcnt: 0 });
  const second = withSegment(both, 1, { softlockcnt: 0 });
  t.deepEqual(breaches([at("hat_unload", first)], first, add, both), []);
  t.deepEqual(breaches([at("hat_unload", second)], second, { ...add, seg: 1 }, both), [
    "segment 1: softlockcnt fell to 0, but those who wait for its address space were not woken",
  ]);
});
