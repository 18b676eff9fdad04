import test, { type ExecutionContext } from "ava";
import type { LiveGrant, PageRecord, PageTable, Pte, SegmentState } from "../../impl/driver.js";
import { sameGrant, sameMap, samePageTable, samePte, samePtes, sameRecord, sameSegment } from "./same.js";

const gref = { type: "gref", gref: 5, writable: true, mapped: true, handle: 1, pte_ma: 0x9000n } as const;
const foreign = { kind: "foreign", mfn: 0x100n, domid: 7, writable: true } as const;
const granted = { kind: "grant", gref: 5, handle: 1, domid: 7, writable: true } as const;

/** Values that all differ from each other, each in one thing from one before it. */
const RECORDS: readonly (PageRecord | undefined)[] = [
  undefined,
  { type: "empty" },
  { type: "mfn", mfn: 5n },
  { type: "mfn", mfn: 6n },
  gref,
  { ...gref, gref: 6 },
  { ...gref, writable: false },
  { ...gref, mapped: false },
  { ...gref, handle: 2 },
  { ...gref, pte_ma: 0x9008n },
];
const PTES: readonly (Pte | null)[] = [
  null,
  { kind: "throwaway" },
  foreign,
  { ...foreign, mfn: 0x101n },
  { ...foreign, domid: 9 },
  { ...foreign, writable: false },
  granted,
  { ...granted, gref: 6 },
  { ...granted, handle: 2 },
  { ...granted, domid: 9 },
  { ...granted, writable: false },
];
const segment: SegmentState = {
  ...{ stillborn: false, prot: "rw", maxprot: "rwx", domid: 7, softlockcnt: 0 },
  ...{ map: [{ type: "empty" }], registered: [null] },
};
const SEGMENTS: readonly (SegmentState | null)[] = [
  null,
  segment,
  { ...segment, stillborn: true },
  { ...segment, prot: "r" },
  { ...segment, maxprot: "r" },
  { ...segment, domid: 9 },
  { ...segment, softlockcnt: 1 },
  { ...segment, map: [gref] },
  { ...segment, map: [] },
];
const table: PageTable = { ptes: [null], locks: 0, callerLocks: 0 };
const TABLES: readonly (PageTable | undefined)[] = [
  undefined,
  table,
  { ...table, locks: 1 },
  { ...table, ptes: [foreign] },
  { ...table, ptes: [] },
];
const grant: LiveGrant = { handle: 1, gref: 5, domid: 7, writable: true, pte_ma: 0x9000n, seg: 0, page: 0 };
const GRANTS: readonly (LiveGrant | undefined)[] = [
  undefined,
  grant,
  { ...grant, handle: 2 },
  { ...grant, gref: 6 },
  { ...grant, domid: 9 },
  { ...grant, writable: false },
  { ...grant, pte_ma: 0x9008n },
  { ...grant, seg: 1 },
  { ...grant, page: 1 },
];

/** Each value is the same as itself and its copy, and as no other. */
function eachByItself<Value>(
  t: ExecutionContext,
  values: readonly Value[],
  same: (a: Value, b: Value) => boolean,
): void {
  values.forEach((a, i) => {
    values.forEach((b, j) => {
      t.is(same(a, structuredClone(b)), i === j, `${i} and ${j}`);
      t.is(same(a, b), i === j, `${i} and ${j}, by identity`);
    });
  });
}

test("records are the same by value", (t) => eachByItself(t, RECORDS, sameRecord));
test("PTEs are the same by value", (t) => eachByItself(t, PTES, samePte));
test("segments are the same by value", (t) => eachByItself(t, SEGMENTS, sameSegment));
test("page tables are the same by value", (t) => eachByItself(t, TABLES, samePageTable));
test("grants are the same by value", (t) => eachByItself(t, GRANTS, sameGrant));

test("maps and PTEs are the same page by page, and in length", (t) => {
  const [empty, frame]: PageRecord[] = [{ type: "empty" }, { type: "mfn", mfn: 5n }];
  t.truthy(empty && frame);
  if (!empty || !frame) return;
  t.true(sameMap([empty, frame], [{ ...empty }, { ...frame }]));
  t.false(sameMap([empty, frame], [empty, empty]));
  t.false(sameMap([empty], [empty, frame]));
  t.true(samePtes([null, foreign], [null, { ...foreign }]));
  t.false(samePtes([null, foreign], [null, null]));
  t.false(samePtes([null], [null, null]));
});

test("registrations, and callers' locks, are not the driver's", (t) => {
  t.true(sameSegment(segment, { ...segment, registered: [1n] }));
  t.true(samePageTable(table, { ...table, callerLocks: 1 }));
});
