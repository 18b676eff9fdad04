import test from "ava";
import type { Call, LockName, Observation } from "../../impl/driver.js";
import {
  A_CONTENTS,
  EMPTY,
  FREEMEM_LOCK,
  judged,
  mfn,
  observationOf,
  SEGMENT_LOCK,
  type Step,
  segment,
  state,
  withRecord,
  withSegment,
} from "./fixture.js";
import { lockDiscipline } from "./locks.js";

const add: Call = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 0x100, domid: 7 };
const unmap: Call = { call: "unmap", seg: 0, addr: 0, len: 0x2000 };
const empty = observationOf(state(segment([EMPTY, EMPTY])));
const recorded = withRecord(empty, 0, 0, { type: "mfn", mfn: 0x100n });
const counted = withSegment(recorded, 0, { softlockcnt: 1 });
const gone = withSegment(empty, 0, null);

const entering = ({ lock, seg }: LockName, seen: Observation, ...held: LockName[]): Step => [
  seg === null ? { fn: "mutex_enter", lock } : { fn: "mutex_enter", lock, seg },
  seen,
  ...held,
];
const leaving = ({ lock, seg }: LockName, seen: Observation, ...held: LockName[]): Step => [
  seg === null ? { fn: "mutex_exit", lock } : { fn: "mutex_exit", lock, seg },
  seen,
  ...held,
];
const entry = (fn: string, seen: Observation, ...held: LockName[]): Step => [{ fn, seg: 0 }, seen, ...held];
const breaches = (steps: readonly Step[], after: Observation, call: Call = add, before = empty, panic?: string) =>
  lockDiscipline.breaches(
    judged({ call, before, after, steps, expectation: null, ...(panic === undefined ? {} : { panic }) }),
  );

test("lock-discipline holds for an add that does as it should", (t) => {
  const steps = [
    entering(SEGMENT_LOCK, empty),
    entering(FREEMEM_LOCK, recorded, SEGMENT_LOCK),
    leaving(FREEMEM_LOCK, counted, SEGMENT_LOCK, FREEMEM_LOCK),
    entering(A_CONTENTS, counted, SEGMENT_LOCK),
    leaving(A_CONTENTS, counted, SEGMENT_LOCK, A_CONTENTS),
    leaving(SEGMENT_LOCK, counted, SEGMENT_LOCK),
  ];
  t.deepEqual(breaches(steps, counted), []);
});

test("lock-discipline holds where nothing changes but identities", (t) => {
  t.deepEqual(breaches([entry("hat_unload", structuredClone(empty))], structuredClone(empty)), []);
});

test("lock-discipline: locks in another order §3.locks", (t) => {
  const says = (entered: string, held: string) => [`${entered} is entered while ${held} is held (kernel call 0)`];
  const segmentLock = "the lock of segment 0";
  const contents = "a_contents of segment 0";
  t.deepEqual(breaches([entering(SEGMENT_LOCK, empty, FREEMEM_LOCK)], empty), says(segmentLock, "freemem_lock"));
  t.deepEqual(breaches([entering(SEGMENT_LOCK, empty, A_CONTENTS)], empty), says(segmentLock, contents));
  t.deepEqual(breaches([entering(A_CONTENTS, empty, FREEMEM_LOCK)], empty), says(contents, "freemem_lock"));
  t.deepEqual(breaches([entering(FREEMEM_LOCK, empty, A_CONTENTS)], empty), says("freemem_lock", contents));
  t.deepEqual(
    breaches([entering(A_CONTENTS, empty, SEGMENT_LOCK, FREEMEM_LOCK)], empty),
    says(contents, "freemem_lock"),
  );
});

test("lock-discipline: one segment's lock inside another's is in order", (t) => {
  t.deepEqual(breaches([entering({ lock: "segment", seg: 1 }, empty, SEGMENT_LOCK)], empty), []);
});

test("lock-discipline: the map changes without the segment's lock §3.locks", (t) => {
  t.deepEqual(breaches([entry("hat_devload", recorded)], recorded), [
    "segment 0: its map changed without its lock, on entry to hat_devload (kernel call 0)",
  ]);
  t.deepEqual(breaches([entering(SEGMENT_LOCK, empty), leaving(SEGMENT_LOCK, empty, SEGMENT_LOCK)], recorded), [
    "segment 0: its map changed without its lock",
  ]);
  t.deepEqual(breaches([entry("hat_devload", recorded, { lock: "segment", seg: 1 }, FREEMEM_LOCK)], recorded), [
    "segment 0: its map changed without its lock, on entry to hat_devload (kernel call 0)",
  ]);
});

test("lock-discipline: a change made before the lock was there, or after it went", (t) => {
  t.deepEqual(breaches([entering(SEGMENT_LOCK, recorded)], recorded), [
    "segment 0: its map changed without its lock, on entry to mutex_enter (kernel call 0)",
  ]);
  t.deepEqual(breaches([leaving(SEGMENT_LOCK, empty, SEGMENT_LOCK), entry("hat_unload", recorded)], recorded), [
    "segment 0: its map changed without its lock, on entry to hat_unload (kernel call 1)",
  ]);
});

test("lock-discipline: softlockcnt changes without freemem_lock §3.locks", (t) => {
  const lowered = withSegment(empty, 0, { softlockcnt: -1 });
  t.deepEqual(breaches([entry("hat_unload", lowered, SEGMENT_LOCK)], lowered), [
    "segment 0: softlockcnt went from 0 to -1 without freemem_lock, on entry to hat_unload (kernel call 0)",
  ]);
  t.deepEqual(breaches([entry("hat_unload", lowered, FREEMEM_LOCK)], lowered), []);
});

test("lock-discipline: a lock that is kept §3.locks", (t) => {
  const kept = { ...empty, heldLocks: [SEGMENT_LOCK, FREEMEM_LOCK] };
  t.deepEqual(breaches([], kept), [
    "the lock of segment 0 is still held on return",
    "freemem_lock is still held on return",
  ]);
  t.deepEqual(breaches([], kept, add, empty, "assertion failed"), [], "after a panic the call is under way");
});

test("lock-discipline: changes before a panic count", (t) => {
  t.deepEqual(breaches([], recorded, add, empty, "assertion failed"), [
    "segment 0: its map changed without its lock, at the panic",
  ]);
});

test("lock-discipline: what create and dup are still making needs no lock, their elders do", (t) => {
  const parent = observationOf(state(segment([mfn(0x100), EMPTY])));
  const both = observationOf(state(segment([mfn(0x100), EMPTY]), segment([EMPTY, EMPTY])));
  const child = withSegment(withRecord(both, 1, 0, { type: "mfn", mfn: 0x100n }), 1, { softlockcnt: 1 });
  const calls: Call[] = [
    { call: "dup", seg: 0, into: 1 },
    { call: "create", seg: 1, prot: "rw", maxprot: "rwx" },
  ];
  for (const call of calls) {
    t.deepEqual(breaches([entry("hat_map", both), entry("vop_addmap", child)], both, call, parent), []);
    t.deepEqual(breaches([entry("vop_addmap", withRecord(both, 0, 0, { type: "empty" }))], both, call, parent), [
      "segment 0: its map changed without its lock, on entry to vop_addmap (kernel call 0)",
      "segment 0: its map changed without its lock",
    ]);
  }
});

test("lock-discipline: a segment is live until the kernel begins to free it", (t) => {
  t.deepEqual(breaches([entry("seg_free", empty), entry("kmem_free", counted)], gone, unmap), []);
  t.deepEqual(breaches([entry("vop_delmap", counted), entry("seg_free", counted)], gone, unmap), [
    "segment 0: its map changed without its lock, on entry to vop_delmap (kernel call 0)",
    "segment 0: softlockcnt went from 0 to 1 without freemem_lock, on entry to vop_delmap (kernel call 0)",
  ]);
});

test("lock-discipline: a change before the kernel begins to free the segment counts", (t) => {
  t.deepEqual(breaches([entry("vop_delmap", empty), entry("seg_free", recorded)], gone, unmap), [
    "segment 0: its map changed without its lock, on entry to seg_free (kernel call 1)",
  ]);
});

test("lock-discipline: a stillborn segment is nobody else's", (t) => {
  const stillborn = withSegment(empty, 0, { stillborn: true });
  const changed = withSegment(recorded, 0, { stillborn: true });
  t.deepEqual(
    breaches([entry("kmem_free", changed)], changed, { call: "getprot", seg: 0, page: 0, count: 1 }, stillborn),
    [],
  );
});
