import type { UnmapElement } from "../kernel/services.js";
import { PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import type { Segment } from "./segment.js";
import { giveBackSoftLocks } from "./softlocks.js";

/**
 * Empties a range before it is defined anew (contract section 3, step 3): grants are unmapped, frames unloaded and
 * unlocked. Waiters are woken if no soft lock is left. The segment's lock is held.
 */
export function tearDown(segment: Segment, page: number, count: number): void {
  unmapGrants(segment, page, count);
  const frames = unloadFrames(segment, page, count);
  if (frames > 0) giveBackSoftLocks(segment, frames);
}

/**
 * Unmaps the grants of a range, in batches of as many as a hypercall may have, and marks their pages EMPTY. The
 * hypervisor unmaps what it is rightly asked to (contract section 4, Xen), so there is no failure to report.
 */
export function unmapGrants(segment: Segment, page: number, count: number): void {
  const { kernel } = segment;
  let batch: UnmapElement[] = [];
  let done = page;
  for (let next = page; next < page + count; next++) {
    const element = unmapElement(segment, next);
    if (element !== null) batch.push(element);
    if (batch.length < kernel.maxGrefs && next + 1 < page + count) continue;
    if (batch.length > 0) kernel.unmap_grant_ref(batch);
    emptyGrants(segment, done, next + 1 - done);
    batch = [];
    done = next + 1;
  }
}

/** What to ask of the hypervisor to unmap a page's grant; `null` if none is mapped there. */
export function unmapElement({ map }: Segment, page: number): UnmapElement | null {
  const record = map[page]?.record;
  if (record?.type !== "gref" || !record.mapped) return null;
  return { host_addr: record.pte_ma, handle: record.handle, status: 0 };
}

function emptyGrants(segment: Segment, page: number, count: number): void {
  for (let i = page; i < page + count; i++) {
    if (segment.map[i]?.record.type === "gref") segment.empty(i, 1);
  }
}

/**
 * Unloads the frames of a range and drops their page-table locks, a run of neighbours at a time, and marks their pages
 * EMPTY. Returns how many there were; their soft locks are still counted.
 */
export function unloadFrames(segment: Segment, page: number, count: number): number {
  const { seg, kernel } = segment;
  let frames = 0;
  let next = page;
  while (next < page + count) {
    const run = frameRun(segment, next, page + count);
    if (run > 0) {
      kernel.hat_unload(seg, SEGMENT_BASE + next * PAGE_SIZE, run * PAGE_SIZE, true);
      segment.empty(next, run);
      frames += run;
    }
    // The page after a run holds no frame.
    next += run + 1;
  }
  return frames;
}

/** How many pages from `first` on, and before `end`, hold frames. */
function frameRun({ map }: Segment, first: number, end: number): number {
  let next = first;
  while (next < end && map[next]?.record.type === "mfn") next++;
  return next - first;
}
