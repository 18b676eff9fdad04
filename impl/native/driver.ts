import type { Driver, Machine } from "../driver.js";
import { CallerError } from "../kernel/errors.js";
import { hostDriver } from "../kernel/host.js";
import { Kernel } from "../kernel/kernel.js";
import type { NativeModule } from "./module.js";
import { NativeOps } from "./ops.js";

/**
 * A compiled `seg_mf.c` on a new strict kernel: the same to whoever drives it as a driver written in TypeScript. A module
 * serves any number of drivers, each with a memory of its own. `machine.maxGrefs` must be what the module was compiled for.
 */
export function nativeDriver(module: NativeModule, machine: Machine): Driver {
  if (machine.maxGrefs !== module.maxGrefs) {
    throw new CallerError(`${module.path} was compiled for ${module.maxGrefs} refs a call, not ${machine.maxGrefs}`);
  }
  const kernel = new Kernel(machine);
  return hostDriver(kernel, new NativeOps(module, kernel));
}
