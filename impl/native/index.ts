/** Any `seg_mf.c` as a driver: compile it with `loadNative`, then make drivers of it with `nativeDriver`. */
export { toolchainAside } from "./aside.js";
export { defaultCacheFolder, isOurs } from "./cache.js";
export { nativeDriver } from "./driver.js";
export { NativeError, type NativeProblem } from "./errors.js";
export { compileFile, compileText, type LoadOptions, loadNative } from "./load.js";
export { type CallLimits, MODULE_FORMAT, openModule } from "./module.js";
export { loadPlaced, type Offsets, type Place } from "./places.js";
