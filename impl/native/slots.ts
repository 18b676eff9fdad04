import type { Kernel } from "../kernel/kernel.js";
import { PanicReason } from "../kernel/panic.js";
import type { DriverExports, WasmFunction } from "./exports.js";
import { isWasmFunction } from "./exports.js";
import type { LinearMemory } from "./memory.js";
import { segmentAddress } from "./memory.js";

/** The members of `struct seg_ops` in their order (vm/seg.h). */
const SLOTS = [
  "dup",
  "unmap",
  "free",
  "fault",
  "faulta",
  "setprot",
  "checkprot",
  "kluster",
  "swapout",
  "sync",
  "incore",
  "lockop",
  "getprot",
  "getoffset",
  "gettype",
  "getvp",
  "advise",
  "dump",
  "pagelock",
  "setpagesize",
  "getmemid",
  "getpolicy",
  "capable",
  "inherit",
] as const;

const WORD_BYTES = 4;

export type SlotName = (typeof SLOTS)[number];

/** Reaches a driver's seg_ops: the segment points to its vector, which holds indices into the function table. */
export class OpsVector {
  readonly #kernel: Kernel;
  readonly #memory: LinearMemory;
  readonly #table: WebAssembly.Table;

  constructor(kernel: Kernel, memory: LinearMemory, { table }: DriverExports) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#table = table;
  }

  /** The function in a slot. To call an empty slot, or one of a vector that is nowhere, is a trap. */
  slot(seg: number, name: SlotName): WasmFunction {
    const { words } = this.#memory;
    this.#kernel.footprint.touch(seg);
    const vector = this.vector(seg);
    if (!this.#memory.isStatic(vector, SLOTS.length * WORD_BYTES)) this.#kernel.footprint.lose();
    const index = vector === 0 ? 0 : words[(vector >>> 2) + SLOTS.indexOf(name)];
    // Index 0 of a function table is NULL.
    if (index === undefined || index <= 0 || index >= this.#table.length) return this.#kernel.stop(PanicReason.trap);
    const found: unknown = this.#table.get(index);
    return isWasmFunction(found) ? found : this.#kernel.stop(PanicReason.trap);
  }

  vector(seg: number): number {
    return (this.#memory.words[this.#word(seg)] ?? 0) >>> 0;
  }

  setVector(seg: number, vector: number): void {
    this.#kernel.footprint.touch(seg);
    this.#memory.words[this.#word(seg)] = vector | 0;
    this.#memory.touch();
  }

  #word(seg: number): number {
    return (segmentAddress(seg) + this.#memory.layout.ops) >> 2;
  }
}
