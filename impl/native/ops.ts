import type { AccessType, FaultType, Machine, PassiveCall, Prot, Returned, Word } from "../driver.js";
import { decodeFault } from "../kernel/faultcode.js";
import type { Kernel } from "../kernel/kernel.js";
import type { DriverOps, PrivateView } from "../kernel/ops.js";
import { PanicReason } from "../kernel/panic.js";
import { PAGE_SIZE, SEGMENT_BASE } from "../kernel/services.js";
import type { DriverExports, WasmFunction, WasmWord } from "./exports.js";
import { exportsOf } from "./exports.js";
import type { Surroundings } from "./imports.js";
import { announced, kernelImports } from "./imports.js";
import { KeyWriter } from "./key.js";
import { readDriverLayout } from "./layout.js";
import type { SavedMemory } from "./memory.js";
import { LinearMemory, segmentAddress } from "./memory.js";
import { fuelFor, stackFor } from "./memory-map.js";
import type { NativeModule } from "./module.js";
import { PASSIVE, rangeOf, signed } from "./passive.js";
import { Pointers } from "./pointers.js";
import { OpsVector } from "./slots.js";
import type { Sight } from "./view.js";
import { Viewer } from "./view.js";
import { protBits } from "./words.js";

/** The values of `enum fault_type` and `enum seg_rw` (vm/seg.h). */
const FAULT_TYPES: Readonly<Record<FaultType, number>> = { invalid: 0, prot: 1, softlock: 2, softunlock: 3 };
const ACCESS_TYPES: Readonly<Record<AccessType, number>> = { other: 0, read: 1, write: 2, exec: 3 };

/**
 * Where an address or a length of an unmap is beyond it, it is cut down to this, and keeps its place in the page: pointers
 * have 32 bits here, and sums of them must not wrap around where on LP64 they don't.
 */
const HIGHEST = 0x4000_0000;

interface Saved {
  readonly memory: SavedMemory;
  /** How it was seen, so that it need not be looked at again. */
  readonly sights: readonly Sight[];
}

/** A compiled driver as the kernel's host wants it. One instance of the module, with a memory of its own. */
export class NativeOps implements DriverOps {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #machine: Machine;
  readonly #exports: DriverExports;
  readonly #memory: LinearMemory;
  readonly #vector: OpsVector;
  readonly #viewer: Viewer;
  readonly #key: KeyWriter;

  constructor({ path, module, maxGrefs, calling, limits = {} }: NativeModule, kernel: Kernel) {
    this.name = path;
    this.#kernel = kernel;
    this.#machine = kernel.machine;
    let surroundings: Surroundings | null = null;
    const imports = kernelImports(() => {
      if (surroundings === null) throw new Error("the module called the kernel before it was booted");
      return surroundings;
    });
    this.#exports = exportsOf(
      new WebAssembly.Instance(module, calling === undefined ? imports : announced(imports, calling)),
    );
    this.#memory = new LinearMemory(
      this.#exports,
      stackFor(maxGrefs),
      { steps: fuelFor(this.#machine.pages), bytes: Number.POSITIVE_INFINITY, ...limits },
      kernel.debug,
    );
    this.#vector = new OpsVector(kernel, this.#memory, this.#exports);
    const layout = readDriverLayout(this.#memory.words, Number(this.#exports.driverLayout()));
    this.#viewer = new Viewer(this.#memory, layout, this.#machine.pages);
    this.#key = new KeyWriter(this.#memory, layout, this.#viewer);
    surroundings = {
      kernel,
      memory: this.#memory,
      pointers: new Pointers(kernel, this.#memory),
      exports: this.#exports,
    };
  }

  create(seg: number, prot: Prot, maxprot: Prot): number {
    this.#addSegment();
    return this.#number(this.#exports.create, segmentAddress(seg), protBits(prot), protBits(maxprot));
  }

  dup(seg: number, into: number): number {
    this.#addSegment();
    return this.#number(this.#vector.slot(seg, "dup"), segmentAddress(seg), segmentAddress(into));
  }

  unmap(seg: number, addr: number, len: number): number {
    const words = [within32Bits(addr), within32Bits(len)];
    return this.#number(this.#vector.slot(seg, "unmap"), segmentAddress(seg), ...words);
  }

  free(seg: number): void {
    this.#call(this.#vector.slot(seg, "free"), segmentAddress(seg));
    this.#memory.dropSegment(seg);
  }

  fault(seg: number, addr: number, len: number, type: FaultType, rw: AccessType): number {
    const at = segmentAddress(seg);
    const hat = at + this.#memory.layout.hat;
    const slot = this.#vector.slot(seg, "fault");
    return decodeFault(this.#number(slot, hat, at, addr, len, FAULT_TYPES[type], ACCESS_TYPES[rw]));
  }

  passive(call: PassiveCall): Returned {
    const shape = PASSIVE[call.call];
    const { addr, len } = rangeOf(call);
    const pointer = shape.buffer === undefined ? 0 : this.#memory.scratch(shape.buffer(call));
    const slot = this.#vector.slot(call.seg, call.call);
    const result = this.#call(slot, segmentAddress(call.seg), ...shape.arguments(call, addr, len, pointer));
    return (shape.result ?? signed)(result);
  }

  add_mfns(seg: number, addr: number, mfn: Word, count: number, domid: number, foreign: boolean): number {
    return this.#asForeign(seg, foreign, () =>
      this.#number(this.#exports.addMfns, segmentAddress(seg), addr, mfn, count, domid),
    );
  }

  add_gref_pte(seg: number, addr: number, pte_ma: Word): void {
    this.#call(this.#exports.addGrefPte, segmentAddress(seg), addr, pte_ma);
  }

  add_grefs(
    seg: number,
    addr: number,
    writable: boolean,
    grefs: readonly number[],
    domid: number,
    foreign: boolean,
  ): number {
    const refs = this.#memory.scratch(grefs.length * 4);
    this.#memory.words.set(grefs, refs >> 2);
    const words = [addr, Number(writable), refs, grefs.length, domid];
    return this.#asForeign(seg, foreign, () => this.#number(this.#exports.addGrefs, segmentAddress(seg), ...words));
  }

  release_grefs(seg: number, addr: number, count: number): number {
    return this.#number(this.#exports.releaseGrefs, segmentAddress(seg), addr, count);
  }

  poison(): void {
    this.#memory.begin();
  }

  view(seg: number): PrivateView | null {
    return this.#viewer.view(seg);
  }

  privateKey(seg: number, handle: (handle: number) => string): string {
    for (const owner of this.#viewer.ownersOf(seg)) this.#kernel.footprint.touch(owner);
    return this.#key.key(seg, handle);
  }

  stamp(): number {
    return this.#memory.fullStamp;
  }

  sharedKey(): string {
    return this.#key.sharedKey();
  }

  save(): unknown {
    const saved: Saved = { memory: this.#memory.save(), sights: this.#viewer.sights() };
    return saved;
  }

  load(saved: unknown): void {
    // What the host hands back is what `save` gave it.
    const { memory, sights } = saved as Saved;
    if (this.#memory.load(memory)) this.#viewer.recall(sights);
  }

  #addSegment(): void {
    this.#memory.addSegment(SEGMENT_BASE, this.#machine.pages * PAGE_SIZE);
  }

  #asForeign(seg: number, foreign: boolean, act: () => number): number {
    if (!foreign) return act();
    const own = this.#vector.vector(seg);
    this.#vector.setVector(seg, this.#memory.layout.foreignOps);
    const result = act();
    this.#vector.setVector(seg, own);
    return result;
  }

  #number(entry: WasmFunction, ...words: WasmWord[]): number {
    return Number(this.#call(entry, ...words));
  }

  /** Calls into the module. Where the processor would notice that the driver stumbled, the kernel panics. */
  #call(entry: WasmFunction, ...words: WasmWord[]): WasmWord | undefined {
    try {
      return entry(...words);
    } catch (error) {
      const reason = stumbled(error, this.#memory.isStackOver);
      this.#memory.unwind();
      // What it stumbled over may have been anything.
      if (reason === null) throw error;
      this.#kernel.footprint.lose();
      return this.#kernel.stop(reason);
    } finally {
      this.#memory.tell(this.#kernel.footprint);
    }
  }
}

/** What the driver stumbled over, if that is what was thrown. Engines report a stack that ran over as a range error. */
function stumbled(error: unknown, isStackOver: boolean): PanicReason | null {
  if (error instanceof WebAssembly.RuntimeError) return isStackOver ? PanicReason.stack : PanicReason.trap;
  return error instanceof RangeError && /call stack/i.test(error.message) ? PanicReason.stack : null;
}

function within32Bits(bytes: number): number {
  return bytes > HIGHEST ? HIGHEST + (bytes % PAGE_SIZE) : bytes;
}
