import type { Cells } from "./cells.js";
import type { Footprint } from "./footprint.js";
import * as kmem from "./kmem.js";
import type { OrBreach, PanicReason } from "./panic.js";
import type { BlockId } from "./services.js";
import type { KernelState } from "./state.js";
import { withKmem } from "./state.js";

/** Whoever keeps the state and ends runs: the kernel. */
interface StateKeeper {
  state: KernelState;
  readonly footprint: Footprint;
  stop(reason: PanicReason): never;
}

/** `Cells` over the blocks in a kernel's state. */
export class BlockCells<T> implements Cells<T> {
  readonly #kernel: StateKeeper;

  constructor(kernel: StateKeeper) {
    this.#kernel = kernel;
  }

  fill(block: BlockId, cells: readonly T[]): void {
    this.#touch(block);
    this.#store(kmem.fill(this.#kernel.state.kmem, block, { owner: this, cells }));
  }

  read(block: BlockId): readonly T[] | undefined {
    const contents = this.#touch(block)?.contents;
    if (contents === undefined || contents === null || contents.owner !== this) return undefined;
    // Only `fill` and `write` of this very object lay cells that it owns, and theirs are of type T.
    return contents.cells as readonly T[];
  }

  write(block: BlockId, index: number, cell: T): void {
    this.#touch(block);
    this.#store(kmem.write(this.#kernel.state.kmem, block, this, index, cell));
  }

  /** Finds a live block, and touches the segment whose it is. */
  #touch(id: BlockId): kmem.Block | undefined {
    const block = kmem.find(this.#kernel.state.kmem, id);
    if (block === undefined) this.#kernel.footprint.lose();
    else this.#kernel.footprint.touch(block.owner);
    return block;
  }

  #store(next: OrBreach<kmem.Kmem>): void {
    if (typeof next === "string") this.#kernel.stop(next);
    if (next !== this.#kernel.state.kmem) this.#kernel.state = withKmem(this.#kernel.state, next);
  }
}
