import test from "ava";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { findingsOf } from "./explain.js";
import { exploreProduct } from "./explore.js";
import { nativeSubject } from "./nativesubject.js";
import { Specification } from "./specification.js";
import { KERNELS, machine } from "./testing/drivers.js";
import { SMALL_DRIVER } from "./testing/seed.js";
import { texts } from "./testing/steps.js";

const small = nativeSubject(SMALL_DRIVER);

/** The slots that it does not fill: calling one jumps to nowhere. */
const UNFILLED = [
  "faulta",
  "setprot",
  "checkprot",
  "kluster",
  "sync",
  "incore",
  "lockop",
  "getprot",
  "getvp",
  "advise",
  "dump",
  "pagelock",
  "setpagesize",
  "getmemid",
  "getpolicy",
  "capable",
];

/**
 * What is found of the project's small C driver, which knows frames and refuses every add of grants with EINVAL. Only where
 * the shipped driver refuses one in the very same way are errata of that one named.
 */
const FOUND: readonly (readonly string[])[] = [
  ["unknown cause: add_grefs breaks result-exact", "create rw", "add_grefs 0+1 of 0"],
  ...UNFILLED.map((slot) => [
    `unknown cause: ${slot} breaks kernel-contract (panic: bad trap)`,
    "create rw",
    `${slot} 0+1`,
  ]),
  ["bound-check-early + gref-zero-undefined", "create rw", "add_mfns 0+1", "add_grefs 0+0 of 9"],
  ["unknown cause: add_grefs breaks result-exact, success-exact", "create rw", "add_gref_pte 0", "add_grefs 0+1"],
];

for (const kernel of KERNELS) {
  test(`a C driver is explored like any other, on the ${kernel} kernel`, async (t) => {
    const scope = defineScope({ pages: 1, domids: [7], faults: new Set(["update_va_mapping"]) });
    const driver = await small.open(machine(1, kernel));
    t.is(driver.name, SMALL_DRIVER);
    const { product, report } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope, { selfCheck: 1 });
    t.like(report, { states: 11, edges: 519, complete: true, unfreeable: 0, deadlocks: 0 });
    t.deepEqual(product.nondeterminism, []);
    const met = [{ pages: 1, maxGrefs: 16, violations: product.violations }];
    const findings = await findingsOf(small, kernel, met);
    t.deepEqual(
      findings.map(({ name, steps }) => [name, ...texts(steps)]),
      FOUND.map((line) => [...line]),
    );
  });
}

test("what the small C driver does with frames keeps the contract", async (t) => {
  const scope = defineScope({ pages: 2, domids: [7], faults: new Set(["update_va_mapping", "waiting"]) });
  const driver = await small.open(machine(2));
  const { product } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope);
  const broken = new Set<string>(product.violations.map(({ steps }) => steps.at(-1)?.call.call ?? "nothing"));
  const kept = [
    "create",
    "add_mfns",
    "add_gref_pte",
    "unmap",
    "fault",
    "gettype",
    "getoffset",
    "inherit",
    "release_grefs",
  ];
  t.deepEqual(
    kept.filter((call) => broken.has(call)),
    [],
  );
  t.true(broken.has("add_grefs"));
});

test("what can't be compiled is said when it is opened, each time", async (t) => {
  const missing = nativeSubject("/nowhere/seg_mf.c");
  for (const pages of [1, 2]) await t.throwsAsync(missing.open(machine(pages)), { name: "NativeError" });
});
