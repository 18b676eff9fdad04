import type { OrBreach } from "./panic.js";
import { PanicReason } from "./panic.js";
import type { BlockId } from "./services.js";

/**
 * Kernel memory (contract section 4, kmem): which blocks are live, how big each is, and what a TypeScript driver keeps in
 * it. Blocks are numbered 1, 2, 3... in the order of allocation. What lies around a block is nobody's: a write there is a breach.
 */
export interface Kmem {
  /** The live blocks, in order of allocation. */
  readonly blocks: readonly Block[];
  readonly nextBlock: BlockId;
}

export interface Block {
  readonly id: BlockId;
  /** The segment that it belongs to: the one it was allocated for, or that it was attached to since. */
  readonly owner: number;
  readonly bytes: number;
  /** What it held when it was allocated: zeros, or the pattern. */
  readonly zeroed: boolean;
  /** The cells laid over it, and by whom; `null` before that. */
  readonly contents: Contents | null;
}

export interface Contents {
  /** The `Cells` that laid them: the only one to know their type. */
  readonly owner: object;
  readonly cells: readonly unknown[];
}

/** What memory that is allocated and not zeroed holds: 32 bits, over and over. */
export const PATTERN = 0xbaddcafe;
/** The pattern as a 64-bit word that starts at a multiple of 4 bytes reads it. */
export const PATTERN_WORD = 0xbaddcafe_baddcafen;

export const NO_MEMORY: Kmem = { blocks: [], nextBlock: 1 };

/** Allocates the block `kmem.nextBlock`, for the segment `owner`. */
export function allocate(kmem: Kmem, bytes: number, zeroed: boolean, owner: number): OrBreach<Kmem> {
  if (!Number.isSafeInteger(bytes) || bytes <= 0) return PanicReason.badSize;
  const block: Block = { id: kmem.nextBlock, owner, bytes, zeroed, contents: null };
  return { blocks: [...kmem.blocks, block], nextBlock: kmem.nextBlock + 1 };
}

export function free(kmem: Kmem, id: BlockId, bytes: number): OrBreach<Kmem> {
  const block = find(kmem, id);
  if (block === undefined) return PanicReason.freeNoBlock;
  if (block.bytes !== bytes) return PanicReason.freeOtherSize;
  return { blocks: kmem.blocks.filter((other) => other !== block), nextBlock: kmem.nextBlock };
}

export function find(kmem: Kmem, id: BlockId): Block | undefined {
  for (const block of kmem.blocks) {
    if (block.id === id) return block;
  }
  return undefined;
}

/** The block is another segment's from now on. */
export function give(kmem: Kmem, id: BlockId, owner: number): Kmem {
  const block = find(kmem, id);
  if (block === undefined || block.owner === owner) return kmem;
  return { blocks: kmem.blocks.with(kmem.blocks.indexOf(block), { ...block, owner }), nextBlock: kmem.nextBlock };
}

/** Lays cells over a live block, in place of any that it had. */
export function fill(kmem: Kmem, id: BlockId, contents: Contents): OrBreach<Kmem> {
  const block = find(kmem, id);
  return block === undefined ? PanicReason.writeOutside : replace(kmem, block, contents);
}

/** Writes one cell of those that `owner` laid over the block. */
export function write(kmem: Kmem, id: BlockId, owner: object, index: number, cell: unknown): OrBreach<Kmem> {
  const block = find(kmem, id);
  const contents = block?.contents;
  if (block === undefined || contents === undefined || contents === null || contents.owner !== owner) {
    return PanicReason.writeOutside;
  }
  if (!Number.isInteger(index) || index < 0 || index >= contents.cells.length) return PanicReason.writeOutside;
  if (contents.cells[index] === cell) return kmem;
  const cells = contents.cells.slice();
  cells[index] = cell;
  return replace(kmem, block, { owner, cells });
}

function replace(kmem: Kmem, block: Block, contents: Contents): Kmem {
  const blocks = kmem.blocks.slice();
  blocks[blocks.indexOf(block)] = {
    id: block.id,
    owner: block.owner,
    bytes: block.bytes,
    zeroed: block.zeroed,
    contents,
  };
  return { blocks, nextBlock: kmem.nextBlock };
}
