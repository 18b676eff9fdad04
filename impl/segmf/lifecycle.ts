import type { Prot } from "../driver.js";
import { ENOTSUP, PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import type { Segment } from "./segment.js";
import { giveBackSoftLocks } from "./softlocks.js";
import { unloadFrames, unmapGrants } from "./teardown.js";

/**
 * Makes a segment: all pages EMPTY, bound to no domain. Returns 0 or the errno of `VOP_ADDMAP`, after which the segment
 * is stillborn (contract section 3, create).
 */
export function create(segment: Segment, prot: Prot, maxprot: Prot): number {
  const { seg, kernel, size } = segment;
  kernel.hat_map(seg, SEGMENT_BASE, size);
  segment.allocateData();
  kernel.specfind();
  segment.write({ prot, maxprot });
  segment.allocateMap(null);
  const errno = kernel.vop_addmap(seg, SEGMENT_BASE, size, prot, maxprot);
  if (errno !== 0) kernel.hat_unload(seg, SEGMENT_BASE, size, false);
  return errno;
}

/**
 * Makes `child` at a fork: the parent's device, protections and domain, and nothing in it. Returns 0 or the errno of
 * `VOP_ADDMAP`, after which the child is stillborn (contract section 3, dup).
 */
export function dup(parent: Segment, child: Segment): number {
  const { kernel, deviates } = child;
  child.allocateData();
  if (!deviates.dupWithoutHold) kernel.vn_hold();
  const { prot, maxprot, domid } = parent.data;
  child.write({ prot, maxprot, domid });
  // Erratum dup-copies-map.
  child.allocateMap(deviates.dupCopiesMap ? parent : null);
  return kernel.vop_addmap(child.seg, SEGMENT_BASE, child.size, prot, maxprot);
}

/**
 * Unmaps the whole segment and frees it; returns 0. A part is ENOTSUP. A range that is not page-aligned or not inside the
 * segment is a panic (contract section 3, unmap).
 */
export function unmap(segment: Segment, addr: number, len: number): number {
  const { seg, kernel, size, deviates, data } = segment;
  const inside = addr >= SEGMENT_BASE && addr + len <= SEGMENT_BASE + size;
  if (!inside || addr % PAGE_SIZE !== 0 || len % PAGE_SIZE !== 0) kernel.panic("unmap of a bad range");
  if (addr !== SEGMENT_BASE || len !== size) return ENOTSUP;
  if (deviates.boundNeverUnmaps && data.domid !== 0) return ENOTSUP;
  // Erratum unmap-unlocks-all: a lock for every translation, granted pages included.
  if (deviates.unmapUnlocksAll) kernel.hat_unload(seg, addr, len, true);
  vacate(segment);
  // Erratum unmap-no-wake.
  if (!deviates.unmapNoWake && segment.data.softlockcnt !== 0) giveBackSoftLocks(segment, segment.data.softlockcnt);
  if (!deviates.unmapWithoutDelmap) kernel.vop_delmap(seg, addr, len, data.prot, data.maxprot);
  kernel.seg_free(seg);
  return 0;
}

/** Takes every grant and every translation out of the segment. Soft locks stay counted. */
function vacate(segment: Segment): void {
  const { seg, kernel, size, lock, pages, deviates } = segment;
  // With both errata nothing here looks at the page records, and there is no lock to take.
  if (deviates.unmapLeaksGrants && deviates.unmapUnlocksAll) return;
  kernel.mutex_enter(lock);
  // Erratum unmap-leaks-grants.
  if (!deviates.unmapLeaksGrants) unmapGrants(segment, 0, pages);
  if (deviates.unmapKeepsFrames) kernel.hat_unlock(seg, SEGMENT_BASE, size);
  else if (!deviates.unmapUnlocksAll) {
    unloadFrames(segment, 0, pages);
    kernel.hat_unload(seg, SEGMENT_BASE, size, false);
  }
  kernel.mutex_exit(lock);
}

/** Gives back the memory, the vnode hold and the lock. For a stillborn segment, and at the end of an unmap. */
export function free(segment: Segment): void {
  const { kernel, lock, deviates } = segment;
  if (!deviates.freeKeepsMap) segment.freeMap();
  kernel.vn_rele();
  kernel.mutex_destroy(lock);
  segment.freeData();
}
