import type { Packing } from "../compiled/packing.js";
import { createStore } from "../store/create.js";
import { repackStore } from "../store/repack.js";
import type { Store } from "../store/store.js";

/** Up to as many bits the store finds states without hashing, if it knows how many keys there can be. */
const FEW_BITS = 22;
/** States in one array of the store. */
const CHUNK = 2 ** 16;
/** Numbers of states with their workers' numbers are below this. */
const MOST_CODES = 2 ** 31;
/** So many events are numbered in two bytes. */
const FEW_EVENTS = 2 ** 16;

/** An empty store for a worker's share of the states. */
export function emptyShare(packing: Packing, workers: number): Store {
  const most = Math.floor(MOST_CODES / workers / CHUNK) * CHUNK;
  return createStore({ ...shape(packing), events: FEW_EVENTS, tuning: { chunk: CHUNK, most } });
}

/** The same states, packed otherwise. */
export function repacked(store: Store, old: Packing, packing: Packing): Store {
  const state = new Int32Array(packing.widths.length);
  old.begin(state);
  const { words, ...range } = shape(packing);
  return repackStore(
    store,
    words,
    (from, fromAt, to, toAt) => {
      old.unpack(from, fromAt, state);
      packing.pack(state, to, toAt);
    },
    range,
  );
}

function shape({ words, bits }: Packing) {
  return words === 1 && bits <= FEW_BITS ? { words, range: 2 ** bits } : { words };
}
