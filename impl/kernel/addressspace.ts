import { PanicReason } from "./panic.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";

/** Pages of a segment: `count` of them from `first`. */
export interface PageRange {
  readonly first: number;
  readonly count: number;
}

/** The page of the segment that holds an address; negative below the segment. */
export function pageAt(addr: number): number {
  return Math.floor((addr - SEGMENT_BASE) / PAGE_SIZE);
}

/** The range as recorded calls show it. A length that is not whole pages counts the last one begun. */
export function rangeAt(addr: number, len: number): PageRange {
  return { first: pageAt(addr), count: Math.ceil(len / PAGE_SIZE) };
}

/**
 * Why the HAT does not take this range, if so. The page table that it keeps is the segment's, so a range that leaves the
 * segment would change the translations of somebody else's memory: the strict kernel panics.
 */
export function breachOfRange(addr: number, len: number, pages: number): PanicReason | null {
  if (addr % PAGE_SIZE !== 0 || len % PAGE_SIZE !== 0) return PanicReason.hatMisaligned;
  if (addr < SEGMENT_BASE || len < 0 || addr + len > SEGMENT_BASE + pages * PAGE_SIZE) return PanicReason.hatOutside;
  return null;
}

/**
 * The unmap-wait flag of an address space, and the one who waits: asleep on the condition variable until a broadcast,
 * after which it looks at the flag as soon as it gets `a_contents`, and sleeps again if it is still set.
 */
export interface UnmapWait {
  /** What `as_isunmapwait` reads. */
  readonly flag: boolean;
  /** Somebody waits. True with the flag clear: the flag was cleared and nobody woke the waiter, a lost wake-up. */
  readonly asleep: boolean;
  /** Woken, but the waker still has `a_contents`. */
  readonly signalled: boolean;
}

export const NOBODY_WAITS: UnmapWait = { flag: false, asleep: false, signalled: false };
const WAITING: UnmapWait = { flag: true, asleep: true, signalled: false };

/** Somebody begins to wait. */
export function wait(): UnmapWait {
  return WAITING;
}

export function clearFlag(unmapWait: UnmapWait): UnmapWait {
  if (unmapWait.signalled || !unmapWait.asleep) return NOBODY_WAITS;
  return { flag: false, asleep: true, signalled: false };
}

/** Wakes the waiter. `contentsHeld`: the waker holds `a_contents`, so it may clear the flag after the broadcast as well. */
export function broadcast(unmapWait: UnmapWait, contentsHeld: boolean): UnmapWait {
  if (!unmapWait.asleep) return unmapWait;
  if (!unmapWait.flag) return NOBODY_WAITS;
  return contentsHeld ? { flag: true, asleep: true, signalled: true } : unmapWait;
}

/** `a_contents` is let go: a waiter that was woken finds the flag still set and goes back to sleep. */
export function contentsReleased(unmapWait: UnmapWait): UnmapWait {
  return unmapWait.signalled ? WAITING : unmapWait;
}
