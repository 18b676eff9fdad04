import type { LockName, Prot, Word } from "../driver.js";

/**
 * What a driver may ask of the kernel (contract section 4). Every function records itself with its arguments, and
 * panics where the real one would. Addresses are bytes in the address space of the segment under call; `as` and `seg`
 * are segment numbers, since each segment lives in an address space of its own.
 *
 * A recorded call is `{ fn, ...arguments }`, with the names of scenario.md: address ranges as `seg, page, count` (in pages),
 * a mutex as `lock` and, unless it is `freemem_lock`, `seg`; a hypercall's and a vnode operation's result as `rc`, the flag that
 * `as_isunmapwait` read as `waiting`, a block as `block`. Machine words are bigints. What was not written, because the
 * call failed or panicked, is `null`.
 */
export interface KernelServices {
  /** DEBUG kernels check ASSERTs. */
  readonly debug: boolean;
  /** SEGMF_MAX_GREFS of this machine. */
  readonly maxGrefs: number;

  /** Ends the run with a named reason. */
  panic(reason: string): never;
  /** ASSERT: panics on a DEBUG kernel where `holds` is false. Not recorded. */
  assert(holds: boolean): void;

  /** Memory that holds the pattern 0xbaddcafe. Returns the block's identity. */
  kmem_alloc(bytes: number): BlockId;
  kmem_zalloc(bytes: number): BlockId;
  /** Panics where no such block is live, or its size is another. */
  kmem_free(block: BlockId, bytes: number): void;

  mutex_init(lock: LockName): void;
  mutex_destroy(lock: LockName): void;
  mutex_enter(lock: LockName): void;
  mutex_exit(lock: LockName): void;

  /** Finds the device's vnode and holds it. */
  specfind(): void;
  vn_hold(): void;
  vn_rele(): void;
  /** Counts `len` bytes of pages as mapped, or returns the errno that the environment answers. */
  vop_addmap(as: number, addr: number, len: number, prot: Prot, maxprot: Prot): number;
  vop_delmap(as: number, addr: number, len: number, prot: Prot, maxprot: Prot): number;

  /**
   * The page table covers one segment: every `hat_` function panics at a range that leaves it or is not page-aligned,
   * and leaves the table as it was.
   */
  hat_map(as: number, addr: number, len: number): void;
  /** Loads the throwaway PTE over `len` bytes; with `lock` counts a lock for each page first. */
  hat_devload(as: number, addr: number, len: number, lock: boolean): void;
  hat_unlock(as: number, addr: number, len: number): void;
  hat_unload(as: number, addr: number, len: number, unlock: boolean): void;

  /**
   * Returns 0 or a negative errno. `addr` is a virtual address of the segment under call (for `dup` the parent); the
   * hypervisor refuses one outside it by itself.
   */
  update_va_mapping_otherdomain(addr: number, mfn: Word, writable: boolean, domid: number): number;
  /** Returns the hypercall's code; where it is 0 each element's `status` is written, and `handle` if it is 0. */
  map_grant_ref(elements: readonly MapElement[]): number;
  /** Returns the hypercall's code; where it is 0 each element's `status` is written. */
  unmap_grant_ref(elements: readonly UnmapElement[]): number;

  as_isunmapwait(as: number): boolean;
  as_clrunmapwait(as: number): void;
  cv_broadcast(as: number): void;

  /** Frees a segment: calls the driver's `free` slot, then forgets the segment. */
  seg_free(seg: number): void;
}

export type BlockId = number;

/** An element of `map_grant_ref`. The hypervisor writes `status`, and `handle` where the status is 0. */
export interface MapElement {
  readonly host_addr: Word;
  readonly domid: number;
  readonly gref: number;
  readonly writable: boolean;
  status: number;
  handle: number;
}

/** An element of `unmap_grant_ref`. The hypervisor writes `status`. */
export interface UnmapElement {
  readonly host_addr: Word;
  readonly handle: number;
  status: number;
}

/** Segments are page-aligned and all at this address, each in an address space of its own. */
export const SEGMENT_BASE = 0x1000_0000;
export const PAGE_SIZE = 4096;

/** errno values of illumos (contract section 2). */
export const EACCES = 13;
export const EFAULT = 14;
export const EINVAL = 22;
export const ENOTSUP = 48;
export const DOMID_SELF = 0x7ff0;
