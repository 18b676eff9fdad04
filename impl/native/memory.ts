import type { Footprint } from "../kernel/footprint.js";
import { PATTERN } from "../kernel/kmem.js";
import type { BlockId } from "../kernel/services.js";
import type { Block } from "./blocks.js";
import { blockAt, freeZone, zoneAddress, zonesEnd } from "./blocks.js";
import type { Content, Range } from "./contents.js";
import { LiveContents } from "./contents.js";
import { NativeError } from "./errors.js";
import type { DriverExports } from "./exports.js";
import type { SystemLayout } from "./layout.js";
import { readSystemLayout } from "./layout.js";
import type { Stack } from "./memory-map.js";
import {
  CONTROL,
  MAX_SEGMENTS,
  MEMORY_PAGE_BYTES,
  SCRATCH,
  SCRATCH_BYTES,
  SEGMENT_BYTES,
  SEGMENTS,
  SYSTEM,
  ZONE,
  ZONES,
} from "./memory-map.js";
import type { CallLimits } from "./module.js";

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
  /** What each live `struct seg` held, then each block. */
  readonly contents: readonly Content[];
  /** Static data, if the driver ever wrote to it. */
  readonly statics: readonly number[] | null;
}

/** What freed memory and everything else that is dead holds. */
const DEAD = 0xdeadbeef | 0;
/** Read as a status it is negative. */
const STACK_POISON = 0xa5;

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

  #bytes: Uint8Array;
  #blocks: readonly Block[] = [];
  #segments: readonly SegmentSlot[] = [];
  readonly #exports: DriverExports;
  readonly #stack: Stack;
  readonly #limits: Required<CallLimits>;
  /** What the call under way may still allocate. */
  #bytesLeft: number;
  readonly #staticsAtBoot: readonly number[];
  readonly #live = new LiveContents();
  /** Do the ranges that are known as live have to be found anew? */
  #moved = true;
  /** What `contents` said last, and when. */
  #contents: readonly Content[] = [];
  #readAt: number | null = null;
  /** What memory is known to equal, and what it equalled last. */
  #current: SavedMemory | null = null;
  #last: SavedMemory | null = null;

  constructor(exports: DriverExports, stack: Stack, limits: Required<CallLimits>, debug: boolean) {
    this.#exports = exports;
    this.#stack = stack;
    this.#limits = limits;
    this.#bytesLeft = limits.bytes;
    this.words = new Int32Array(exports.memory.buffer);
    this.data = new DataView(exports.memory.buffer);
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#reach(ZONES);
    exports.boot(debug ? 1 : 0);
    this.words[CONTROL_WORD + CONTROL.fuel] = this.#limits.steps;
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

  /** The same, static data included. */
  get fullStamp(): number {
    return this.stamp + (this.words[CONTROL_WORD + CONTROL.staticStores] ?? 0);
  }

  /** The driver is about to be called: a poisoned stack, no arguments yet, and enough fuel. */
  begin(): void {
    this.#current = null;
    this.#bytes.fill(STACK_POISON, this.#stack.low, this.#stack.high);
    this.words[CONTROL_WORD + CONTROL.fuel] = this.#limits.steps;
    this.#bytesLeft = this.#limits.bytes;
    this.words[CONTROL_WORD + CONTROL.scratchBytes] = 0;
    this.words[CONTROL_WORD + CONTROL.call] = (this.words[CONTROL_WORD + CONTROL.call] ?? 0) + 1;
  }

  /** Whether the call under way may allocate so much more; it counts as allocated. */
  affords(bytes: number): boolean {
    this.#bytesLeft -= bytes;
    return this.#bytesLeft >= 0;
  }

  /** Tells whose memory the driver's own code has read or written during this call. A block that is gone was touched when it was freed. */
  tell(footprint: Footprint): void {
    const { words } = this;
    const call = words[CONTROL_WORD + CONTROL.call];
    if (words[CONTROL_WORD + CONTROL.lost] === call) footprint.lose();
    for (const { zone, owner } of this.#blocks) {
      if (words[ZONE_TABLE + ZONE.words * zone + ZONE.touched] === call) footprint.touch(owner);
    }
    for (let seg = 0; seg < this.#segments.length; seg++) {
      if (words[(segmentAddress(seg) + this.layout.touched) >> 2] === call) footprint.touch(seg);
    }
  }

  /** Is this static data of the driver or of the runtime? */
  isStatic(address: number, bytes: number): boolean {
    return address >= this.#stack.high && address + bytes <= this.#exports.dataEnd;
  }

  /** Whether the driver's frames are where there is no stack any more. */
  get isStackOver(): boolean {
    return Number(this.#exports.stackPointer.value) < this.#stack.low;
  }

  /** A panic or a trap has unwound the driver, which could not clear its stack itself. */
  unwind(): void {
    this.#exports.stackPointer.value = this.#stack.high;
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
    this.#setSegments([...this.#segments, { live: true, lock: 0 }]);
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
    this.#setBlocks([...this.#blocks, block]);
    this.#enterZone(block);
    this.words.fill(zeroed ? 0 : PATTERN, addr >> 2, (addr + bytes + 3) >> 2);
    this.touch();
    return block;
  }

  free(block: Block): void {
    this.#setBlocks(this.#blocks.filter((other) => other !== block));
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
    const contents = this.contents();
    const saved = { blocks: this.#blocks, segments: this.#segments, contents, statics: this.#staticsIfWritten() };
    if (this.#last === null || !reads(this.#last, saved)) this.#last = saved;
    this.#current = this.#last;
    return this.#last;
  }

  /** Makes memory what it was. Returns false if it was that already. */
  load(saved: SavedMemory): boolean {
    if (saved === this.#current) return false;
    if (saved.blocks !== this.#blocks) {
      for (const block of this.#blocks) this.#clearZone(block);
      for (const block of saved.blocks) this.#enterZone(block);
      this.#setBlocks(saved.blocks);
    }
    if (saved.segments !== this.#segments) this.#loadSlots(saved.segments);
    this.#findRanges();
    this.#live.write(this.words, saved.contents);
    this.#loadStatics(saved.statics);
    this.#current = saved;
    this.#last = saved;
    this.touch();
    this.#contents = saved.contents;
    this.#readAt = this.stamp;
    return true;
  }

  /** Static data that differs from what it was before the first call: `[index, word]` in order. */
  changedStatics(): readonly (readonly [number, number])[] {
    if (!this.#staticsWritten()) return [];
    return this.#statics()
      .map((word, index) => [index, word] as const)
      .filter(([index, word]) => word !== this.#staticsAtBoot[index]);
  }

  /** What each live `struct seg` holds, then each block. What did not change is the same array. */
  contents(): readonly Content[] {
    const { stamp } = this;
    if (this.#readAt !== stamp) {
      this.#findRanges();
      this.#contents = this.#live.read(this.words);
      this.#readAt = stamp;
    }
    return this.#contents;
  }

  /** What the block at this place among `blocks` holds. */
  contentOf(block: number): Content | undefined {
    let at = block;
    for (const { live } of this.#segments) if (live) at++;
    return this.contents()[at];
  }

  #findRanges(): void {
    if (!this.#moved) return;
    const ranges: Range[] = [];
    for (let seg = 0; seg < this.#segments.length; seg++) {
      const first = segmentAddress(seg) >> 2;
      if (this.#segments[seg]?.live === true) ranges.push({ first, end: first + (this.layout.segBytes >> 2) });
    }
    for (const { addr, bytes } of this.#blocks) ranges.push({ first: addr >>> 2, end: (addr + bytes + 3) >>> 2 });
    this.#live.setRanges(ranges);
    this.#moved = false;
    this.#readAt = null;
  }

  #setBlocks(blocks: readonly Block[]): void {
    this.#blocks = blocks;
    this.#moved = true;
  }

  #setSegments(segments: readonly SegmentSlot[]): void {
    this.#segments = segments;
    this.#moved = true;
  }

  #setSlot(seg: number, slot: SegmentSlot): void {
    this.#setSegments(this.#segments.with(seg, slot));
  }

  #loadSlots(slots: readonly SegmentSlot[]): void {
    this.#setSegments(slots);
    this.words[CONTROL_WORD + CONTROL.segments] = slots.length;
    slots.forEach(({ live }, seg) => {
      this.words[(segmentAddress(seg) + this.layout.live) >> 2] = live ? 1 : 0;
    });
  }

  #enterZone({ zone, addr, bytes }: Block): void {
    this.words[ZONE_TABLE + ZONE.words * zone + ZONE.low] = addr | 0;
    this.words[ZONE_TABLE + ZONE.words * zone + ZONE.high] = (addr + bytes) | 0;
  }

  #clearZone({ zone }: Block): void {
    this.words[ZONE_TABLE + ZONE.words * zone + ZONE.low] = 0;
    this.words[ZONE_TABLE + ZONE.words * zone + ZONE.high] = 0;
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
    this.#bytes = new Uint8Array(memory.buffer);
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
  return a.blocks === b.blocks && a.segments === b.segments && a.contents === b.contents && same(a.statics, b.statics);
}

function same(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === null || b === null) return a === b;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
