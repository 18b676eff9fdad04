import { DOMID_SELF, EACCES, EFAULT, EINVAL } from "../kernel/services.js";
import type { SegmentData } from "./data.js";
import type { Segment } from "./segment.js";

/**
 * The refusals of the adds, in the order of contract section 3, step 1. A refused call changes nothing. Each function
 * returns what the call is to return, or `null` if it may go on.
 */
export type Refusal = number | null;

/** Does a range leave a segment of that many pages? An empty one at the very end does not (decision D3). */
export function leavesSegment(pages: number, page: number, count: number): boolean {
  return page < 0 || page + count > pages;
}

/** What can be told without the segment's lock. `foreign`: the segment is another driver's. */
export function refuseDomain(segment: Segment, domid: number, foreign: boolean): Refusal {
  if (foreign) return EINVAL;
  if (domid === 0) return EACCES;
  return domid === DOMID_SELF && !segment.deviates.selfAllowed ? EACCES : null;
}

/** The rest of the refusals of `add_mfns`, under the segment's lock. */
export function refuseMfns(segment: Segment, page: number, count: number, domid: number): Refusal {
  const { data, deviates, pages } = segment;
  // Erratum bound-check-early.
  if (deviates.boundCheckEarly && boundElsewhere(segment, data, domid)) return EINVAL;
  // Erratum mfn-noprot-late: found out when the pages come to be loaded (frames.ts).
  if (data.prot === "none" && !deviates.mfnNoprotLate) return EACCES;
  // Erratum mfn-range-unchecked.
  if (leavesSegment(pages, page, count) && !deviates.mfnRangeUnchecked) return EINVAL;
  // Erratum mfn-zero-binds.
  if (count === 0 && !deviates.mfnZeroBinds) return 0;
  return boundElsewhere(segment, data, domid) ? EINVAL : null;
}

/** The rest of the refusals of `add_grefs`, under the segment's lock. */
export function refuseGrefs(segment: Segment, page: number, count: number, domid: number): Refusal {
  const { data, deviates, kernel, pages } = segment;
  // Erratum bound-check-early.
  if (deviates.boundCheckEarly && boundElsewhere(segment, data, domid)) return EINVAL;
  // Erratum gref-noprot-unchecked.
  if (data.prot === "none" && !deviates.grefNoprotUnchecked) return EACCES;
  // Erratum gref-range-unchecked.
  if (leavesSegment(pages, page, count) && !deviates.grefRangeUnchecked) return EINVAL;
  // Erratum gref-limit-late: found out when the grants come to be mapped (grants.ts).
  if (count > kernel.maxGrefs && !deviates.grefLimitLate) return EFAULT;
  // Erratum unregistered-unchecked.
  if (!deviates.unregisteredUnchecked && !allRegistered(segment, page, count)) return EINVAL;
  // Erratum gref-zero-undefined.
  if (count === 0 && !deviates.grefZeroUndefined) return 0;
  return boundElsewhere(segment, data, domid) ? EINVAL : null;
}

function boundElsewhere({ deviates }: Segment, data: SegmentData, domid: number): boolean {
  if (deviates.addRebinds || deviates.callersDomainMapped) return false;
  return data.domid !== 0 && data.domid !== domid;
}

/** Is the PTE of every page registered? What lies outside the segment (erratum gref-range-unchecked) is anything but zero. */
function allRegistered({ map }: Segment, page: number, count: number): boolean {
  for (let i = page; i < page + count; i++) {
    if (map[i]?.registered === false) return false;
  }
  return true;
}
