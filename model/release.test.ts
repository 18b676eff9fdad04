import test from "ava";
import { grefs, mfns, Play, release } from "./testkit.js";

/** Five pages, all registered: a frame, three grants, nothing. */
function granted(maxGrefs = 16): Play {
  const spec = new Play({ pages: 5, maxGrefs }).live({ registered: [0, 1, 2, 3, 4] });
  spec.perform(mfns(0, 1), 0);
  spec.perform(grefs(1, 3), 0, 0, 0, 0);
  return spec;
}
const BEFORE = "7: 100* 6r* 7r* 8r* -*";

test("the granted pages of the range are released, the others are not touched §3.release_grefs.granted", (t) => {
  const spec = granted();
  t.deepEqual(spec.perform(release(0, 3), 0, 0, 0).awaited, [
    { kind: "unmap_grant_ref", seg: 0, count: 2 },
    { kind: "unmap_grant_ref_status", seg: 0, page: 1, element: 0 },
    { kind: "unmap_grant_ref_status", seg: 0, page: 2, element: 1 },
  ]);
  t.is(spec.picture(), "7: 100* -* -* 8r* -*");
});

test("a failed hypercall leaves every page granted §3.release_grefs.failed", (t) => {
  t.is(granted().ends(release(0, 5), -1), `failed -1 | ${BEFORE}`);
});

for (const [statuses, left] of [
  [[-1, 0, 0], "7: 100* 6r* -* -* -*"],
  [[0, -1, 0], "7: 100* -* 7r* -* -*"],
  [[0, 0, -1], "7: 100* -* -* 8r* -*"],
  [[-1, -1, -1], BEFORE],
] as const) {
  test(`a page whose grant is not unmapped stays granted, and can be tried again: ${statuses} §3.release_grefs.failed`, (t) => {
    const spec = granted();
    t.is(spec.ends(release(0, 5), 0, ...statuses), `failed -1 | ${left}`);
    const again = statuses.filter((status) => status !== 0).map(() => 0);
    t.is(spec.ends(release(0, 5), 0, ...again), "succeeded 0 | 7: 100* -* -* -* -*");
  });
}

test("where no page of the range holds a grant, nothing is asked", (t) => {
  t.is(granted().ends(release(0, 1)), `succeeded 0 | ${BEFORE}`);
  t.is(granted().ends(release(4, 1)), `succeeded 0 | ${BEFORE}`);
  t.is(granted().ends(release(1, 0)), `succeeded 0 | ${BEFORE}`);
  t.is(granted().ends(release(5, 0)), `succeeded 0 | ${BEFORE}`);
});

test("a range that leaves the segment is refused §3.release_grefs.limits", (t) => {
  t.is(granted().ends(release(3, 3)), `refused -1 | ${BEFORE}`);
  t.is(granted().ends(release(5, 1)), `refused -1 | ${BEFORE}`);
  t.is(granted().ends(release(6, 0)), `refused -1 | ${BEFORE}`);
});

test("more pages than SEGMF_MAX_GREFS are refused, inside the segment and out of it §3.release_grefs.limits", (t) => {
  const spec = granted(3);
  t.is(spec.ends(release(0, 4)), `refused -1 | ${BEFORE}`);
  t.is(spec.ends(release(3, 4)), `refused -1 | ${BEFORE}`);
  t.is(spec.ends(release(1, 3), 0, 0, 0, 0), "succeeded 0 | 7: 100* -* -* -* -*");
});

test("the true limit: 16 of 17 pages are released, 17 are refused (D11)", (t) => {
  const spec = new Play({ pages: 17 }).live({ registered: Array.from({ length: 17 }, (_, page) => page) });
  spec.perform(grefs(0, 16), 0, ...new Array<number>(16).fill(0));
  t.true(spec.ends(release(0, 17)).startsWith("refused -1 | 7: 5r* "));
  t.true(spec.ends(release(0, 16), 0, ...new Array<number>(16).fill(0)).startsWith("succeeded 0 | 7: -* -* "));
});

test("an unbound segment holds no grant", (t) => {
  t.is(new Play().live().ends(release(0, 3)), "succeeded 0 | 0: - - -");
});
