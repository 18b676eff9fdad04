import test from "ava";
import { defineScope } from "../../model/scope.js";
import { scopesOf } from "./scopes.js";

const shapes = (scopes: readonly { readonly pages: number; readonly forks: number; readonly refs: number }[]) =>
  scopes.map(({ pages, forks, refs }) => [pages, forks, refs]);

test("what is asked for is explored first, and beside it what else is needed to reach everything", (t) => {
  const scopes = scopesOf(defineScope({ pages: 3 }));
  t.deepEqual(shapes(scopes.products), [
    [3, 0, 3],
    [1, 1, 1],
    [2, 0, 2],
  ]);
  t.is(scopes.charts, scopes.products);
});

test("of three pages and more with a fork the chart alone is explored smaller, the product is not", (t) => {
  t.deepEqual(shapes(scopesOf(defineScope({ pages: 2, forks: 1 })).charts), [
    [2, 1, 2],
    [2, 0, 2],
  ]);
  const scopes = scopesOf(defineScope({ pages: 3, forks: 1, domids: [7], faults: new Set(["addmap"]) }));
  t.deepEqual(shapes(scopes.charts), [
    [3, 0, 3],
    [2, 1, 2],
    [2, 0, 2],
  ]);
  t.deepEqual(shapes(scopes.products), [
    [3, 1, 3],
    [2, 0, 2],
  ]);
  t.deepEqual(scopes.charts[1]?.domids, [7]);
  t.deepEqual([...(scopes.charts[1]?.faults ?? [])], ["addmap"]);
});
