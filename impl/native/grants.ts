import type { Kernel } from "../kernel/kernel.js";
import { PanicReason } from "../kernel/panic.js";
import type { MapElement, UnmapElement } from "../kernel/services.js";
import { GNTST_okay } from "../kernel/xen.js";
import type { LinearMemory } from "./memory.js";

/**
 * The arrays of grant-table hypercalls, as the hypervisor reads and writes them in the driver's memory (sys/xen_types.h).
 */
const MAP = { bytes: 32, hostAddr: 0, flags: 8, ref: 12, dom: 16, status: 18, handle: 20 } as const;
const UNMAP = { bytes: 24, hostAddr: 0, handle: 16, status: 20 } as const;

const GNTMAP_host_map = 0x02;
const GNTMAP_readonly = 0x04;
const GNTMAP_contains_pte = 0x10;

/** `map_grant_ref` of `count` elements at `ops`. Writes statuses and handles back unless the hypercall fails as a whole. */
export function mapGrantRefs(kernel: Kernel, memory: LinearMemory, ops: number, count: number): number {
  const { data } = memory;
  const elements: MapElement[] = [];
  for (let at = ops; at < ops + count * MAP.bytes; at += MAP.bytes) {
    const flags = data.getUint32(at + MAP.flags, true);
    // The address is a PTE's only with these; the kernel here maps grants into registered PTEs and nowhere else.
    if ((flags & GNTMAP_host_map) === 0 || (flags & GNTMAP_contains_pte) === 0) kernel.stop(PanicReason.trap);
    elements.push({
      host_addr: data.getBigUint64(at + MAP.hostAddr, true),
      domid: data.getUint16(at + MAP.dom, true),
      gref: data.getUint32(at + MAP.ref, true),
      writable: (flags & GNTMAP_readonly) === 0,
      status: data.getInt16(at + MAP.status, true),
      handle: data.getUint32(at + MAP.handle, true),
    });
  }
  const rc = kernel.map_grant_ref(elements);
  if (rc !== 0) return rc;
  elements.forEach(({ status, handle }, i) => {
    const at = ops + i * MAP.bytes;
    data.setInt16(at + MAP.status, status, true);
    if (status === GNTST_okay) data.setUint32(at + MAP.handle, handle, true);
  });
  // The array may be in kernel memory.
  memory.touch();
  return rc;
}

/** `unmap_grant_ref` of `count` elements at `ops`. Writes statuses back unless the hypercall fails as a whole. */
export function unmapGrantRefs(kernel: Kernel, memory: LinearMemory, ops: number, count: number): number {
  const { data } = memory;
  const elements: UnmapElement[] = [];
  for (let at = ops; at < ops + count * UNMAP.bytes; at += UNMAP.bytes) {
    elements.push({
      host_addr: data.getBigUint64(at + UNMAP.hostAddr, true),
      handle: data.getUint32(at + UNMAP.handle, true),
      status: data.getInt16(at + UNMAP.status, true),
    });
  }
  const rc = kernel.unmap_grant_ref(elements);
  if (rc !== 0) return rc;
  elements.forEach(({ status }, i) => {
    data.setInt16(ops + i * UNMAP.bytes + UNMAP.status, status, true);
  });
  // The array may be in kernel memory.
  memory.touch();
  return rc;
}

/** Bytes of so many elements, for the checks on memory. */
export function mapBytes(count: number): number {
  return count * MAP.bytes;
}

export function unmapBytes(count: number): number {
  return count * UNMAP.bytes;
}
