import type { BlockId } from "./services.js";

/**
 * Typed contents of kernel memory blocks, for drivers written in TypeScript. A driver keeps all of its private state in
 * blocks that it got from `kmem_alloc` or `kmem_zalloc`, as arrays of cells; the cells are immutable values and live in
 * the kernel's state, so that a snapshot of the kernel is a snapshot of the driver. Reading and writing memory is no
 * kernel call: nothing here is recorded.
 *
 * A driver asks for one `Cells<T>` for each type of block it has, once, when it is made:
 *
 * ```ts
 * const data = kernel.cells<SegmentData>(); // blocks of one cell
 * const map = kernel.cells<MapCell>(); // blocks of a cell for each page
 * const block = kernel.kmem_alloc(pages * CELL_BYTES);
 * map.fill(block, new Array(pages).fill(UNWRITTEN));
 * map.write(block, 2, { ...cell, type: "empty" });
 * ```
 */
export interface Cells<T> {
  /**
   * Lays cells over a live block, all of them at once; how many there are is the block's size from then on. Says what an
   * allocation holds before it is written (the pattern, or zeros), or writes the whole. Panics if the block is not live.
   */
  fill(block: BlockId, cells: readonly T[]): void;

  /**
   * The cells of a block, the same array as long as nothing was written to it; `undefined` if the block is not live or
   * these cells were never laid over it. An index outside the array reads `undefined`: what lies there has no meaning.
   */
  read(block: BlockId): readonly T[] | undefined;

  /**
   * Writes one cell. Panics with "write outside an allocation" if the block is not live or has no such cell. Writing the
   * identical value (`===`) leaves the array the same.
   */
  write(block: BlockId, index: number, cell: T): void;
}

/** What the kernel offers a TypeScript driver besides `KernelServices`. `Kernel` implements both. */
export interface DriverMemory {
  /** A view of blocks whose cells are of type T. Only the view that filled a block can read or write it. */
  cells<T>(): Cells<T>;

  /**
   * Makes `block` the segment's private data (what `s_data` points to). Panics if the segment has data already or is not there.
   */
  attach(seg: number, block: BlockId): void;

  /** The block that was attached to the segment; `null` before that and once the segment is freed. */
  attached(seg: number): BlockId | null;
}
