import { build, type IndexedStore, inside } from "./create.js";
import { StoreError } from "./errors.js";
import type { Store, Tuning } from "./store.js";

/** Writes to `to[toAt]` and onwards the new key of the state whose old key is `from[fromAt]` and onwards. */
export type Convert = (from: Int32Array, fromAt: number, to: Int32Array, toAt: number) => void;

export interface RepackOptions {
  /** How many values a new key of one word may take, as in `StoreOptions`. */
  readonly range?: number;
  /** As in `StoreOptions`; the chunks stay as they are. */
  readonly tuning?: Omit<Tuning, "chunk">;
}

/**
 * A store with the same states, ids, parents and events, whose keys have `words` words and are what `convert` makes of
 * the old ones: for an explorer whose packing turned out too narrow. The old store is used up, chunk by chunk, so that the
 * two are never there in full: don't use it again, not even if this throws.
 *
 * @throws StoreError `bad-conversion` if two states get one key; and what `createStore` and `add` throw
 */
export function repackStore(store: Store, words: number, convert: Convert, options: RepackOptions = {}): Store {
  const old = inside(store);
  const made = build({ ...old.layout, words }, options.range, options.tuning ?? {});
  old.dropIndex();
  for (let index = 0; index * old.chunk < old.size; index++) repackChunk(old, made, index, convert);
  return made;
}

function repackChunk(old: IndexedStore, made: IndexedStore, index: number, convert: Convert): void {
  const from = old.keys[index] as Int32Array;
  const states = Math.min(old.chunk, old.size - index * old.chunk);
  const { keys: to } = made.addChunk(old.parents[index], old.events[index]);
  for (let i = 0; i < states; i++) convert(from, i * old.words, to, i * made.words);
  old.dropChunk(index);
  for (let i = 0; i < states; i++) {
    const known = made.enter();
    if (known >= 0) {
      throw new StoreError("bad-conversion", `The conversion gives the states ${known} and ${made.size} the same key.`);
    }
  }
}
