import type { PageTable, Prot } from "../driver.js";
import type { UnmapWait } from "./addressspace.js";
import type { Callers } from "./callers.js";
import type { Kmem } from "./kmem.js";
import { NO_MEMORY } from "./kmem.js";
import type { Mutexes } from "./mutex.js";
import { NO_MUTEXES } from "./mutex.js";
import type { PanicReason } from "./panic.js";
import type { BlockId } from "./services.js";
import type { Vnode } from "./vnode.js";
import { NO_VNODE } from "./vnode.js";
import type { Xen } from "./xen.js";
import { NO_GRANTS } from "./xen.js";

/**
 * Everything that the kernel, the hypervisor and the callers know, as one immutable value. What does not change keeps its
 * identity from state to state, so a snapshot is a reference. The arrays are by segment number: a segment, its page table
 * and its address space come to be together; table and address space outlive the segment.
 */
export interface KernelState {
  readonly kmem: Kmem;
  readonly mutexes: Mutexes;
  readonly vnode: Vnode;
  readonly xen: Xen;
  readonly segments: readonly Segment[];
  readonly tables: readonly PageTable[];
  readonly waits: readonly UnmapWait[];
  /** Why the kernel panicked. Nothing runs any more. */
  readonly panic: PanicReason | null;
}

/** `making`: `create` or `dup` is under way. `stillborn`: it failed, and `free` is all that may be called. */
export type Life = "making" | "live" | "stillborn" | "freed";

export interface Segment {
  readonly life: Life;
  readonly prot: Prot;
  readonly maxprot: Prot;
  /** The driver's private data, for drivers that keep it in blocks. */
  readonly data: BlockId | null;
  readonly callers: Callers;
}

export const FREED: Segment = {
  life: "freed",
  prot: "none",
  maxprot: "none",
  data: null,
  callers: { registered: [], locking: [] },
};

export const NEW_KERNEL: KernelState = {
  kmem: NO_MEMORY,
  mutexes: NO_MUTEXES,
  vnode: NO_VNODE,
  xen: NO_GRANTS,
  segments: [],
  tables: [],
  waits: [],
  panic: null,
};

// The state with another of its members. Written out, and not with spreads: there are a dozen of these in every call.

export function withKmem(state: KernelState, kmem: Kmem): KernelState {
  const { mutexes, vnode, xen, segments, tables, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withMutexes(state: KernelState, mutexes: Mutexes): KernelState {
  const { kmem, vnode, xen, segments, tables, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withVnode(state: KernelState, vnode: Vnode): KernelState {
  const { kmem, mutexes, xen, segments, tables, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withXen(state: KernelState, xen: Xen): KernelState {
  const { kmem, mutexes, vnode, segments, tables, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withSegments(state: KernelState, segments: readonly Segment[]): KernelState {
  const { kmem, mutexes, vnode, xen, tables, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withTables(state: KernelState, tables: readonly PageTable[]): KernelState {
  const { kmem, mutexes, vnode, xen, segments, waits, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}

export function withWaits(state: KernelState, waits: readonly UnmapWait[]): KernelState {
  const { kmem, mutexes, vnode, xen, segments, tables, panic } = state;
  return { kmem, mutexes, vnode, xen, segments, tables, waits, panic };
}
