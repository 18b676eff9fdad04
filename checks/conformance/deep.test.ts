import test from "ava";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { deepChecks } from "./deep.js";
import { edition } from "./subject.js";

test("what is too long for every test run is listed, with what is compared with a C file if there is one", (t) => {
  const alone = deepChecks(null).map(({ title }) => title);
  t.deepEqual(alone, [
    "corrected, 3 pages, 2 domids, default alphabet, every edge made again",
    "corrected, 2 pages, 1 fork, 2 domids, default alphabet, every edge made again",
    "corrected, 3 pages, 1 fork, 2 domids, default alphabet, 0.0001 of the edges made again",
  ]);
  const all = deepChecks(edition("seg_mf.c", ILLUMOS)).map(({ title }) => title);
  t.deepEqual(all.slice(0, 3), alone);
  t.is(all.length, 11);
  t.is(all[3], "illumos x seg_mf.c, debug, 3 pages, 2 domids, default alphabet, up to the first violation");
  t.is(
    all[7],
    "illumos x seg_mf.c, debug, 2 pages, 1 domid, default alphabet, past violations to depth 5, 4 grants, counts within 4",
  );
  t.is(new Set(all).size, all.length);
});

test("an exploration that is stopped says so, and what it saw by then", async (t) => {
  const [corrected] = deepChecks(null);
  const result = await corrected?.run({ states: 30 });
  t.deepEqual(result, { holds: true, complete: false, text: "30 states, 65 edges (134 made), depth 3, 0 violating" });
});

test("a file that does what edition illumos does differs in nothing, and one that does not is told where", async (t) => {
  const same = await deepChecks(edition("same.c", ILLUMOS))[3]?.run({ states: 10 });
  t.deepEqual(same, { holds: true, complete: false, text: "10 pairs, 13 edges, depth 3, no difference" });
  const mended = new Set([...ILLUMOS].filter((id) => id !== "mfn-zero-binds"));
  const other = await deepChecks(edition("other.c", mended))[3]?.run({ states: 200 });
  const text = "45 pairs, 140 edges, depth 3, differ in state after 2 calls";
  t.deepEqual(other, { holds: false, complete: false, text });
});
