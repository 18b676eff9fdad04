import type { Segment } from "./segment.js";
import { FREEMEM_LOCK } from "./segment.js";

/**
 * Soft locks: how many pages of a segment are locked down, and who waits for them to go (contract section 3, last item).
 * `softlockcnt` changes under `freemem_lock` and nothing else is locked under it.
 */

/** Counts one more page as soft-locked. */
export function countSoftLock(segment: Segment): void {
  change(segment, 1);
}

/** Counts `pages` soft locks as given back, and wakes waiters if none is left. */
export function giveBackSoftLocks(segment: Segment, pages: number): void {
  const { kernel, deviates } = segment;
  if (!deviates.softlockUnguarded) kernel.mutex_enter(FREEMEM_LOCK);
  const { softlockcnt } = segment.data;
  // The count is unsigned in the kernel, where one below 0 is very large.
  kernel.assert(softlockcnt < 0 || softlockcnt >= pages);
  segment.write({ softlockcnt: softlockcnt - pages });
  if (deviates.wakeUnderFreememLock) wakeIfNoneLeft(segment);
  if (!deviates.softlockUnguarded) kernel.mutex_exit(FREEMEM_LOCK);
  if (!deviates.wakeUnderFreememLock) wakeIfNoneLeft(segment);
}

/** Takes back the soft lock of a page that could not be mapped. Waking is left to the caller, who unloads the page first. */
export function uncountSoftLock(segment: Segment): void {
  change(segment, segment.deviates.refusedFrameGivenBackTwice ? -2 : -1);
}

function change(segment: Segment, by: number): void {
  const { kernel, deviates } = segment;
  if (!deviates.softlockUnguarded) kernel.mutex_enter(FREEMEM_LOCK);
  segment.write({ softlockcnt: segment.data.softlockcnt + by });
  if (!deviates.softlockUnguarded) kernel.mutex_exit(FREEMEM_LOCK);
}

/** Wakes who waits to unmap in the address space, if no page of the segment is soft-locked. */
export function wakeIfNoneLeft({ seg, kernel, contentsLock, data }: Segment): void {
  if (data.softlockcnt !== 0 || !kernel.as_isunmapwait(seg)) return;
  kernel.mutex_enter(contentsLock);
  // Somebody else may have woken them before we had the lock.
  if (kernel.as_isunmapwait(seg)) {
    kernel.as_clrunmapwait(seg);
    kernel.cv_broadcast(seg);
  }
  kernel.mutex_exit(contentsLock);
}
