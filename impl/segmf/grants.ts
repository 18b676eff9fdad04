import type { Word } from "../driver.js";
import { pageAt } from "../kernel/addressspace.js";
import type { FaultCode } from "../kernel/faultcode.js";
import { decodeFault, objectFault } from "../kernel/faultcode.js";
import type { MapElement, UnmapElement } from "../kernel/services.js";
import { EFAULT } from "../kernel/services.js";
import { bind, boundDomain, stayBound } from "./binding.js";
import { leavesSegment, refuseDomain, refuseGrefs } from "./refusals.js";
import type { Segment } from "./segment.js";
import { tearDown } from "./teardown.js";

/** Records where the PTE of a page is. Outside the segment nothing happens (contract section 3, add_gref_pte). */
export function addGrefPte(segment: Segment, addr: number, pte_ma: Word): void {
  const { kernel, lock, cells, deviates, pages } = segment;
  const page = pageAt(addr);
  // Erratum pte-range-unchecked.
  if (leavesSegment(pages, page, 1) && !deviates.pteRangeUnchecked) return;
  // Erratum registration-in-place: no lock either.
  if (!deviates.registrationInPlace) kernel.mutex_enter(lock);
  segment.writeCell(page, (cell) => cells.withRegistration(cell, pte_ma));
  if (!deviates.registrationInPlace) kernel.mutex_exit(lock);
}

/**
 * Maps the grants `grefs` of domain `domid` at `addr`, each into the PTE that is registered for its page, all or none.
 * Returns 0 or an errno (contract section 3, add_grefs). `foreign`: the segment is another driver's.
 */
export function addGrefs(
  segment: Segment,
  addr: number,
  writable: boolean,
  grefs: readonly number[],
  domid: number,
  foreign: boolean,
): number {
  const refusal = refuseDomain(segment, domid, foreign);
  if (refusal !== null) return refusal;
  const { kernel, lock, deviates } = segment;
  const page = pageAt(addr);
  kernel.mutex_enter(lock);
  const late = refuseGrefs(segment, page, grefs.length, domid);
  if (late !== null && deviates.refusalKeepsLock) return late;
  const errno = late ?? defineGrants(segment, page, writable, grefs, domid);
  kernel.mutex_exit(lock);
  return errno;
}

/** Steps 2 to 5 of the contract. The segment's lock is held. */
function defineGrants(
  segment: Segment,
  page: number,
  writable: boolean,
  grefs: readonly number[],
  domid: number,
): number {
  const { cells, deviates } = segment;
  const count = grefs.length;
  bind(segment, domid);
  // Erratum gref-redefine-no-teardown.
  if (!deviates.grefRedefineNoTeardown) tearDown(segment, page, count);
  grefs.forEach((gref, i) => {
    segment.writeCell(page + i, (cell) => cells.withGrant(cell, gref, writable));
  });
  const fault = mapGrants(segment, page, count, domid);
  if (fault === 0) return 0;
  // Erratum gref-rollback-wrong-pages: counted from the start of the segment.
  segment.empty(deviates.grefRollbackWrongPages ? 0 : page, count);
  stayBound(segment);
  return decodeFault(fault);
}

/** Has the hypervisor map the grants on record for a range, and records their handles; or leaves none mapped. */
function mapGrants(segment: Segment, page: number, count: number, domid: number): FaultCode {
  const { kernel, cells, deviates } = segment;
  // More are refused before, unless by erratum gref-limit-late.
  if (count > kernel.maxGrefs) return objectFault(EFAULT);
  // Can fail with a count of 0 only (erratum gref-zero-undefined).
  kernel.assert(segment.map[page]?.record.type === "gref");
  const elements = mapElements(segment, page, count, domid);
  const rc = kernel.map_grant_ref(elements);
  if (rc !== 0) return objectFault(EFAULT);
  if (!granted(segment, elements)) {
    // Erratum gref-rollback-leaks.
    if (!deviates.grefRollbackLeaks) unmapAgain(segment, elements);
    return objectFault(EFAULT);
  }
  elements.forEach(({ status, handle }, i) => {
    // Can fail by erratum gref-first-status-only.
    kernel.assert(status === 0);
    segment.writeCell(page + i, (cell) => cells.withHandle(cell, handle));
  });
  return 0;
}

function mapElements(segment: Segment, page: number, count: number, domid: number): MapElement[] {
  const { map, deviates } = segment;
  const elements: MapElement[] = [];
  for (const { record } of map.slice(page, page + count)) {
    if (record.type !== "gref") continue;
    const writable = (record.writable && !deviates.grantsReadOnly) || deviates.grantsWritable;
    const from = boundDomain(segment, domid);
    elements.push({ host_addr: record.pte_ma, domid: from, gref: record.gref, writable, status: 0, handle: 0 });
  }
  return elements;
}

/** Did the hypervisor map every element? */
function granted({ deviates }: Segment, elements: readonly MapElement[]): boolean {
  const [first] = elements;
  // Erratum gref-zero-undefined: the status that is looked at was never written, and what the stack holds is not 0.
  if (first === undefined) return false;
  // Erratum gref-first-status-only.
  return deviates.grefFirstStatusOnly ? first.status === 0 : elements.every(({ status }) => status === 0);
}

/** Unmaps those of a failed add's elements that were mapped. */
function unmapAgain({ kernel }: Segment, elements: readonly MapElement[]): void {
  const mapped: UnmapElement[] = [];
  for (const { status, host_addr, handle } of elements) {
    if (status === 0) mapped.push({ host_addr, handle, status: 0 });
  }
  if (mapped.length > 0) kernel.unmap_grant_ref(mapped);
}
