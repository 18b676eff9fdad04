import test from "ava";
import { lockBalance, softlockExact, vnodeBalance } from "./counts.js";
import { EMPTY, gref, mfn, observationOf, resting, segment, state, withSegment, withTable } from "./fixture.js";

const frame = observationOf(state(segment([mfn(0x100), EMPTY])));
const mixed = observationOf(state(segment([mfn(0x100), gref(5)])));
const family = observationOf(state(segment([mfn(0x100), mfn(0x101)]), null, segment([EMPTY, EMPTY], { domid: 0 })));

test("softlock-exact holds where each frame is counted once", (t) => {
  for (const seen of [frame, mixed, family]) t.deepEqual(softlockExact.breaches(resting(seen)), []);
});

test("softlock-exact counts too few, too many, and in each segment", (t) => {
  t.deepEqual(softlockExact.breaches(resting(withSegment(mixed, 0, { softlockcnt: 0 }))), [
    "segment 0: softlockcnt is 0, but it has 1 MFN page",
  ]);
  t.deepEqual(softlockExact.breaches(resting(withSegment(frame, 0, { softlockcnt: 2 }))), [
    "segment 0: softlockcnt is 2, but it has 1 MFN page",
  ]);
  const both = withSegment(withSegment(family, 0, { softlockcnt: 1 }), 2, { softlockcnt: -1 });
  t.deepEqual(softlockExact.breaches(resting(both)), [
    "segment 0: softlockcnt is 1, but it has 2 MFN pages",
    "segment 2: softlockcnt is -1, but it has 0 MFN pages",
  ]);
});

test("lock-balance holds where frames and callers have one lock each", (t) => {
  for (const seen of [frame, mixed, family]) t.deepEqual(lockBalance.breaches(resting(seen)), []);
  t.is(mixed.pageTables[0]?.locks, 2);
});

test("lock-balance finds a lock that was lost, and one that nobody has", (t) => {
  t.deepEqual(lockBalance.breaches(resting(withTable(mixed, 0, { locks: 1 }))), [
    "segment 0: its page table has 1 lock, but there are 1 MFN page and 1 lock of callers",
  ]);
  t.deepEqual(lockBalance.breaches(resting(withTable(frame, 0, { locks: 3 }))), [
    "segment 0: its page table has 3 locks, but there are 1 MFN page and 0 locks of callers",
  ]);
  t.deepEqual(lockBalance.breaches(resting(withTable(family, 2, { locks: -1 }))), [
    "segment 2: its page table has -1 locks, but there are 0 MFN pages and 0 locks of callers",
  ]);
});

test("vnode-balance holds for live, stillborn and freed segments", (t) => {
  for (const seen of [frame, mixed, family]) t.deepEqual(vnodeBalance.breaches(resting(seen)), []);
  const stillborn = observationOf(state(segment([EMPTY, EMPTY], { domid: 0, stillborn: true })));
  t.deepEqual(stillborn.vnode, { holds: 1, mappedPages: 0 });
  t.deepEqual(vnodeBalance.breaches(resting(stillborn)), []);
});

test("vnode-balance finds a hold too few or too many, and pages counted wrongly", (t) => {
  t.deepEqual(vnodeBalance.breaches(resting({ ...family, vnode: { holds: 1, mappedPages: 4 } })), [
    "vnode: 1 hold, but 2 segments with data",
  ]);
  t.deepEqual(vnodeBalance.breaches(resting({ ...frame, vnode: { holds: 2, mappedPages: 0 } })), [
    "vnode: 2 holds, but 1 segment with data",
    "vnode: 0 pages mapped, but 1 live segment of 2 pages",
  ]);
});
