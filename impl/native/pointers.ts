import type { LockName } from "../driver.js";
import type { Kernel } from "../kernel/kernel.js";
import { PanicReason } from "../kernel/panic.js";
import { blockAround } from "./blocks.js";
import type { LinearMemory } from "./memory.js";
import { segmentWithMember } from "./memory.js";

/** The segment number of a pointer that is none of ours: the kernel knows no such segment, and says so. */
const NO_SEGMENT = -1;

const FREEMEM_LOCK: LockName = { lock: "freemem_lock", seg: null };
/** A mutex that nobody initialised and that is nobody's. */
const NO_LOCK: LockName = { lock: "segment", seg: null };

/** What the pointers that a driver passes to the kernel point to. Pointers come as signed words. */
export class Pointers {
  readonly #kernel: Kernel;
  readonly #memory: LinearMemory;

  constructor(kernel: Kernel, memory: LinearMemory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /** The number of a live segment. */
  segment(pointer: number): number {
    const seg = segmentWithMember(this.#memory, pointer, 0);
    return seg !== undefined && this.#memory.segments[seg]?.live === true ? seg : NO_SEGMENT;
  }

  /** The number of the segment whose address space it is. */
  addressSpace(pointer: number): number {
    return segmentWithMember(this.#memory, pointer, this.#memory.layout.as) ?? NO_SEGMENT;
  }

  hat(pointer: number): number {
    return segmentWithMember(this.#memory, pointer, this.#memory.layout.hat) ?? NO_SEGMENT;
  }

  cv(pointer: number): number {
    return segmentWithMember(this.#memory, pointer, this.#memory.layout.cv) ?? NO_SEGMENT;
  }

  /** There is one device: a pointer to any other vnode is a wild one. */
  checkVnode(pointer: number): void {
    const { deviceVnode, commonVnode } = this.#memory.layout;
    if (pointer !== deviceVnode && pointer !== commonVnode) this.#kernel.stop(PanicReason.trap);
  }

  /** The mutex at this address. A segment has one; another of the same segment is nobody's. */
  lock(pointer: number): LockName {
    const { layout, segments, blocks } = this.#memory;
    if (pointer === layout.freememLock) return FREEMEM_LOCK;
    const seg = segments.findIndex(({ lock }) => lock === pointer);
    if (seg >= 0) return { lock: "segment", seg };
    const as = segmentWithMember(this.#memory, pointer, layout.contentsLock);
    if (as !== undefined) return { lock: "a_contents", seg: as };
    const owner = blockAround(blocks, pointer >>> 0)?.owner;
    return owner !== undefined && segments[owner]?.lock === 0 ? { lock: "segment", seg: owner } : NO_LOCK;
  }

  /** The mutex that is about to be initialised there: the lock of the segment whose memory it lies in. */
  newLock(pointer: number): LockName {
    const known = this.lock(pointer);
    if (known.seg !== null || known.lock === "freemem_lock") return known;
    return { lock: "segment", seg: blockAround(this.#memory.blocks, pointer >>> 0)?.owner ?? null };
  }
}
