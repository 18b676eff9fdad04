import type { BlockId } from "../kernel/services.js";
import { NativeError } from "./errors.js";
import { ZONE_BYTES, ZONE_COUNT, ZONES, ZONES_PER_SEGMENT } from "./memory-map.js";

/** A live block of kernel memory, at the beginning of a zone of its own. */
export interface Block {
  readonly id: BlockId;
  /** The segment that was under call when it was allocated (at a fork: the child). */
  readonly owner: number;
  readonly zone: number;
  readonly addr: number;
  readonly bytes: number;
}

export function zoneAddress(zone: number): number {
  return ZONES + zone * ZONE_BYTES;
}

/** Did nothing but its segment's own blocks decide which zone a block got? Beyond the segment's own zones everybody's do. */
export function placedAlone(blocks: readonly Block[], { zone, owner }: Block): boolean {
  const isIn = (at: number): boolean => Math.floor(at / ZONES_PER_SEGMENT) === owner;
  return isIn(zone) && blocks.every((block) => block.owner === owner || !isIn(block.zone));
}

/** Where the zones end that a segment has to itself. */
export function zonesEnd(seg: number): number {
  return zoneAddress((seg + 1) * ZONES_PER_SEGMENT);
}

/**
 * The zone for a new block: one of the segment's own, else the last that no segment needs yet. It depends on what is live
 * and on nothing else, so that equal states have equal addresses. Throws `NativeError` of kind `capacity` if there is none.
 */
export function freeZone(blocks: readonly Block[], owner: number, segments: number): number {
  const own = owner * ZONES_PER_SEGMENT;
  const isFree = (zone: number): boolean => !blocks.some((block) => block.zone === zone);
  for (let zone = own; zone < own + ZONES_PER_SEGMENT; zone++) if (isFree(zone)) return zone;
  for (let zone = ZONE_COUNT - 1; zone >= segments * ZONES_PER_SEGMENT; zone--) if (isFree(zone)) return zone;
  throw new NativeError({ kind: "capacity", detail: `no room for more than ${blocks.length} blocks of kernel memory` });
}

/** The block that begins at this address. */
export function blockAt(blocks: readonly Block[], addr: number): Block | undefined {
  for (const block of blocks) if (block.addr === addr) return block;
  return undefined;
}

/** The block that this address is inside of. */
export function blockAround(blocks: readonly Block[], addr: number): Block | undefined {
  return blocks.find((block) => addr >= block.addr && addr < block.addr + block.bytes);
}
