import test from "ava";
import { FlatStore } from "./worldstore.js";

for (const [mebibytes, most] of [
  [1, 16_383],
  [2, 32_767],
  [5, 131_071],
] as const) {
  test(`a store that may take ${mebibytes} MiB holds ${most} states, and takes no more`, (t) => {
    const store = new FlatStore(2);
    const bytes = mebibytes * 2 ** 20;
    t.is(store.mostWithin(bytes), most);
    let before = store.bytes;
    for (let id = 0; id < most; id++) {
      store.add(Int32Array.of(id, -id), 0, -1, 0);
      // While it grows, what was there before is there as well.
      if (store.bytes !== before && store.bytes + before > bytes)
        t.fail(`${store.bytes + before} bytes at ${id} states`);
      before = store.bytes;
    }
    t.is(store.size, most);
    store.add(Int32Array.of(-1, 1), 0, -1, 0);
    t.true(store.bytes + before > bytes);
  });
}
