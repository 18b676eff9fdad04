import type { AccessType, FaultType, PageRecord, PassiveCall, Prot, Returned, Word } from "../driver.js";

/**
 * What a driver offers the kernel: its entry points and seg_ops slots, and a look at its private state. The host
 * (`host.ts`) turns these into a `Driver` by playing the kernel's and the callers' part around each call.
 * `seg` is a segment's number; `addr` an address in its address space (SEGMENT_BASE is page 0); lengths are bytes.
 */
export interface DriverOps {
  readonly name: string;

  create(seg: number, prot: Prot, maxprot: Prot): number;
  dup(seg: number, into: number): number;
  unmap(seg: number, addr: number, len: number): number;
  free(seg: number): void;
  /** The errno that the fault code decodes to. */
  fault(seg: number, addr: number, len: number, type: FaultType, rw: AccessType): number;
  passive(call: PassiveCall): Returned;

  /** `foreign`: the segment's ops vector is another driver's during this call. */
  add_mfns(seg: number, addr: number, mfn: Word, count: number, domid: number, foreign: boolean): number;
  add_gref_pte(seg: number, addr: number, pte_ma: Word): void;
  add_grefs(
    seg: number,
    addr: number,
    writable: boolean,
    grefs: readonly number[],
    domid: number,
    foreign: boolean,
  ): number;
  release_grefs(seg: number, addr: number, count: number): number;

  /** Poisons dead memory and the stack; called by the host before every call. */
  poison(): void;

  /**
   * The driver's own record of a segment; `null` while it has none to read: before its data and map are there, and once
   * either is given back. `map` is the same object as long as it reads the same; the view is the same object only if
   * `privateKey` says the same too, or `stamp` has changed. Asked before every kernel call, so it must be cheap, and it changes nothing.
   */
  view(seg: number): PrivateView | null;

  /**
   * The live private state of a segment for the driver's key, without what `view` shows only of dead memory.
   * `handle` renames a grant handle canonically: every handle must go through it, in page order. Any string; asked only
   * where `view` is not `null`.
   */
  privateKey(seg: number, handle: (handle: number) => string): string;

  /** Changes whenever what does not live in the kernel's blocks may read differently than before. */
  stamp(): number;

  /** What a later call can be told by and is no segment's: static data, memory whose segment is gone. Any string. */
  sharedKey(): string;

  /** Private state that does not live in the kernel's blocks (a WebAssembly memory). Opaque; `load` restores it. */
  save(): unknown;
  load(saved: unknown): void;
}

export interface PrivateView {
  readonly domid: number;
  /** Read as a signed number. */
  readonly softlockcnt: number;
  readonly map: readonly PageRecord[];
}
