import { PATTERN } from "../kernel/kmem.js";
import type { BlockId } from "../kernel/services.js";
import type { Block } from "./blocks.js";
import { blockAt, freeZone, zoneAddress, zonesEnd } from "./blocks.js";
import { NativeError } from "./errors.js";
import type { DriverExports } from "./exports.js";
import type { SystemLayout } from "./layout.js";
import { readSystemLayout } from "./layout.js";
import type { Stack } from "./memory-map.js";
import {
  CONTROL,
  FUEL,
  MAX_SEGMENTS,
  MEMORY_PAGE_BYTES,
  SCRATCH,
  SCRATCH_BYTES,
  SEGMENT_BYTES,
  SEGMENTS,
  SYSTEM,
  ZONES,
} from "./memory-map.js";

/** What the host knows of a segment besides its bytes. */
export interface SegmentSlot {
  /** Does the kernel still have its `struct seg`? */
  readonly live: boolean;
  /** The address of its initialised mutex; 0 while it has none. */
  readonly lock: number;
}

/** The live parts of a driver's memory at one moment. Immutable: two equal memories may share one. */
export interface SavedMemory {
  readonly blocks: readonly Block[];
  readonly segments: readonly SegmentSlot[];
  /** The words of each live `struct seg`, then of each block. */
  readonly words: readonly number[];
  /** Static data, if the driver ever wrote to it. */
  readonly statics: readonly number[] | null;
}

/** What freed memory and everything else that is dead holds. */
export const DEAD = 0xdeadbeef | 0;

const CONTROL_WORD = SYSTEM >> 2;
const ZONE_TABLE = CONTROL_WORD + CONTROL.zones;

/**
 * A driver's linear memory: its blocks of kernel memory, the kernel's structures of its segments, its stack and its
 * static data. Only the live parts are ever copied: a few words for a small segment.
 */
export class LinearMemory {
  readonly layout: SystemLayout;
  /** The whole memory. Another object after it has grown. */
  words: Int32Array;
  data: DataView;

  #blocks: readonly Block[] = [];
  #segments: readonly SegmentSlot[] = [];
  readonly #exports: DriverExports;
  readonly #stack: Stack;
  readonly #staticsAtBoot: readonly number[];
  /** What memory is known to equal, and what it equalled last. */
  #current: SavedMemory | null = null;
  #last: SavedMemory | null = null;

  constructor(exports: DriverExports, stack: Stack, debug: boolean) {
    this.#exports = exports;
    this.#stack = stack;
    this.words = new Int32Array(exports.memory.buffer);
    this.data = new DataView(exports.memory.buffer);
    this.#reach(ZONES);
    exports.boot(debug ? 1 : 0);
    this.layout = readSystemLayout(this.words, Number(exports.systemLayout()));
    this.#staticsAtBoot = this.#statics();
    if (exports.dataEnd > SYSTEM)
      throw new NativeError({ kind: "capacity", detail: "the driver's static data is too large" });
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get segments(): readonly SegmentSlot[] {
    return this.#segments;
  }

  /** Changes whenever kernel memory or a segment may read differently than before. */
  get stamp(): number {
    return this.words[CONTROL_WORD + CONTROL.heapStores] ?? 0;
  }

  /** The driver is about to be called: an empty, poisoned stack, no arguments yet, and enough fuel. */
  begin(): void {
    this.#current = null;
    this.#exports.stackPointer.value = this.#stack.high;
    this.words.fill(DEAD, this.#stack.low >> 2, this.#stack.high >> 2);
    this.words[CONTROL_WORD + CONTROL.fuel] = FUEL;
    this.words[CONTROL_WORD + CONTROL.scratchBytes] = 0;
  }

  /** Makes room for arguments that the driver gets a pointer to; returns their address. Once a call. */
  scratch(bytes: number): number {
    if (bytes > SCRATCH_BYTES)
      throw new NativeError({ kind: "capacity", detail: `no room for ${bytes} bytes of arguments` });
    this.words[CONTROL_WORD + CONTROL.scratchBytes] = bytes;
    return SCRATCH;
  }

  /** Puts a new segment into a new address space. Its number must be that of the segments before it. */
  addSegment(base: number, bytes: number): void {
    const seg = this.#segments.length;
    if (seg >= MAX_SEGMENTS) {
      throw new NativeError({
        kind: "capacity",
        detail: `a C driver has room for ${MAX_SEGMENTS} segments in one run`,
      });
    }
    this.#reach(zonesEnd(seg));
    this.#segments = [...this.#segments, { live: true, lock: 0 }];
    this.words[CONTROL_WORD + CONTROL.segments] = this.#segments.length;
    this.#exports.makeSegment(seg, base, bytes);
    this.touch();
  }

  /** The kernel has given a segment's `struct seg` back. */
  dropSegment(seg: number): void {
    this.#setSlot(seg, { live: false, lock: 0 });
    const first = segmentAddress(seg) >> 2;
    this.words.fill(DEAD, first, first + (this.layout.segBytes >> 2));
    this.words[(segmentAddress(seg) + this.layout.live) >> 2] = 0;
    this.touch();
  }

  setLock(seg: number, address: number): void {
    const slot = this.#segments[seg];
    if (slot !== undefined) this.#setSlot(seg, { live: slot.live, lock: address });
  }

  allocate(id: BlockId, owner: number, bytes: number, zeroed: boolean): Block {
    const zone = freeZone(this.#blocks, owner, this.#segments.length);
    const addr = zoneAddress(zone);
    this.#reach(addr + bytes);
    const block: Block = { id, owner, zone, addr, bytes };
    this.#blocks = [...this.#blocks, block];
    this.#enterZone(block);
    this.words.fill(zeroed ? 0 : PATTERN, addr >> 2, (addr + bytes + 3) >> 2);
    this.touch();
    return block;
  }

  free(block: Block): void {
    this.#blocks = this.#blocks.filter((other) => other !== block);
    this.#clearZone(block);
    this.touch();
  }

  /** The live block that begins at this address. */
  blockAt(addr: number): Block | undefined {
    return blockAt(this.#blocks, addr);
  }

  /** Kernel memory has changed. */
  touch(): void {
    this.words[CONTROL_WORD + CONTROL.heapStores] = this.stamp + 1;
  }

  save(): SavedMemory {
    if (this.#current !== null) return this.#current;
    const words: number[] = [];
    this.#eachLiveRange((first, end) => {
      for (let i = first; i < end; i++) words.push(this.words[i] ?? 0);
    });
    const saved = { blocks: this.#blocks, segments: this.#segments, words, statics: this.#staticsIfWritten() };
    const same = this.#last !== null && reads(this.#last, saved);
    this.#last = same ? this.#last : saved;
    this.#current = this.#last;
    return this.#last ?? saved;
  }

  load(saved: SavedMemory): void {
    if (saved === this.#current) return;
    if (saved.blocks !== this.#blocks) {
      for (const block of this.#blocks) this.#clearZone(block);
      for (const block of saved.blocks) this.#enterZone(block);
      this.#blocks = saved.blocks;
    }
    if (saved.segments !== this.#segments) this.#loadSlots(saved.segments);
    let next = 0;
    this.#eachLiveRange((first, end) => {
      for (let i = first; i < end; i++) this.words[i] = saved.words[next++] ?? 0;
    });
    this.#loadStatics(saved.statics);
    this.#current = saved;
    this.#last = saved;
    this.touch();
  }

  /** Static data that differs from what it was before the first call: `[index, word]` in order. */
  changedStatics(): readonly (readonly [number, number])[] {
    if (!this.#staticsWritten()) return [];
    return this.#statics()
      .map((word, index) => [index, word] as const)
      .filter(([index, word]) => word !== this.#staticsAtBoot[index]);
  }

  #eachLiveRange(visit: (first: number, end: number) => void): void {
    const segWords = this.layout.segBytes >> 2;
    for (let seg = 0; seg < this.#segments.length; seg++) {
      if (this.#segments[seg]?.live !== true) continue;
      const first = segmentAddress(seg) >> 2;
      visit(first, first + segWords);
    }
    for (const { addr, bytes } of this.#blocks) visit(addr >>> 2, (addr + bytes + 3) >>> 2);
  }

  #setSlot(seg: number, slot: SegmentSlot): void {
    this.#segments = this.#segments.with(seg, slot);
  }

  #loadSlots(slots: readonly SegmentSlot[]): void {
    this.#segments = slots;
    this.words[CONTROL_WORD + CONTROL.segments] = slots.length;
    slots.forEach(({ live }, seg) => {
      this.words[(segmentAddress(seg) + this.layout.live) >> 2] = live ? 1 : 0;
    });
  }

  #enterZone({ zone, addr, bytes }: Block): void {
    this.words[ZONE_TABLE + 2 * zone] = addr | 0;
    this.words[ZONE_TABLE + 2 * zone + 1] = (addr + bytes) | 0;
  }

  #clearZone({ zone }: Block): void {
    this.words[ZONE_TABLE + 2 * zone] = 0;
    this.words[ZONE_TABLE + 2 * zone + 1] = 0;
  }

  #staticsWritten(): boolean {
    return this.words[CONTROL_WORD + CONTROL.staticStores] !== 0;
  }

  #staticsIfWritten(): readonly number[] | null {
    return this.#staticsWritten() ? this.#statics() : null;
  }

  #statics(): readonly number[] {
    return Array.from(this.words.subarray(this.#stack.high >> 2, (this.#exports.dataEnd + 3) >> 2));
  }

  #loadStatics(statics: readonly number[] | null): void {
    if (statics !== null || this.#staticsWritten())
      this.words.set(statics ?? this.#staticsAtBoot, this.#stack.high >> 2);
  }

  /** Sees to it that memory goes at least up to `end`. What was never touched takes no room. */
  #reach(end: number): void {
    const { memory } = this.#exports;
    const missing = end - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / MEMORY_PAGE_BYTES));
    this.words = new Int32Array(memory.buffer);
    this.data = new DataView(memory.buffer);
  }
}

/** The address of a segment's `struct seg`, which its `struct system_segment` begins with. */
export function segmentAddress(seg: number): number {
  return SEGMENTS + seg * SEGMENT_BYTES;
}

/** The segment whose `struct system_segment` has its member at `offset` there; `undefined` if it is none. */
export function segmentWithMember(memory: LinearMemory, address: number, offset: number): number | undefined {
  const seg = (address - offset - SEGMENTS) / SEGMENT_BYTES;
  return Number.isInteger(seg) && seg >= 0 && seg < memory.segments.length ? seg : undefined;
}

function reads(a: SavedMemory, b: SavedMemory): boolean {
  return a.blocks === b.blocks && a.segments === b.segments && same(a.words, b.words) && same(a.statics, b.statics);
}

function same(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === null || b === null) return a === b;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
