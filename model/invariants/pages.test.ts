import test from "ava";
import type { Observation, PageRecord } from "../../impl/driver.js";
import type { ExpectedState } from "../expectation.js";
import {
  EMPTY,
  gref,
  judged,
  mfn,
  observationOf,
  resting,
  segment,
  state,
  withPte,
  withRecord,
  withSegment,
  withTable,
} from "./fixture.js";
import { grantOwnedOnce, mapIsTruth, noResidue } from "./pages.js";

const mixed = observationOf(state(segment([mfn(0x100), gref(5, true)])));
const twoGrants = observationOf(state(segment([gref(5), gref(6)])));
const family = observationOf(state(segment([gref(5), EMPTY]), segment([EMPTY, gref(6)])));
const nothing = observationOf(state(null));

const frame = (domid: number, of: bigint) => ({ kind: "foreign", mfn: of, domid, writable: true }) as const;
const record = (handle: number, change: Partial<PageRecord & { type: "gref" }> = {}): PageRecord => ({
  ...{ type: "gref", gref: 5, writable: false, mapped: true, handle, pte_ma: 0x9000n },
  ...change,
});

const truth = (seen: Observation) => mapIsTruth.breaches(resting(seen));
const owned = (seen: Observation) => grantOwnedOnce.breaches(resting(seen));
const residue = (seen: Observation) => noResidue.breaches(resting(seen));

test("map-is-truth holds, with a throwaway PTE or none on an EMPTY page", (t) => {
  const registered = observationOf(state(segment([EMPTY, EMPTY], { registered: [true, false] })));
  t.deepEqual(registered.pageTables[0]?.ptes, [{ kind: "throwaway" }, null]);
  for (const seen of [mixed, twoGrants, family, nothing, registered]) t.deepEqual(truth(seen), []);
});

test("map-is-truth: EMPTY in the map, but mapped", (t) => {
  const empty = observationOf(state(segment([EMPTY, EMPTY])));
  t.deepEqual(truth(withPte(empty, 0, 1, frame(7, 0x100n))), [
    "segment 0, page 1: EMPTY in the map, but its PTE maps frame 0x100 of domain 7",
  ]);
  t.deepEqual(truth(withRecord(mixed, 0, 1, { type: "empty" })), [
    "segment 0, page 1: EMPTY in the map, but its PTE maps grant 1 (ref 5 of domain 7)",
  ]);
});

test("map-is-truth: MFN in the map, but not mapped so", (t) => {
  t.deepEqual(truth(withPte(mixed, 0, 0, null)), [
    "segment 0, page 0: MFN 0x100 of domain 7 in the map, but its PTE maps nothing",
  ]);
  t.deepEqual(truth(withPte(mixed, 0, 0, { kind: "throwaway" })), [
    "segment 0, page 0: MFN 0x100 of domain 7 in the map, but its PTE maps the throwaway page",
  ]);
  t.deepEqual(truth(withPte(mixed, 0, 0, frame(7, 0x101n))), [
    "segment 0, page 0: MFN 0x100 of domain 7 in the map, but its PTE maps frame 0x101 of domain 7",
  ]);
  t.deepEqual(truth(withPte(mixed, 0, 0, frame(9, 0x100n))), [
    "segment 0, page 0: MFN 0x100 of domain 7 in the map, but its PTE maps frame 0x100 of domain 9",
  ]);
});

test("map-is-truth: GREF in the map, but another grant or none mapped", (t) => {
  t.deepEqual(truth(withRecord(twoGrants, 0, 0, record(2))), [
    "segment 0, page 0: GREF 5 (read-only, handle 2) in the map, but its PTE maps grant 1 (ref 5 of domain 7)",
  ]);
  t.deepEqual(truth(withRecord(twoGrants, 0, 0, record(1, { mapped: false }))), [
    "segment 0, page 0: GREF 5 (read-only, not mapped) in the map, but its PTE maps grant 1 (ref 5 of domain 7)",
  ]);
  t.deepEqual(truth(withPte(mixed, 0, 1, frame(7, 5n))), [
    "segment 0, page 1: GREF 5 (writable, handle 1) in the map, but its PTE maps frame 0x5 of domain 7",
  ]);
});

test("grant-owned-once holds where every grant is recorded where it is mapped", (t) => {
  for (const seen of [mixed, twoGrants, family, nothing]) t.deepEqual(owned(seen), []);
});

test("grant-owned-once: whose PTE a grant is doesn't matter to it, as long as one page records it", (t) => {
  const elsewhere = withRecord(withRecord(mixed, 0, 1, { type: "empty" }), 0, 0, record(1, { pte_ma: 0x9008n }));
  t.deepEqual(owned(elsewhere), []);
  t.not(truth(elsewhere).length, 0);
});

test("grant-owned-once: a grant that no page records", (t) => {
  t.deepEqual(owned(withRecord(twoGrants, 0, 1, { type: "empty" })), [
    "grant 2 (ref 6 of domain 7), mapped at segment 0, page 1, is recorded nowhere",
  ]);
  t.deepEqual(owned(withRecord(twoGrants, 0, 0, record(1, { mapped: false }))), [
    "grant 1 (ref 5 of domain 7), mapped at segment 0, page 0, is recorded nowhere",
  ]);
});

test("grant-owned-once: a grant that two pages record, of one segment or of two", (t) => {
  t.deepEqual(owned(withRecord(mixed, 0, 0, record(1, { pte_ma: 0x9008n }))), [
    "grant 1 (ref 5 of domain 7), mapped at segment 0, page 1, is recorded in segment 0, page 0 and segment 0, page 1",
  ]);
  t.deepEqual(owned(withRecord(family, 1, 0, record(1))), [
    "grant 1 (ref 5 of domain 7), mapped at segment 0, page 0, is recorded in segment 0, page 0 and segment 1, page 0",
  ]);
});

test("grant-owned-once: one grant recorded twice and another never, so that the counts agree", (t) => {
  t.deepEqual(owned(withRecord(twoGrants, 0, 1, record(1))), [
    "grant 1 (ref 5 of domain 7), mapped at segment 0, page 0, is recorded in segment 0, page 0 and segment 0, page 1",
    "grant 2 (ref 6 of domain 7), mapped at segment 0, page 1, is recorded nowhere",
  ]);
});

test("grant-owned-once: the address of a live grant overwritten", (t) => {
  t.deepEqual(owned(withRecord(twoGrants, 0, 0, record(1, { pte_ma: 0xdead0n }))), [
    "segment 0, page 0: handle 1 is recorded at 0xdead0, but mapped at 0x9000",
  ]);
});

test("grant-owned-once: a handle recorded that is dead", (t) => {
  t.deepEqual(owned({ ...twoGrants, grants: twoGrants.grants.slice(1) }), [
    "segment 0, page 0: handle 1 is recorded, but no such grant is live",
  ]);
  t.deepEqual(owned(withRecord(twoGrants, 0, 0, record(0))), [
    "grant 1 (ref 5 of domain 7), mapped at segment 0, page 0, is recorded nowhere",
    "segment 0, page 0: handle 0 is recorded, but no such grant is live",
  ]);
});

test("no-residue holds before the first segment, while segments live, and when they are gone", (t) => {
  for (const seen of [observationOf(state()), mixed, family, nothing]) t.deepEqual(residue(seen), []);
});

test("no-residue: what is left of a segment that is gone", (t) => {
  t.deepEqual(residue(withPte(nothing, 0, 1, frame(7, 0x100n))), [
    "segment 0, page 1: the segment is gone, but its PTE maps frame 0x100 of domain 7",
  ]);
  t.deepEqual(residue(withPte(nothing, 0, 0, { kind: "throwaway" })), [
    "segment 0, page 0: the segment is gone, but its PTE maps the throwaway page",
  ]);
  t.deepEqual(residue(withTable(nothing, 0, { locks: -1 })), [
    "segment 0: it is gone, but the count of its page table's locks is -1",
  ]);
  t.deepEqual(residue({ ...nothing, grants: twoGrants.grants.slice(0, 1) }), [
    "segment 0, page 0: the segment is gone, but grant 1 (ref 5 of domain 7) is still mapped",
  ]);
});

test("no-residue: the vnode and memory when no segment is left", (t) => {
  t.deepEqual(residue({ ...nothing, vnode: { holds: 1, mappedPages: 2 }, memory: { blocks: 1 } }), [
    "no segment is left, but the vnode's holds are 1",
    "no segment is left, but the vnode's mapped pages are 2",
    "no segment is left, but the blocks of memory are 1",
  ]);
});

test("no-residue: the memory of one segment of several", (t) => {
  const left: ExpectedState = state(segment([gref(5), EMPTY]), null);
  const ending = (blocks: number) =>
    judged({
      call: { call: "unmap", seg: 1, addr: 0, len: 0x2000 },
      before: family,
      after: { ...observationOf(left), memory: { blocks } },
      expectation: { verdict: "succeeded", ret: 0, after: left },
    });
  t.deepEqual(noResidue.breaches(ending(2)), []);
  t.deepEqual(noResidue.breaches(ending(3)), ["memory: 4 blocks for 2 segments before, but 3 for the 1 left now"]);
});

test("no-residue says nothing of a segment that is still there", (t) => {
  t.deepEqual(residue(withSegment(mixed, 0, { stillborn: true })), []);
});
