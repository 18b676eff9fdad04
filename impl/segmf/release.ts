import { pageAt } from "../kernel/addressspace.js";
import type { UnmapElement } from "../kernel/services.js";
import { leavesSegment } from "./refusals.js";
import type { Segment } from "./segment.js";
import { FREEMEM_LOCK } from "./segment.js";
import { unmapElement } from "./teardown.js";

/**
 * Unmaps the grants of a range in one hypercall. Returns 0; or -1 if the range is too large or leaves the segment, or if
 * the hypervisor would not unmap all of them: those stay, to be tried again (contract section 3, release_grefs).
 */
export function releaseGrefs(segment: Segment, addr: number, count: number): number {
  const { kernel, lock, deviates, pages } = segment;
  const page = pageAt(addr);
  if (count > kernel.maxGrefs) return -1;
  // Erratum release-range-unchecked.
  if (leavesSegment(pages, page, count) && !deviates.releaseRangeUnchecked) return -1;
  // Erratum release-unlocked.
  if (deviates.releaseUnlocked) return release(segment, page, count);
  if (deviates.lockOrderReversed) kernel.mutex_enter(FREEMEM_LOCK);
  kernel.mutex_enter(lock);
  const returned = release(segment, page, count);
  kernel.mutex_exit(lock);
  if (deviates.lockOrderReversed) kernel.mutex_exit(FREEMEM_LOCK);
  return returned;
}

/** A page of the range, and what was asked of the hypervisor for it: nothing if no grant is mapped there. */
interface Release {
  readonly page: number;
  readonly element: UnmapElement | null;
}

function release(segment: Segment, page: number, count: number): number {
  const { kernel, deviates } = segment;
  const releases: Release[] = [];
  const elements: UnmapElement[] = [];
  for (let i = page; i < page + count; i++) {
    // Erratum release-mfn-page.
    if (deviates.releaseMfnPage) kernel.assert(segment.map[i]?.record.type !== "mfn");
    const element = unmapElement(segment, i);
    if (element !== null) elements.push(element);
    // Erratum release-forgets-failed: before the hypervisor was asked.
    if (deviates.releaseForgetsFailed) forget(segment, i);
    else releases.push({ page: i, element });
  }
  const rc = elements.length === 0 ? 0 : kernel.unmap_grant_ref(elements);
  for (const each of releases) {
    if (each.element === null || (rc === 0 && unmapped(segment, each.element))) forget(segment, each.page);
  }
  return rc === 0 && elements.every((element) => unmapped(segment, element)) ? 0 : -1;
}

function unmapped({ deviates }: Segment, { status }: UnmapElement): boolean {
  // Erratum release-ignores-status.
  return status === 0 || deviates.releaseIgnoresStatus;
}

/** Marks a page EMPTY if it is one for grants. */
function forget(segment: Segment, page: number): void {
  // Erratum release-mfn-page: whatever it is, and whether there is such a page or not.
  if (segment.deviates.releaseMfnPage || segment.map[page]?.record.type === "gref") segment.empty(page, 1);
}
