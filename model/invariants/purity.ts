import type { Judged } from "../judged.js";
import { grantChanges, segmentChanges } from "./changes.js";
import { type CallInvariant, type Found, found, NONE } from "./invariant.js";

/** The invariants on what a call must leave alone. */

function refusalBreaches({ before, after }: Judged): readonly string[] {
  let so: Found = null;
  const segments = Math.max(before.segments.length, after.segments.length);
  for (let seg = 0; seg < segments; seg++) so = segmentChanges(seg, before, after, so);
  so = grantChanges(before.grants, after.grants, null, so);
  if (before.vnode.holds !== after.vnode.holds) {
    so = found(so, `vnode: holds went from ${before.vnode.holds} to ${after.vnode.holds}`);
  }
  if (before.vnode.mappedPages !== after.vnode.mappedPages) {
    so = found(so, `vnode: mapped pages went from ${before.vnode.mappedPages} to ${after.vnode.mappedPages}`);
  }
  if (before.memory.blocks !== after.memory.blocks) {
    so = found(so, `memory: blocks went from ${before.memory.blocks} to ${after.memory.blocks}`);
  }
  return so ?? NONE;
}

/** The one segment that the call may change: its own, or for `dup` the child that comes to be. */
function segmentOf({ call }: Judged): number {
  return call.call === "dup" ? call.into : call.seg;
}

function isolationBreaches(judged: Judged): readonly string[] {
  const { before, after } = judged;
  const own = segmentOf(judged);
  let so: Found = null;
  const segments = Math.max(before.segments.length, after.segments.length);
  for (let seg = 0; seg < segments; seg++) {
    if (seg !== own) so = segmentChanges(seg, before, after, so);
  }
  return grantChanges(before.grants, after.grants, own, so) ?? NONE;
}

/**
 * Judged where the specification's verdict is a refusal, an add of nothing (count 0, which returns 0) included. Whether
 * somebody waits for the address space is not the call's doing, and left out.
 */
export const refusalIsPure: CallInvariant = {
  id: "refusal-is-pure",
  prose:
    "A refused call changes nothing: the map, the domid, softlockcnt, page tables and their locks, grants, the vnode's " +
    "counts and memory are as before.",
  section: "5",
  clauses: [
    "2.passive",
    "3.adds.refusals",
    "3.add_gref_pte.outside",
    "3.release_grefs.limits",
    "3.unmap.part",
    "3.fault",
  ],
  scope: "call",
  concerns: ({ expectation }) => expectation?.verdict === "refused",
  breaches: refusalBreaches,
};

/** A `dup` itself may change the child only: its parent is another segment too. */
export const forkIsolation: CallInvariant = {
  id: "fork-isolation",
  prose: "A call on one segment changes no other: what is done to a child leaves its parent alone, and the reverse.",
  section: "5",
  clauses: ["3.dup.child"],
  scope: "call",
  concerns: ({ before, after }) => Math.max(before.segments.length, after.segments.length) > 1,
  breaches: isolationBreaches,
};
