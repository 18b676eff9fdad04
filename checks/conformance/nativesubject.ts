import type { Machine } from "../../impl/driver.js";
import { type CallLimits, loadNative, nativeDriver } from "../../impl/native/index.js";
import type { NativeModule } from "../../impl/native/module.js";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import type { Subject } from "./subject.js";

/**
 * A C driver, compiled once for each SEGMF_MAX_GREFS. All errata are suspected of what it does wrong: it may be the
 * shipped driver, or one that has some of them mended. `open` rejects with a `NativeError`.
 */
export function nativeSubject(path: string, limits: CallLimits = {}): Subject {
  const modules = new Map<number, Promise<NativeModule>>();
  return {
    name: path,
    suspects: ILLUMOS,
    plan: { kind: "native", path, ...(Object.keys(limits).length === 0 ? {} : { limits }) },
    open: async (machine: Machine) => {
      let module = modules.get(machine.maxGrefs);
      if (module === undefined) {
        module = loadNative(path, machine);
        modules.set(machine.maxGrefs, module);
      }
      return nativeDriver({ ...(await module), limits }, machine);
    },
  };
}
