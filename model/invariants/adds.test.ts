import test from "ava";
import type { AddGrefsCall, AddMfnsCall, Call, Observation } from "../../impl/driver.js";
import type { Verdict } from "../expectation.js";
import { emptyRollback, successExact } from "./adds.js";
import {
  EMPTY,
  gref,
  judged,
  MACHINE,
  mfn,
  observationOf,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
  withTable,
} from "./fixture.js";

const machine = { ...MACHINE, pages: 3 };
const registered = [true, true, false];
const unbound = observationOf(state(segment([EMPTY, EMPTY, EMPTY], { domid: 0, registered })));
const frames: AddMfnsCall = { call: "add_mfns", seg: 0, page: 1, count: 2, mfn: 0x100, domid: 7 };
const refs: AddGrefsCall = { call: "add_grefs", seg: 0, page: 0, grefs: [5, 6], writable: true, domid: 7 };
const framed = observationOf(state(segment([EMPTY, mfn(0x100), mfn(0x101)], { registered })));
const granted = observationOf(state(segment([gref(5, true), gref(6, true), EMPTY], { registered })));

const told = (call: Call, before: Observation, after: Observation, verdict: Verdict) =>
  judged({ call, before, after, expectation: { verdict, ret: 0, after: state() }, machine });
const success = (call: Call, after: Observation) => successExact.breaches(told(call, unbound, after, "succeeded"));

test("success-exact concerns adds that succeed", (t) => {
  t.true(successExact.concerns(told(frames, unbound, framed, "succeeded")));
  t.true(successExact.concerns(told(refs, unbound, granted, "succeeded")));
  t.false(successExact.concerns(told(frames, unbound, framed, "failed")));
  t.false(successExact.concerns(told(frames, unbound, framed, "refused")));
  t.false(successExact.concerns(told({ call: "free", seg: 0 }, unbound, framed, "succeeded")));
});

test("success-exact holds where frames and grants are as asked for", (t) => {
  t.deepEqual(success(frames, framed), []);
  t.deepEqual(success(refs, granted), []);
  const readOnly = observationOf(state(segment([EMPTY, mfn(0x100), mfn(0x101)], { prot: "r" })));
  t.deepEqual(success(frames, readOnly), []);
});

test("success-exact goes by the place within the range, not within the segment", (t) => {
  const upper: AddGrefsCall = { ...refs, page: 1 };
  const exact = observationOf(state(segment([EMPTY, gref(5, true), gref(6, true)])));
  t.deepEqual(success(upper, exact), []);
  const swapped = observationOf(state(segment([EMPTY, gref(6, true), gref(5, true)])));
  t.deepEqual(success(upper, swapped), [
    "segment 0, page 1: GREF 6 (writable, handle 1) in the map, but GREF 5 (writable) was added",
    "segment 0, page 2: GREF 5 (writable, handle 2) in the map, but GREF 6 (writable) was added",
  ]);
});

test("success-exact: another frame than asked for", (t) => {
  const same = observationOf(state(segment([EMPTY, mfn(0x100), mfn(0x100)])));
  t.deepEqual(success(frames, same), [
    "segment 0, page 2: MFN 0x100 in the map, but MFN 0x101 was added",
    "segment 0, page 2: its PTE maps frame 0x100 of domain 7, writable, but must map frame 0x101 of domain 7, writable",
  ]);
});

test("success-exact: a frame that isn't mapped, of another domain, or with less access", (t) => {
  t.deepEqual(success(frames, withPte(framed, 0, 1, { kind: "throwaway" })), [
    "segment 0, page 1: its PTE maps the throwaway page, but must map frame 0x100 of domain 7, writable",
  ]);
  t.deepEqual(success(frames, withPte(framed, 0, 1, { kind: "foreign", mfn: 0x100n, domid: 9, writable: true })), [
    "segment 0, page 1: its PTE maps frame 0x100 of domain 9, writable, but must map frame 0x100 of domain 7, writable",
  ]);
  t.deepEqual(success(frames, withPte(framed, 0, 1, { kind: "foreign", mfn: 0x100n, domid: 7, writable: false })), [
    "segment 0, page 1: its PTE maps frame 0x100 of domain 7, read-only, but must map frame 0x100 of domain 7, writable",
  ]);
});

test("success-exact: a page that was left EMPTY in the map, or a segment that is gone", (t) => {
  t.deepEqual(success(frames, withRecord(framed, 0, 2, { type: "empty" })), [
    "segment 0, page 2: EMPTY in the map, but MFN 0x101 was added",
  ]);
  t.deepEqual(success(frames, withSegment(framed, 0, null)), ["segment 0: gone after a successful add_mfns"]);
});

test("success-exact: another ref, other access, or not mapped", (t) => {
  const other = observationOf(state(segment([gref(6, true), gref(6, true), EMPTY], { registered })));
  t.deepEqual(success(refs, other), [
    "segment 0, page 0: GREF 6 (writable, handle 1) in the map, but GREF 5 (writable) was added",
  ]);
  const readOnly = observationOf(state(segment([gref(5), gref(6, true), EMPTY], { registered })));
  t.deepEqual(success(refs, readOnly), [
    "segment 0, page 0: GREF 5 (read-only, handle 1) in the map, but GREF 5 (writable) was added",
  ]);
  const record = { type: "gref", gref: 5, writable: true, mapped: false, handle: 0, pte_ma: 0x9000n } as const;
  t.deepEqual(success(refs, withRecord(granted, 0, 0, record)), [
    "segment 0, page 0: GREF 5 (writable, not mapped) in the map, but GREF 5 (writable) was added",
  ]);
});

test("success-exact: a handle that isn't the PTE's, and less access than recorded", (t) => {
  const pte = { kind: "grant", gref: 5, handle: 3, domid: 7, writable: false } as const;
  t.deepEqual(success(refs, withPte(granted, 0, 0, pte)), [
    "segment 0, page 0: its PTE maps grant 3 (ref 5 of domain 7), read-only, " +
      "but must map grant 1 (ref 5 of domain 7), writable",
  ]);
});

test("success-exact: an address other than the registered one", (t) => {
  const record = { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: 0x9010n } as const;
  t.deepEqual(success(refs, withRecord(granted, 0, 0, record)), [
    "segment 0, page 0: GREF 5 was added at 0x9010, but the page is registered at 0x9000",
  ]);
  t.deepEqual(success(refs, withSegment(granted, 0, { registered: [null, 0x9008n, null] })), [
    "segment 0, page 0: GREF 5 was added at 0x9000, but the page is registered nowhere",
  ]);
});

const held = observationOf(state(segment([gref(4), mfn(0x200), EMPTY], { registered: [true, false, false] })));
const rolledBack = observationOf(state(segment([gref(4), EMPTY, EMPTY], { registered: [true, false, false] })));
const rollback = (after: Observation, before = held) => emptyRollback.breaches(told(frames, before, after, "failed"));

test("empty-rollback concerns adds that fail past their refusals", (t) => {
  t.true(emptyRollback.concerns(told(frames, held, rolledBack, "failed")));
  t.true(emptyRollback.concerns(told(refs, held, rolledBack, "failed")));
  t.false(emptyRollback.concerns(told(frames, held, rolledBack, "refused")));
  t.false(emptyRollback.concerns(told({ call: "release_grefs", seg: 0, page: 0, count: 1 }, held, held, "failed")));
});

test("empty-rollback holds where the range is EMPTY and the rest as before", (t) => {
  t.deepEqual(rollback(rolledBack), []);
  t.deepEqual(rollback(withSegment(rolledBack, 0, { domid: 7 })), []);
  t.deepEqual(rollback(withPte(rolledBack, 0, 2, { kind: "throwaway" })), []);
});

test("empty-rollback: a page of the range that is not EMPTY, or mapped still", (t) => {
  const kept = observationOf(state(segment([gref(4), mfn(0x100), EMPTY], { registered: [true, false, false] })));
  t.deepEqual(rollback(kept), [
    "segment 0, page 1: MFN 0x100 in the map after a failed add of the page",
    "segment 0, page 1: its PTE maps frame 0x100 of domain 7 after a failed add of the page",
    "segment 0: softlockcnt is 1 after a failed add, but must be 0",
    "segment 0: the count of its page table's locks is 2 after a failed add, but must be 1",
  ]);
  t.deepEqual(rollback(withPte(rolledBack, 0, 1, { kind: "foreign", mfn: 0x100n, domid: 7, writable: true })), [
    "segment 0, page 1: its PTE maps frame 0x100 of domain 7 after a failed add of the page",
  ]);
});

test("empty-rollback: a soft lock or a lock that is not given back, or given back twice", (t) => {
  t.deepEqual(rollback(withSegment(rolledBack, 0, { softlockcnt: 1 })), [
    "segment 0: softlockcnt is 1 after a failed add, but must be 0",
  ]);
  t.deepEqual(rollback(withSegment(rolledBack, 0, { softlockcnt: -1 })), [
    "segment 0: softlockcnt is -1 after a failed add, but must be 0",
  ]);
  t.deepEqual(rollback(withTable(rolledBack, 0, { locks: 0 })), [
    "segment 0: the count of its page table's locks is 0 after a failed add, but must be 1",
  ]);
});

test("empty-rollback: frames before and after the range keep their soft locks", (t) => {
  const one: AddMfnsCall = { ...frames, count: 1 };
  const before = observationOf(state(segment([mfn(1), mfn(2), mfn(3)])));
  const after = observationOf(state(segment([mfn(1), EMPTY, mfn(3)])));
  t.deepEqual(emptyRollback.breaches(told(one, before, after, "failed")), []);
});

test("empty-rollback: a grant of the range that is still mapped", (t) => {
  const before = observationOf(state(segment([EMPTY, EMPTY, EMPTY], { registered })));
  const after = { ...before, grants: granted.grants.slice(0, 1) };
  t.deepEqual(emptyRollback.breaches(told(refs, before, after, "failed")), [
    "segment 0, page 0: grant 1 (ref 5 of domain 7) is still mapped after a failed add of the page",
  ]);
});

test("empty-rollback: a page outside the range that changes", (t) => {
  t.deepEqual(rollback(withRecord(rolledBack, 0, 0, { type: "empty" })), [
    "segment 0, page 0: GREF 4 (read-only, handle 1) in the map became EMPTY",
  ]);
  t.deepEqual(rollback(withPte(rolledBack, 0, 0, { kind: "throwaway" })), [
    "segment 0, page 0: its PTE mapped grant 1 (ref 4 of domain 7), read-only, and now maps the throwaway page",
  ]);
  const before = observationOf(state(segment([EMPTY, mfn(0x200), EMPTY], { registered: [true, false, false] })));
  const after = observationOf(state(segment([EMPTY, EMPTY, EMPTY], { registered: [true, false, false] })));
  t.deepEqual(rollback(withPte(after, 0, 0, null), before), [
    "segment 0, page 0: its PTE mapped the throwaway page, and now maps nothing",
  ]);
});

test("empty-rollback: a segment that ends", (t) => {
  t.deepEqual(rollback(withSegment(rolledBack, 0, null)), ["segment 0: gone after a failed add_mfns"]);
});
