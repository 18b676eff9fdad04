import type { AddGrefsCall, AddMfnsCall, Call, Observation, PageRecord, Pte, SegmentState } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { pageChanges } from "./changes.js";
import { type CallInvariant, type Found, found, NONE } from "./invariant.js";
import { samePte } from "./same.js";
import { fullPteWords, grantWords, hex, pageWords, pteWords, recordWords } from "./words.js";

/** The invariants on adds that got past their refusals: exactly what was asked for, or nothing at all. */

type AddCall = AddMfnsCall | AddGrefsCall;

function isAdd(call: Call): call is AddCall {
  return call.call === "add_mfns" || call.call === "add_grefs";
}

function addCount(call: AddCall): number {
  return call.call === "add_mfns" ? call.count : call.grefs.length;
}

function frameBreaches(
  call: AddMfnsCall,
  page: number,
  segment: SegmentState,
  pte: Pte | null | undefined,
  so: Found,
): Found {
  const record = segment.map[page];
  const mfn = BigInt(call.mfn + page - call.page);
  let left = so;
  if (record?.type !== "mfn" || record.mfn !== mfn) {
    left = found(
      left,
      `${pageWords(call.seg, page)}: ${recordWords(record)} in the map, but MFN ${hex(mfn)} was added`,
    );
  }
  const writable = segment.prot.includes("w");
  const wanted: Pte = { kind: "foreign", mfn, domid: call.domid, writable };
  return samePte(pte, wanted) ? left : found(left, pteBreach(call.seg, page, pte, wanted));
}

function grefBreaches(
  call: AddGrefsCall,
  page: number,
  segment: SegmentState,
  pte: Pte | null | undefined,
  so: Found,
): Found {
  const record = segment.map[page];
  const gref = call.grefs[page - call.page] ?? 0;
  const where = pageWords(call.seg, page);
  const access = call.writable ? "writable" : "read-only";
  if (record?.type !== "gref" || record.gref !== gref || record.writable !== call.writable || !record.mapped) {
    return found(so, `${where}: ${recordWords(record)} in the map, but GREF ${gref} (${access}) was added`);
  }
  let left = so;
  const registered = segment.registered[page] ?? null;
  if (record.pte_ma !== registered) {
    const due = registered === null ? "registered nowhere" : `registered at ${hex(registered)}`;
    left = found(left, `${where}: GREF ${gref} was added at ${hex(record.pte_ma)}, but the page is ${due}`);
  }
  const { handle } = record;
  const wanted: Pte = { kind: "grant", gref, handle, domid: call.domid, writable: call.writable };
  return samePte(pte, wanted) ? left : found(left, pteBreach(call.seg, page, pte, wanted));
}

function pteBreach(seg: number, page: number, pte: Pte | null | undefined, wanted: Pte): string {
  return `${pageWords(seg, page)}: its PTE maps ${fullPteWords(pte)}, but must map ${fullPteWords(wanted)}`;
}

function successBreaches({ call, after }: Judged): readonly string[] {
  if (!isAdd(call)) return NONE;
  const segment = after.segments[call.seg];
  const ptes = after.pageTables[call.seg]?.ptes;
  if (!segment || !ptes) return [`segment ${call.seg}: gone after a successful ${call.call}`];
  let so: Found = null;
  const end = call.page + addCount(call);
  for (let page = call.page; page < end; page++) {
    so =
      call.call === "add_mfns"
        ? frameBreaches(call, page, segment, ptes[page], so)
        : grefBreaches(call, page, segment, ptes[page], so);
  }
  return so ?? NONE;
}

function framesIn(map: readonly PageRecord[], from: number, end: number): number {
  let count = 0;
  for (let page = from; page < end; page++) if (map[page]?.type === "mfn") count++;
  return count;
}

/** The failed add's own page: EMPTY, without a translation. */
function emptied(seg: number, page: number, record: PageRecord | undefined, pte: Pte | null, so: Found): Found {
  let left = so;
  if (record?.type !== "empty") {
    left = found(left, `${pageWords(seg, page)}: ${recordWords(record)} in the map after a failed add of the page`);
  }
  if (pte !== null && pte.kind !== "throwaway") {
    left = found(left, `${pageWords(seg, page)}: its PTE maps ${pteWords(pte)} after a failed add of the page`);
  }
  return left;
}

/** A soft lock is one of softlockcnt and one lock of the page table; what the range had of both must be given back. */
function softLocksBack(seg: number, frames: number, before: Observation, after: Observation, so: Found): Found {
  let left = so;
  const [was, is] = [before.segments[seg]?.softlockcnt ?? 0, after.segments[seg]?.softlockcnt ?? 0];
  if (is !== was - frames) {
    left = found(left, `segment ${seg}: softlockcnt is ${is} after a failed add, but must be ${was - frames}`);
  }
  const [locksWere, locksAre] = [before.pageTables[seg]?.locks ?? 0, after.pageTables[seg]?.locks ?? 0];
  if (locksAre !== locksWere - frames) {
    const change = `is ${locksAre} after a failed add, but must be ${locksWere - frames}`;
    left = found(left, `segment ${seg}: the count of its page table's locks ${change}`);
  }
  return left;
}

function rollbackBreaches({ call, before, after }: Judged): readonly string[] {
  if (!isAdd(call)) return NONE;
  const { seg } = call;
  const was = before.segments[seg];
  const is = after.segments[seg];
  if (!was || !is) return [`segment ${seg}: gone after a failed ${call.call}`];
  const ptes = after.pageTables[seg]?.ptes;
  const end = call.page + addCount(call);
  let so: Found = null;
  for (let page = 0; page < was.map.length; page++) {
    so =
      page >= call.page && page < end
        ? emptied(seg, page, is.map[page], ptes?.[page] ?? null, so)
        : pageChanges(seg, page, before, after, so);
  }
  for (const grant of after.grants) {
    if (grant.seg !== seg || grant.page < call.page || grant.page >= end) continue;
    so = found(
      so,
      `${pageWords(seg, grant.page)}: ${grantWords(grant)} is still mapped after a failed add of the page`,
    );
  }
  return softLocksBack(seg, framesIn(was.map, call.page, end), before, after, so) ?? NONE;
}

/**
 * Judged where the specification's verdict is that the add succeeded: each page's record, its translation and access,
 * the address that its grant is recorded at. That the handle is live is `grant-owned-once`, that the frame is soft-locked
 * `softlock-exact` and `lock-balance`; pages outside the range are left to the comparison with the specification.
 */
export const successExact: CallInvariant = {
  id: "success-exact",
  prose: "After a successful add every page of its range holds exactly what was asked for, and is mapped so.",
  section: "5",
  clauses: ["3.adds.teardown", "3.adds.success"],
  scope: "call",
  concerns: ({ call, expectation }) => expectation?.verdict === "succeeded" && isAdd(call),
  breaches: successBreaches,
};

/**
 * Judged where the specification's verdict is that the add failed past its refusals. "As before" is meant strictly: on
 * a page outside the range even a throwaway PTE stays.
 */
export const emptyRollback: CallInvariant = {
  id: "empty-rollback",
  prose:
    "After a failed add every page of its range is EMPTY, with no translation, soft lock or grant left; every other " +
    "page is as before.",
  section: "5",
  clauses: ["3.adds.all-or-nothing"],
  scope: "call",
  concerns: ({ call, expectation }) => expectation?.verdict === "failed" && isAdd(call),
  breaches: rollbackBreaches,
};
