import type { Word } from "../driver.js";
import { pageAt } from "../kernel/addressspace.js";
import type { FaultCode } from "../kernel/faultcode.js";
import { decodeFault, FC_PROT, objectFault } from "../kernel/faultcode.js";
import { EFAULT, PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import { bind, boundDomain, stayBound } from "./binding.js";
import { refuseDomain, refuseMfns } from "./refusals.js";
import type { Segment } from "./segment.js";
import { countSoftLock, giveBackSoftLocks, uncountSoftLock, wakeIfNoneLeft } from "./softlocks.js";
import { tearDown } from "./teardown.js";

/**
 * Maps `count` machine frames from `mfn` on of domain `domid` at `addr`, soft-locked, all or none. Returns 0 or an errno
 * (contract section 3, add_mfns). `foreign`: the segment is another driver's.
 */
export function addMfns(
  segment: Segment,
  addr: number,
  mfn: Word,
  count: number,
  domid: number,
  foreign: boolean,
): number {
  const refusal = refuseDomain(segment, domid, foreign);
  if (refusal !== null) return refusal;
  const { kernel, lock, deviates } = segment;
  const page = pageAt(addr);
  kernel.mutex_enter(lock);
  const late = refuseMfns(segment, page, count, domid);
  if (late !== null && deviates.refusalKeepsLock) return late;
  const errno = late ?? defineFrames(segment, page, mfn, count, domid);
  kernel.mutex_exit(lock);
  return errno;
}

/** Steps 2 to 5 of the contract. The segment's lock is held. */
function defineFrames(segment: Segment, page: number, mfn: Word, count: number, domid: number): number {
  const { cells, deviates } = segment;
  bind(segment, domid);
  // Erratum mfn-redefine-no-teardown.
  if (!deviates.mfnRedefineNoTeardown) tearDown(segment, page, count);
  for (let i = 0; i < count; i++) {
    const frame = deviates.framesDoNotAdvance ? mfn : mfn + BigInt(i);
    segment.writeCell(page + i, (cell) => cells.withFrame(cell, frame));
  }
  const fault = loadFrames(segment, page, count, domid);
  if (fault === 0) return 0;
  segment.empty(page, count);
  stayBound(segment);
  return decodeFault(fault);
}

/** Loads and soft-locks the frames on record for a range; at the first that is refused, takes back those before it. */
function loadFrames(segment: Segment, page: number, count: number, domid: number): FaultCode {
  // With no protections the call has been refused, unless by erratum mfn-noprot-late.
  if (segment.data.prot === "none") return FC_PROT;
  for (let i = 0; i < count; i++) {
    const fault = loadFrame(segment, page + i, domid);
    if (fault === 0) continue;
    if (i > 0) takeBack(segment, page, i);
    return fault;
  }
  return 0;
}

/** Loads and soft-locks the frame on record for a page, or leaves it with no translation and no lock. */
function loadFrame(segment: Segment, page: number, domid: number): FaultCode {
  const { seg, kernel, deviates, data } = segment;
  const record = segment.map[page]?.record;
  kernel.assert(record?.type === "mfn");
  if (record?.type !== "mfn") return objectFault(EFAULT);
  const addr = SEGMENT_BASE + page * PAGE_SIZE;
  countSoftLock(segment);
  // The HAT knows no foreign frames: it loads a throwaway one, which the hypervisor replaces.
  kernel.hat_devload(seg, addr, PAGE_SIZE, true);
  const writable = data.prot.includes("w") || deviates.framesWritable;
  const rc = kernel.update_va_mapping_otherdomain(addr, record.mfn, writable, boundDomain(segment, domid));
  if (rc === 0) return 0;
  uncountSoftLock(segment);
  kernel.hat_unload(seg, addr, PAGE_SIZE, true);
  // Erratum mfn-rollback-no-wake.
  if (!deviates.mfnRollbackNoWake) wakeIfNoneLeft(segment);
  return objectFault(EFAULT);
}

/** Undoes the loading of `count` frames from `page` on. */
function takeBack(segment: Segment, page: number, count: number): void {
  const { seg, kernel, deviates } = segment;
  const addr = SEGMENT_BASE + page * PAGE_SIZE;
  // Erratum mfn-rollback-leaves-ptes: only the locks go.
  if (deviates.mfnRollbackLeavesPtes) kernel.hat_unlock(seg, addr, count * PAGE_SIZE);
  else kernel.hat_unload(seg, addr, count * PAGE_SIZE, true);
  giveBackSoftLocks(segment, count);
}
