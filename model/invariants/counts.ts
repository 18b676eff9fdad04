import type { Observation, SegmentState } from "../../impl/driver.js";
import type { Judged } from "../judged.js";
import { type Found, found, NONE, type QuiescentInvariant } from "./invariant.js";

/** The invariants that count: soft locks, page-table locks, vnode holds. */

/** How many pages of a segment are MFN in the driver's map. */
function mfnPages(segment: SegmentState): number {
  let count = 0;
  for (const record of segment.map) if (record.type === "mfn") count++;
  return count;
}

/** How many segments have data attached, stillborn ones included. */
export function segmentsWithData(observation: Observation): number {
  let count = 0;
  for (const segment of observation.segments) if (segment !== null) count++;
  return count;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function softlocks({ after }: Judged): readonly string[] {
  let so: Found = null;
  for (let seg = 0; seg < after.segments.length; seg++) {
    const segment = after.segments[seg];
    if (!segment) continue;
    const frames = mfnPages(segment);
    if (segment.softlockcnt !== frames) {
      so = found(so, `segment ${seg}: softlockcnt is ${segment.softlockcnt}, but it has ${plural(frames, "MFN page")}`);
    }
  }
  return so ?? NONE;
}

function locks({ after }: Judged): readonly string[] {
  let so: Found = null;
  for (let seg = 0; seg < after.segments.length; seg++) {
    const segment = after.segments[seg];
    const table = after.pageTables[seg];
    if (!segment || !table) continue;
    const frames = mfnPages(segment);
    if (table.locks !== frames + table.callerLocks) {
      const owners = `${plural(frames, "MFN page")} and ${plural(table.callerLocks, "lock")} of callers`;
      so = found(so, `segment ${seg}: its page table has ${plural(table.locks, "lock")}, but there are ${owners}`);
    }
  }
  return so ?? NONE;
}

function vnodes({ after, machine }: Judged): readonly string[] {
  let so: Found = null;
  let data = 0;
  let live = 0;
  for (const segment of after.segments) {
    if (segment === null) continue;
    data++;
    if (!segment.stillborn) live++;
  }
  const { holds, mappedPages } = after.vnode;
  if (holds !== data) so = found(so, `vnode: ${plural(holds, "hold")}, but ${plural(data, "segment")} with data`);
  if (mappedPages !== live * machine.pages) {
    const due = `${plural(live, "live segment")} of ${plural(machine.pages, "page")}`;
    so = found(so, `vnode: ${plural(mappedPages, "page")} mapped, but ${due}`);
  }
  return so ?? NONE;
}

export const softlockExact: QuiescentInvariant = {
  id: "softlock-exact",
  prose: "A segment's softlockcnt is the number of its pages that hold a frame.",
  section: "5",
  clauses: ["3.create.live", "3.adds.teardown", "3.adds.all-or-nothing", "3.adds.success", "3.dup.child"],
  scope: "quiescent",
  breaches: softlocks,
};

export const lockBalance: QuiescentInvariant = {
  id: "lock-balance",
  prose: "A page table has one lock for each page that holds a frame, and those that callers took, and no other.",
  section: "5",
  clauses: ["3.adds.teardown", "3.adds.success", "3.unmap.whole", "4.hat.load", "4.hat.unload", "4.callers"],
  scope: "quiescent",
  breaches: locks,
};

export const vnodeBalance: QuiescentInvariant = {
  id: "vnode-balance",
  prose:
    "The device's vnode is held once by each segment that has data, and counts the pages of each live segment once.",
  section: "5",
  clauses: ["3.create.live", "3.create.stillborn", "3.dup.child", "3.unmap.whole", "3.free", "4.vnode"],
  scope: "quiescent",
  breaches: vnodes,
};
