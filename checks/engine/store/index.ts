/**
 * The visited states of an exploration: exact keys of a few 32-bit words in typed arrays, found by hashing (or directly,
 * where there are few possible keys), with the parent and the event that first led to each. Knows nothing of machines.
 */

export {
  type Ancestry,
  type AncestryShape,
  ancestryBytes,
  ancestryShape,
  readAncestry,
  writeAncestry,
} from "./ancestry.js";
export { Budget } from "./budget.js";
export { createStore } from "./create.js";
export { StoreError } from "./errors.js";
export { loadStore, saveStore } from "./image.js";
export { type Convert, repackStore } from "./repack.js";
export type { Store, Tuning } from "./store.js";
