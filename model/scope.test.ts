import test from "ava";
import { ALL_FAULTS, defineScope, FAULT_CLASSES, foreignDomids } from "./scope.js";

test("what is not said of a scope is the default", (t) => {
  t.deepEqual(defineScope(), {
    pages: 2,
    domids: [7, 9],
    refs: 2,
    maxGrefs: 16,
    forks: 0,
    faults: ALL_FAULTS,
    alphabet: "default",
  });
  t.is(defineScope({ pages: 5 }).refs, 5);
  t.is(defineScope({ pages: 5, refs: 1 }).refs, 1);
});

test("all faults are all but the one that the contract does not list (D12)", (t) => {
  t.deepEqual(
    FAULT_CLASSES.filter((fault) => !ALL_FAULTS.has(fault)),
    ["unmap_grant_ref_status"],
  );
});

test("domids go on in odd numbers", (t) => {
  t.deepEqual(foreignDomids(4), [7, 9, 11, 13]);
});

for (const [name, partial] of [
  ["pages", { pages: 0 }],
  ["pages", { pages: 513 }],
  ["pages", { pages: 1.5 }],
  ["domids", { domids: [] }],
  ["refs", { refs: 0 }],
  ["maxGrefs", { maxGrefs: 0 }],
  ["forks", { forks: -1 }],
] as const) {
  test(`a senseless number is named: ${JSON.stringify(partial)}`, (t) => {
    t.throws(() => defineScope(partial), { instanceOf: RangeError, message: new RegExp(`^${name}`) });
  });
}
