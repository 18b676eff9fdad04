import type { Kernel } from "../kernel/kernel.js";
import { PanicReason } from "../kernel/panic.js";
import { placedAlone } from "./blocks.js";
import type { DriverExports } from "./exports.js";
import { mapBytes, mapGrantRefs, unmapBytes, unmapGrantRefs } from "./grants.js";
import type { LinearMemory } from "./memory.js";
import { ZONE_BYTES } from "./memory-map.js";
import type { Pointers } from "./pointers.js";
import { protOf } from "./words.js";

/** What the imports work on. It can only be there once the module is, so they ask for it at each call. */
export interface Surroundings {
  readonly kernel: Kernel;
  readonly memory: LinearMemory;
  readonly pointers: Pointers;
  readonly exports: DriverExports;
}

type Ask = () => Surroundings;

/**
 * The kernel functions that a compiled driver calls (kernel.c, checks.c), on the kernel that all drivers share. Words come
 * as signed numbers. Whatever the driver passes, the result is a kernel call or a panic.
 */
export function kernelImports(ask: Ask): WebAssembly.Imports {
  return {
    kernel: {
      // A store below the stack while the stack has run over is the stack's.
      store_outside: () => ask().kernel.stop(ask().memory.isStackOver ? PanicReason.stack : PanicReason.writeOutside),
      out_of_fuel: () => ask().kernel.stop(PanicReason.hangs),
      panic: () => ask().kernel.panic(PanicReason.driver),
      assertion_failed: () => ask().kernel.stop(PanicReason.assertion),
      ...memoryImports(ask),
      ...mutexImports(ask),
      ...vnodeImports(ask),
      ...hatImports(ask),
      ...hypercallImports(ask),
      as_isunmapwait: (as: number) => Number(ask().kernel.as_isunmapwait(ask().pointers.addressSpace(as))),
      as_clrunmapwait: (as: number) => ask().kernel.as_clrunmapwait(ask().pointers.addressSpace(as)),
      cv_broadcast: (cv: number) => ask().kernel.cv_broadcast(ask().pointers.cv(cv)),
      seg_free: (seg: number) => ask().kernel.seg_free(ask().pointers.segment(seg)),
    },
  };
}

/** The same, with each call told before it is made. */
export function announced(imports: WebAssembly.Imports, calling: () => void): WebAssembly.Imports {
  const tell =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      calling();
      return call(...args);
    };
  const all = Object.entries(imports).map(([module, members]) => [
    module,
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        typeof value === "function" ? tell(value as (...args: unknown[]) => unknown) : value,
      ]),
    ),
  ]);
  return Object.fromEntries(all) as WebAssembly.Imports;
}

function memoryImports(ask: Ask): WebAssembly.ModuleImports {
  return {
    kmem_alloc(size: number, zeroed: number) {
      const { kernel, memory } = ask();
      const owner = kernel.allocatesFor;
      const bytes = size >>> 0;
      const id = zeroed === 0 ? kernel.kmem_alloc(bytes) : kernel.kmem_zalloc(bytes);
      // More than there can be on any machine of this size: the real kernel would wait for ever.
      if (bytes > ZONE_BYTES) kernel.stop(PanicReason.badSize);
      if (!memory.affords(bytes)) kernel.stop(PanicReason.memory);
      const block = memory.allocate(id, owner, bytes, zeroed !== 0);
      if (!placedAlone(memory.blocks, block)) kernel.footprint.lose();
      return block.addr;
    },
    kmem_free(pointer: number, size: number) {
      const { kernel, memory } = ask();
      const block = memory.blockAt(pointer >>> 0);
      kernel.kmem_free(block?.id ?? NO_BLOCK, size >>> 0);
      if (block !== undefined) memory.free(block);
    },
  };
}

/** Blocks are numbered from 1. */
const NO_BLOCK = 0;

function mutexImports(ask: Ask): WebAssembly.ModuleImports {
  return {
    mutex_init(pointer: number) {
      const { kernel, memory, pointers } = ask();
      const lock = pointers.newLock(pointer);
      kernel.mutex_init(lock);
      if (lock.seg !== null) memory.setLock(lock.seg, pointer);
    },
    mutex_destroy(pointer: number) {
      const { kernel, memory, pointers } = ask();
      const lock = pointers.lock(pointer);
      kernel.mutex_destroy(lock);
      if (lock.seg !== null) memory.setLock(lock.seg, 0);
    },
    mutex_enter: (pointer: number) => ask().kernel.mutex_enter(ask().pointers.lock(pointer)),
    mutex_exit: (pointer: number) => ask().kernel.mutex_exit(ask().pointers.lock(pointer)),
    mutex_owned: (pointer: number) => Number(ask().kernel.owns(ask().pointers.lock(pointer))),
  };
}

function vnodeImports(ask: Ask): WebAssembly.ModuleImports {
  return {
    specfind: () => ask().kernel.specfind(),
    vn_hold(vp: number) {
      ask().pointers.checkVnode(vp);
      ask().kernel.vn_hold();
    },
    vn_rele(vp: number) {
      ask().pointers.checkVnode(vp);
      ask().kernel.vn_rele();
    },
    vop_addmap(vp: number, as: number, addr: number, len: number, prot: number, maxprot: number) {
      const { kernel, pointers } = ask();
      pointers.checkVnode(vp);
      return kernel.vop_addmap(pointers.addressSpace(as), addr >>> 0, len >>> 0, protOf(prot), protOf(maxprot));
    },
    vop_delmap(vp: number, as: number, addr: number, len: number, prot: number, maxprot: number) {
      const { kernel, pointers } = ask();
      pointers.checkVnode(vp);
      return kernel.vop_delmap(pointers.addressSpace(as), addr >>> 0, len >>> 0, protOf(prot), protOf(maxprot));
    },
  };
}

function hatImports(ask: Ask): WebAssembly.ModuleImports {
  return {
    hat_map: (hat: number, addr: number, len: number) =>
      ask().kernel.hat_map(ask().pointers.hat(hat), addr >>> 0, len >>> 0),
    hat_devload(hat: number, addr: number, len: number, throwaway: number, lock: number) {
      const { kernel, pointers } = ask();
      // The contract knows no other frame to load than the throwaway one.
      if (throwaway === 0) kernel.stop(PanicReason.trap);
      kernel.hat_devload(pointers.hat(hat), addr >>> 0, len >>> 0, lock !== 0);
    },
    hat_unlock: (hat: number, addr: number, len: number) =>
      ask().kernel.hat_unlock(ask().pointers.hat(hat), addr >>> 0, len >>> 0),
    hat_unload: (hat: number, addr: number, len: number, unlock: number) =>
      ask().kernel.hat_unload(ask().pointers.hat(hat), addr >>> 0, len >>> 0, unlock !== 0),
  };
}

function hypercallImports(ask: Ask): WebAssembly.ModuleImports {
  return {
    update_va_mapping_otherdomain(va: number, mfn: bigint, usable: number, writable: number, domid: number) {
      const { kernel } = ask();
      // The contract knows no other entry than a valid one for user space that maps a foreign frame.
      if (usable === 0) kernel.stop(PanicReason.trap);
      return kernel.update_va_mapping_otherdomain(va >>> 0, BigInt.asUintN(64, mfn), writable !== 0, domid & 0xffff);
    },
    map_grant_ref(ops: number, count: number) {
      const { kernel, memory, exports } = ask();
      exports.checkLoad(ops, mapBytes(count >>> 0));
      exports.checkStore(ops, mapBytes(count >>> 0));
      return mapGrantRefs(kernel, memory, ops >>> 0, count >>> 0);
    },
    unmap_grant_ref(ops: number, count: number) {
      const { kernel, memory, exports } = ask();
      exports.checkLoad(ops, unmapBytes(count >>> 0));
      exports.checkStore(ops, unmapBytes(count >>> 0));
      return unmapGrantRefs(kernel, memory, ops >>> 0, count >>> 0);
    },
  };
}
