import test from "ava";
import { HOLDS } from "./fixture.js";
import { differenceText, scopeText } from "./scope.js";

const { scope } = HOLDS.specification;

test("a scope in full", (t) => {
  t.is(
    scopeText(scope),
    "2 pages, domids 7 and 9, up to 2 refs a call, SEGMF_MAX_GREFS 16, no forks, default alphabet\nfaults: addmap, waiting",
  );
  t.is(
    scopeText({ pages: 1, domids: [7], refs: 1, maxGrefs: 1, forks: 2, faults: [], alphabet: "wide" }),
    "1 page, domid 7, up to 1 ref a call, SEGMF_MAX_GREFS 1, 2 forks, wide alphabet\nfaults: none",
  );
});

test("what a scope has otherwise than another, each member alone", (t) => {
  t.is(differenceText(scope, scope), "");
  t.is(differenceText({ ...scope }, scope), "");
  t.is(differenceText({ ...scope, pages: 3 }, scope), "3 pages");
  t.is(differenceText({ ...scope, domids: [7] }, scope), "domid 7");
  t.is(differenceText({ ...scope, refs: 1 }, scope), "up to 1 ref a call");
  t.is(differenceText({ ...scope, maxGrefs: 1 }, scope), "SEGMF_MAX_GREFS 1");
  t.is(differenceText({ ...scope, forks: 1 }, scope), "1 fork");
  t.is(differenceText(scope, { ...scope, forks: 1 }), "no forks");
  t.is(differenceText({ ...scope, alphabet: "wide" }, scope), "wide alphabet");
  t.is(differenceText({ ...scope, faults: [] }, scope), "no faults");
  t.is(differenceText({ ...scope, faults: ["addmap"] }, scope), "faults addmap");
  t.is(differenceText({ ...scope, pages: 1, refs: 1 }, scope), "1 page, up to 1 ref a call");
});
