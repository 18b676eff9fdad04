import test from "ava";
import { DIRECTED_PAGES, runDirected } from "./directed.js";
import { corrected, KERNELS, only } from "./testing/drivers.js";

for (const kernel of KERNELS) {
  test(`the corrected driver holds in every directed scenario at ${DIRECTED_PAGES} pages on the ${kernel} kernel`, async (t) => {
    const results = await runDirected(corrected, kernel);
    t.is(results.length, 5);
    t.deepEqual(
      results.filter(({ violation }) => violation !== null),
      [],
    );
  });
}

test("what goes wrong at the true limit on refs only is found by a directed scenario", async (t) => {
  const results = await runDirected(only("gref-limit-late"), "debug");
  const broken = results.flatMap(({ title, violation }) => (violation === null ? [] : [{ title, violation }]));
  t.deepEqual(
    broken.map(({ title }) => title),
    ["17 refs are refused"],
  );
  t.is(broken[0]?.violation.steps.length, DIRECTED_PAGES + 2);
  t.deepEqual(
    broken[0]?.violation.breaches.map(({ invariant }) => invariant),
    ["refusal-is-pure"],
  );
});

test("grants that are left mapped on 17 pages are found wherever they are given up", async (t) => {
  const results = await runDirected(only("unmap-leaks-grants"), "debug");
  t.deepEqual(
    results.map(({ violation }) => violation?.steps.at(-1)?.call.call ?? null),
    [null, null, "unmap", null, "unmap"],
  );
});
