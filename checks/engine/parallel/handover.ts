import type { Found } from "../compiled/found.js";
import type { Packing } from "../compiled/packing.js";
import { mix } from "../store/mix.js";
import { codeOf, factorOf, ownerOf, sumOf } from "./owner.js";

/** What one thread has found, dealt out: for each worker its states as records, and how many of them are expanded. */
export interface Dealt {
  readonly records: Int32Array;
  readonly expanded: number;
}

/**
 * Deals states out to their owners.
 * @param packing how the records are packed
 */
export function deal({ store, packing: old, next }: Found, packing: Packing, workers: number): Dealt[] {
  const slots = packing.widths.length;
  const state = new Int32Array(slots);
  const factors = Int32Array.from({ length: slots }, (_, slot) => factorOf(slot));
  const key = new Int32Array(old.words);
  old.begin(state);
  const codes = new Int32Array(store.size);
  const counts = new Int32Array(workers);
  const expanded = new Int32Array(workers);
  for (let id = 0; id < store.size; id += 1) {
    store.read(id, key, 0);
    old.unpack(key, 0, state);
    const owner = ownerOf(mix(sumOf(state, factors)), workers);
    codes[id] = codeOf(counts[owner] ?? 0, owner, workers);
    counts[owner] = (counts[owner] ?? 0) + 1;
    if (id < next) expanded[owner] = (expanded[owner] ?? 0) + 1;
  }
  const stride = packing.words + 2;
  const records = Array.from(counts, (count) => new Int32Array(new SharedArrayBuffer(4 * stride * count)));
  for (let id = 0; id < store.size; id += 1) {
    const code = codes[id] as number;
    const into = records[code % workers] as Int32Array;
    const at = Math.floor(code / workers) * stride;
    store.read(id, key, 0);
    old.unpack(key, 0, state);
    packing.pack(state, into, at);
    const parent = store.parent(id);
    into[at + packing.words] = parent < 0 ? parent : (codes[parent] as number);
    into[at + packing.words + 1] = store.event(id);
  }
  return records.map((own, worker) => ({ records: own, expanded: expanded[worker] ?? 0 }));
}
