import test from "ava";
import type { KernelKind } from "../../impl/driver.js";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { breadthFirst } from "../engine/index.js";
import { CauseFinder } from "./cause.js";
import { groupByCause } from "./findings.js";
import { Product } from "./product.js";
import { Specification } from "./specification.js";
import { driverWith, KERNELS, machine } from "./testing/drivers.js";
import { textOf } from "./text.js";
import { brokenText, type Violation } from "./violation.js";

/** Two small scopes that together show all errata of edition illumos but two within `CALLS` calls. */
const SCOPES = [
  defineScope({ pages: 2, domids: [7], faults: new Set(["update_va_mapping", "map_grant_ref_status"]) }),
  defineScope({
    pages: 1,
    domids: [7],
    alphabet: "wide",
    faults: new Set(["update_va_mapping", "unmap_grant_ref", "unmap_grant_ref_status", "waiting"]),
  }),
].map((scope) => ({ scope, specification: new Specification(sizeOf(scope)) }));
const CALLS = 4;

/** The causes of all that a driver with these errata does wrong. */
async function causes(errata: ReadonlySet<ErratumId>, kernel: KernelKind): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { scope, specification } of SCOPES) {
    const on = machine(scope.pages, kernel);
    const product = new Product(specification, driverWith(errata, on), scope);
    const search = await breadthFirst(product, { reached: (_state, { level }) => level <= CALLS });
    if (!search.complete) throw new Error("the search was to be complete");
    const finder = new CauseFinder(on, errata);
    const groups = groupByCause(on, distinct(product.violations), (violation) =>
      finder.find(violation, likeness(violation)),
    );
    for (const { name } of groups) names.add(name);
  }
  return [...names].sort();
}

/** One violation for each last step and what it breaks: those before them differ in how they came there. */
function distinct(violations: readonly Violation[]): readonly Violation[] {
  const first = new Map<string, Violation>();
  for (const violation of violations) {
    const last = textOf([violation.steps.at(-1), violation.breaches, violation.panic]);
    if (!first.has(last)) first.set(last, violation);
  }
  return [...first.values()];
}

function likeness(violation: Violation): string {
  return `${violation.steps.at(-1)?.call.call} ${brokenText(violation)}`;
}

/** With all errata switched on, on either kernel. Two stand together where mending either alone does not help. */
const ALL_ON = [
  "bound-check-early + gref-zero-undefined",
  "bound-check-early + mfn-zero-binds",
  "gref-first-status-only + gref-rollback-leaks",
  "gref-noprot-unchecked",
  "gref-range-unchecked",
  "gref-redefine-no-teardown",
  "gref-redefine-no-teardown + gref-rollback-wrong-pages",
  "gref-rollback-leaks",
  "gref-rollback-wrong-pages",
  "gref-zero-undefined",
  "mfn-noprot-late",
  "mfn-range-unchecked",
  "mfn-redefine-no-teardown",
  "mfn-rollback-leaves-ptes",
  "mfn-rollback-no-wake",
  "mfn-zero-binds",
  "pte-range-unchecked",
  "registration-in-place",
  "release-forgets-failed",
  "release-forgets-failed + release-ignores-status",
  "release-mfn-page",
  "release-range-unchecked",
  "release-unlocked",
  "unmap-leaks-grants + unmap-unlocks-all",
  "unmap-no-wake",
  "unregistered-unchecked",
  "word-shared",
  "word-shared + gref-redefine-no-teardown",
];

/** What is found by itself only where the erratum that masks it is mended. */
const UNMASKED: Partial<Readonly<Record<ErratumId, string>>> = {
  "unmap-leaks-grants": "unmap-unlocks-all",
  "unmap-unlocks-all": "unmap-leaks-grants",
  "mfn-zero-binds": "bound-check-early",
  "gref-zero-undefined": "bound-check-early",
  "gref-rollback-leaks": "gref-first-status-only",
  "release-forgets-failed": "release-ignores-status",
};

/** What shows by itself in neither scope: a segment must be forked, or have more pages than a call may name. */
const OUT_OF_SCOPE: readonly ErratumId[] = ["dup-copies-map", "gref-limit-late"];

/** `npm run test:deep` mends every erratum; each run of the tests those that mask something, and some of the others. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";
const SAMPLE: readonly ErratumId[] = ["word-shared"];

/** In test:deep all of them on one kernel; on the other those that mask something. */
function mended(kernel: KernelKind): readonly ErratumId[] {
  const ids = ERRATA.map(({ id }) => id);
  if (kernel === "debug") return IS_DEEP ? ids : ids.filter((id) => id in UNMASKED || SAMPLE.includes(id));
  return IS_DEEP ? ids.filter((id) => id in UNMASKED) : [];
}

for (const kernel of KERNELS) {
  test(`${kernel}: what all errata together do wrong`, async (t) => {
    t.deepEqual(await causes(ILLUMOS, kernel), ALL_ON);
  });

  for (const id of mended(kernel)) {
    test(`${kernel}: with ${id} mended it is not named any more, and what it masked is`, async (t) => {
      const left = new Set([...ILLUMOS].filter((other) => other !== id));
      const unmasked = UNMASKED[id];
      const others = ALL_ON.filter((name) => !name.split(" + ").includes(id));
      const expected = unmasked === undefined ? others : [...others, unmasked].sort();
      t.deepEqual(await causes(left, kernel), expected);
    });
  }
}

test("every erratum is named alone: at once, or with one that masks it mended, or in another scope", (t) => {
  const alone = ALL_ON.filter((name) => !name.includes(" + "));
  const named = [...new Set([...alone, ...Object.values(UNMASKED), ...OUT_OF_SCOPE])].sort();
  t.deepEqual(named, ERRATA.map(({ id }) => id as string).sort());
  for (const id of OUT_OF_SCOPE) t.false(alone.includes(id));
});
