import test from "ava";
import type { Call, Observation } from "../../impl/driver.js";
import type { Verdict } from "../expectation.js";
import {
  EMPTY,
  gref,
  judged,
  mfn,
  observationOf,
  SEGMENT_LOCK,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
  withTable,
} from "./fixture.js";
import { forkIsolation, refusalIsPure } from "./purity.js";

const before = observationOf(state(segment([mfn(0x100), gref(5)])));
const family = observationOf(state(segment([mfn(0x100), gref(5)]), segment([EMPTY, gref(6)])));
const fault: Call = { call: "fault", seg: 0, page: 0, count: 1, type: "invalid", rw: "read" };
const told = (call: Call, from: Observation, after: Observation, verdict: Verdict = "refused") =>
  judged({ call, before: from, after, expectation: { verdict, ret: 14, after: state() } });
const refused = (after: Observation) => refusalIsPure.breaches(told(fault, before, after));

test("refusal-is-pure concerns refusals", (t) => {
  t.true(refusalIsPure.concerns(told(fault, before, before)));
  t.false(refusalIsPure.concerns(told(fault, before, before, "failed")));
  t.false(refusalIsPure.concerns(judged({ call: fault, before, expectation: null })));
});

test("refusal-is-pure holds where nothing changes, by value", (t) => {
  t.deepEqual(refused(before), []);
  t.deepEqual(refused(structuredClone(before)), []);
});

test("refusal-is-pure: who waits and what is held is not its business", (t) => {
  t.deepEqual(refused({ ...before, waiting: [true], heldLocks: [SEGMENT_LOCK] }), []);
});

test("refusal-is-pure: the driver's record", (t) => {
  t.deepEqual(refused(withSegment(before, 0, { domid: 9, softlockcnt: 0 })), [
    "segment 0: domid went from 7 to 9",
    "segment 0: softlockcnt went from 1 to 0",
  ]);
  t.deepEqual(refused(withRecord(before, 0, 0, { type: "empty" })), [
    "segment 0, page 0: MFN 0x100 in the map became EMPTY",
  ]);
  const moved = { type: "gref", gref: 5, writable: false, mapped: true, handle: 1, pte_ma: 0x9010n } as const;
  t.is(refused(withRecord(before, 0, 1, moved)).length, 1);
  t.deepEqual(refused(withSegment(before, 0, { stillborn: true, prot: "r", maxprot: "r" })), [
    "segment 0: it is stillborn",
    "segment 0: prot went from rw to r",
    "segment 0: maxprot went from rwx to r",
  ]);
});

test("refusal-is-pure: the page table, a throwaway PTE included", (t) => {
  t.deepEqual(refused(withTable(before, 0, { locks: 1 })), [
    "segment 0: the count of page-table locks went from 2 to 1",
  ]);
  t.deepEqual(refused(withPte(before, 0, 0, { kind: "throwaway" })), [
    "segment 0, page 0: its PTE mapped frame 0x100 of domain 7, writable, and now maps the throwaway page",
  ]);
  const unregistered = observationOf(state(segment([EMPTY, EMPTY])));
  t.deepEqual(refusalIsPure.breaches(told(fault, unregistered, withPte(unregistered, 0, 1, { kind: "throwaway" }))), [
    "segment 0, page 1: its PTE mapped nothing, and now maps the throwaway page",
  ]);
});

test("refusal-is-pure: grants, the vnode and memory", (t) => {
  t.deepEqual(refused({ ...before, grants: [] }), ["segment 0, page 1: grant 1 (ref 5 of domain 7) was unmapped"]);
  const [grant] = before.grants;
  t.truthy(grant);
  if (grant === undefined) return;
  t.deepEqual(refused({ ...before, grants: [grant, { ...grant, handle: 2, page: 0 }] }), [
    "segment 0, page 0: grant 2 (ref 5 of domain 7) was mapped",
  ]);
  t.deepEqual(refused({ ...before, grants: [{ ...grant, gref: 6 }] }), [
    "segment 0, page 1: grant 1 (ref 5 of domain 7) was replaced by another",
  ]);
  t.deepEqual(refused({ ...before, vnode: { holds: 2, mappedPages: 0 }, memory: { blocks: 3 } }), [
    "vnode: holds went from 1 to 2",
    "vnode: mapped pages went from 2 to 0",
    "memory: blocks went from 2 to 3",
  ]);
});

test("refusal-is-pure: a segment that ends, or comes to be", (t) => {
  t.deepEqual(refused(withSegment(before, 0, null)), ["segment 0: it ended"]);
  t.deepEqual(refusalIsPure.breaches(told(fault, withSegment(before, 0, null), before)), ["segment 0: it came to be"]);
});

const release: Call = { call: "release_grefs", seg: 0, page: 1, count: 1 };
const dup: Call = { call: "dup", seg: 0, into: 1 };
const isolation = (call: Call, from: Observation, after: Observation) =>
  forkIsolation.breaches(told(call, from, after, "succeeded"));

test("fork-isolation concerns calls with other segments about", (t) => {
  t.true(forkIsolation.concerns(told(release, family, family)));
  t.true(forkIsolation.concerns(told(dup, before, family)));
  t.false(forkIsolation.concerns(told(release, before, before)));
});

test("fork-isolation holds where a call changes its own segment only", (t) => {
  const released = withPte(withRecord(family, 0, 1, { type: "empty" }), 0, 1, null);
  t.deepEqual(isolation(release, family, { ...released, grants: family.grants.slice(1) }), []);
  t.deepEqual(isolation(dup, before, { ...family, grants: before.grants }), []);
  t.deepEqual(isolation({ call: "unmap", seg: 1, addr: 0, len: 0x2000 }, family, withSegment(family, 1, null)), [
    // The grant that is left is of the segment that ended: `no-residue` tells.
  ]);
});

test("fork-isolation: a call on one segment that reaches another", (t) => {
  t.deepEqual(isolation(release, family, withRecord(family, 1, 1, { type: "empty" })), [
    "segment 1, page 1: GREF 6 (read-only, handle 2) in the map became EMPTY",
  ]);
  t.deepEqual(isolation(release, family, withPte(family, 1, 1, null)), [
    "segment 1, page 1: its PTE mapped grant 2 (ref 6 of domain 7), read-only, and now maps nothing",
  ]);
  t.deepEqual(isolation(release, family, { ...family, grants: [] }), [
    "segment 1, page 1: grant 2 (ref 6 of domain 7) was unmapped",
  ]);
  t.deepEqual(isolation(release, { ...family, grants: [] }, family), [
    "segment 1, page 1: grant 2 (ref 6 of domain 7) was mapped",
  ]);
  t.deepEqual(isolation(release, family, withSegment(family, 1, { domid: 9 })), ["segment 1: domid went from 7 to 9"]);
  t.deepEqual(isolation(release, family, withTable(family, 1, { locks: 0 })), [
    "segment 1: the count of page-table locks went from 1 to 0",
  ]);
  t.deepEqual(isolation(release, family, withSegment(family, 1, null)), ["segment 1: it ended"]);
});

test("fork-isolation: a dup that changes the parent", (t) => {
  const after = withSegment({ ...family, grants: before.grants }, 0, { softlockcnt: 2 });
  t.deepEqual(isolation(dup, before, after), ["segment 0: softlockcnt went from 1 to 2"]);
});
