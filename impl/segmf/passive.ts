import type { AccessType, FaultType, PassiveCall, Prot, Returned } from "../driver.js";
import { pageAt } from "../kernel/addressspace.js";
import type { FaultCode } from "../kernel/faultcode.js";
import { objectFault } from "../kernel/faultcode.js";
import { EFAULT, EINVAL, ENOTSUP, PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import type { Segment } from "./segment.js";

/**
 * The seg_ops slots that change nothing (contract section 2, last row). Arguments are those of the kernel's slots, used
 * or not; where a slot writes through a pointer, the caller gives the array or object that it writes into. `swapout` is an
 * empty slot.
 */

/** What MAP_SHARED is in the kernel's headers. */
const MAP_SHARED = 1;

/** The device's common vnode: there is one. */
export const DEVICE_VNODE = "device vnode";

export interface VnodePointer {
  vp: typeof DEVICE_VNODE | null;
}

export interface MemoryId {
  /** The vnode, and the page of the segment. */
  val: readonly [typeof DEVICE_VNODE, number] | null;
}

/** Pages are loaded when they are added. There is no fault that could be mended. */
export function fault(_segment: Segment, _addr: number, _len: number, _type: FaultType, _rw: AccessType): FaultCode {
  return objectFault(EFAULT);
}

/** Asynchronous faults are hints: taken, not followed. */
function faulta(_segment: Segment, _addr: number): number {
  return 0;
}

/** Protections are those of the beginning. */
function setprot(_segment: Segment, _addr: number, _len: number, _prot: Prot): number {
  return EINVAL;
}

function checkprot(_segment: Segment, _addr: number, _len: number, _prot: Prot): number {
  return EINVAL;
}

/** No page may be brought in along with another. */
function kluster(_segment: Segment, _addr: number, _delta: number): number {
  return -1;
}

/** Nothing of these pages is ours to write back. */
function sync(_segment: Segment, _addr: number, _len: number, _attr: number, _flags: number): number {
  return 0;
}

/** Says of every page begun in the range that it is in core. Returns how many bytes that is. */
export function incore(_segment: Segment, _addr: number, len: number, vec: number[]): number {
  const pages = Math.ceil(len / PAGE_SIZE);
  for (let page = 0; page < pages; page++) vec[page] = 1;
  return pages * PAGE_SIZE;
}

function lockop(_segment: Segment, _addr: number, _len: number, _attr: number, _op: number): number {
  return 0;
}

/** Writes the segment's protections for every page from that of the first address to that of the end address, inclusive. */
export function getprot(segment: Segment, addr: number, len: number, protv: Prot[]): number {
  const { prot } = segment.data;
  const pages = pageAt(addr + len) - pageAt(addr) + 1;
  for (let page = pages - 1; page >= 0; page--) protv[page] = prot;
  return 0;
}

/** The segment maps its device from the start. */
function getoffset(_segment: Segment, addr: number): number {
  return addr - SEGMENT_BASE;
}

function gettype(_segment: Segment, _addr: number): number {
  return MAP_SHARED;
}

export function getvp(_segment: Segment, _addr: number, vpp: VnodePointer): number {
  vpp.vp = DEVICE_VNODE;
  return 0;
}

function advise(_segment: Segment, _addr: number, _len: number, _behav: number): number {
  return 0;
}

/** Another domain's memory is no part of a crash dump. */
function dump(_segment: Segment): null {
  return null;
}

function pagelock(_segment: Segment, _addr: number, _len: number, _rw: AccessType): number {
  return ENOTSUP;
}

function setpagesize(_segment: Segment, _addr: number, _len: number, _szc: number): number {
  return ENOTSUP;
}

export function getmemid(_segment: Segment, addr: number, memid: MemoryId): number {
  memid.val = [DEVICE_VNODE, pageAt(addr)];
  return 0;
}

/** No memory placement policy: a NULL pointer. */
function getpolicy(_segment: Segment, _addr: number): null {
  return null;
}

function capable(_segment: Segment, _capability: number): number {
  return 0;
}

/** What becomes of the range in a child cannot be chosen. */
function inherit(_segment: Segment, _addr: number, _len: number, _behav: number): number {
  return ENOTSUP;
}

/** Calls a slot as the kernel would; what the call leaves out is 0, `none` or a read. */
export function passive(segment: Segment, call: PassiveCall): Returned {
  const addr = SEGMENT_BASE + call.page * PAGE_SIZE;
  const len = call.count * PAGE_SIZE;
  switch (call.call) {
    case "faulta":
      return faulta(segment, addr);
    case "setprot":
      return setprot(segment, addr, len, call.prot ?? "none");
    case "checkprot":
      return checkprot(segment, addr, len, call.prot ?? "none");
    case "kluster":
      return kluster(segment, addr, (call.delta ?? 0) * PAGE_SIZE);
    case "sync":
      return sync(segment, addr, len, 0, 0);
    case "incore":
      return incore(segment, addr, len, []);
    case "lockop":
      return lockop(segment, addr, len, 0, 0);
    case "getprot":
      return getprot(segment, addr, len, []);
    case "getoffset":
      return getoffset(segment, addr);
    case "gettype":
      return gettype(segment, addr);
    case "getvp":
      return getvp(segment, addr, { vp: null });
    case "advise":
      return advise(segment, addr, len, 0);
    case "dump":
      return dump(segment);
    case "pagelock":
      return pagelock(segment, addr, len, "read");
    case "setpagesize":
      return setpagesize(segment, addr, len, 0);
    case "getmemid":
      return getmemid(segment, addr, { val: null });
    case "getpolicy":
      return getpolicy(segment, addr);
    case "capable":
      return capable(segment, 0);
    case "inherit":
      return inherit(segment, addr, len, 0);
  }
}
