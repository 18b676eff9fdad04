import test from "ava";
import type { KernelKind } from "../../impl/driver.js";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { findingsOf, type Met } from "./explain.js";
import { exploreProduct } from "./explore.js";
import { Specification } from "./specification.js";
import { edition, type Subject } from "./subject.js";
import { KERNELS, machine, only } from "./testing/drivers.js";
import { create, frames, grants, register, step, texts } from "./testing/steps.js";
import { firstViolation } from "./trials.js";
import type { Violation } from "./violation.js";

/** What is found of edition illumos in the default scope, and the minimal counterexample; the same on both kernels. */
const FOUND: readonly (readonly [cause: string, pages: number, ...steps: readonly string[]])[] = [
  ["mfn-rollback-leaves-ptes", 2, "create rw", "add_mfns 0+2 ! update 0,-22"],
  ["mfn-rollback-no-wake", 1, "create rw", "add_mfns 0+1 waiting ! update -22"],
  ["mfn-range-unchecked", 1, "create rw", "add_mfns 1+1"],
  ["gref-range-unchecked", 1, "create rw", "add_grefs 1+1"],
  ["mfn-zero-binds", 1, "create rw", "add_mfns 0+0"],
  ["gref-zero-undefined", 1, "create rw", "add_grefs 0+0"],
  ["unregistered-unchecked", 1, "create rw", "add_grefs 0+1"],
  ["pte-range-unchecked", 1, "create rw", "add_gref_pte 1"],
  ["release-range-unchecked", 1, "create rw", "release_grefs 1+1"],
  ["mfn-noprot-late", 1, "create none", "add_mfns 0+1"],
  ["gref-noprot-unchecked", 1, "create none", "add_grefs 0+1"],
  ["mfn-redefine-no-teardown", 1, "create rw", "add_mfns 0+1", "add_mfns 0+1"],
  ["word-shared", 1, "create rw", "add_mfns 0+1", "add_gref_pte 0"],
  ["release-mfn-page", 1, "create rw", "add_mfns 0+1", "release_grefs 0+1"],
  ["unmap-no-wake", 1, "create rw", "add_mfns 0+1", "unmap 0+1 waiting"],
  ["bound-check-early + mfn-zero-binds", 1, "create rw", "add_mfns 0+1", "add_mfns 0+0 of 9"],
  ["bound-check-early + gref-zero-undefined", 1, "create rw", "add_mfns 0+1", "add_grefs 0+0 of 9"],
  ["gref-rollback-wrong-pages", 2, "create rw", "add_gref_pte 1", "add_grefs 1+1 ! status -1"],
  ["gref-redefine-no-teardown", 1, "create rw", "add_gref_pte 0", "add_grefs 0+1", "add_grefs 0+1"],
  ["release-unlocked", 1, "create rw", "add_gref_pte 0", "add_grefs 0+1", "release_grefs 0+1"],
  ["release-forgets-failed", 1, "create rw", "add_gref_pte 0", "add_grefs 0+1", "release_grefs 0+1 ! unmap -22"],
  ["unmap-leaks-grants + unmap-unlocks-all", 1, "create rw", "add_gref_pte 0", "add_grefs 0+1", "unmap 0+1"],
  [
    "gref-first-status-only + gref-rollback-leaks",
    2,
    "create rw",
    "add_gref_pte 0",
    "add_gref_pte 1",
    "add_grefs 0+2 ! status 0,-1",
  ],
  ["gref-rollback-leaks", 2, "create rw", "add_gref_pte 0", "add_gref_pte 1", "add_grefs 0+2 ! status -1"],
];

/** What a DEBUG kernel makes a panic of, and what the same is on a release kernel. */
const PANICS: readonly (readonly [cause: string, debug: string, release: string | null])[] = [
  ["mfn-range-unchecked", "write outside an allocation", "write outside an allocation"],
  ["gref-range-unchecked", "write outside an allocation", "write outside an allocation"],
  ["gref-zero-undefined", "assertion failed", null],
  ["pte-range-unchecked", "write outside an allocation", "write outside an allocation"],
  ["release-range-unchecked", "write outside an allocation", "write outside an allocation"],
  [
    "mfn-redefine-no-teardown",
    "hat_devload: a different frame over a valid PTE",
    "hat_devload: a different frame over a valid PTE",
  ],
  ["release-mfn-page", "assertion failed", null],
  ["unmap-leaks-grants + unmap-unlocks-all", "hat_unload: no lock to drop", null],
  ["gref-first-status-only + gref-rollback-leaks", "assertion failed", null],
];

type Counted = readonly [scope: Partial<Scope>, states: number, edges: number, violating: number];

const SMALL_PAGES: Partial<Scope> = { domids: [7], faults: new Set(["update_va_mapping", "map_grant_ref_status"]) };

/**
 * Where it is looked for, and how much there is. The default scope takes long: `npm run test:deep`. In each run of the tests
 * smaller scopes must show all of it on the debug kernel, and on the release kernel all that one page shows.
 */
const COUNTS: Readonly<Record<KernelKind, readonly Counted[]>> =
  process.env.SEGMF_TEST_DEEP === "1"
    ? { debug: [[{}, 212, 16_928, 7074]], release: [[{}, 212, 17_540, 7686]] }
    : {
        debug: [
          [{ pages: 1 }, 26, 1395, 451],
          [SMALL_PAGES, 80, 5591, 1935],
        ],
        release: [[{ pages: 1 }, 26, 1457, 513]],
      };

/** By name, since the order is that of the scopes. */
function sorted<T extends readonly unknown[]>(lines: readonly T[]): readonly T[] {
  return [...lines].sort(([left], [right]) => (String(left) < String(right) ? -1 : 1));
}

for (const kernel of KERNELS) {
  const scopes = COUNTS[kernel].map(([scope]) => defineScope(scope));
  const pages = Math.max(...scopes.map((scope) => scope.pages));
  const where = scopes.map((scope) => `${scope.pages} pages, ${scope.domids.length} domids`).join(" and ");

  test(`what is found of edition illumos in ${where} on the ${kernel} kernel, and nothing else`, async (t) => {
    const illumos = edition("illumos", ILLUMOS);
    const met: Met[] = [];
    for (const [i, scope] of scopes.entries()) {
      const driver = await illumos.open(machine(scope.pages, kernel));
      const { product, report } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope);
      t.deepEqual([report.states, report.edges, report.violatingEdges], COUNTS[kernel][i]?.slice(1));
      t.true(report.complete);
      met.push({ pages: scope.pages, maxGrefs: scope.maxGrefs, violations: product.violations });
    }
    const findings = await findingsOf(illumos, kernel, met);
    t.deepEqual(
      sorted(findings.map(({ name, pages, steps }) => [name, pages, ...texts(steps)])),
      sorted(FOUND.filter(([, least]) => least <= pages).map((line) => [...line])),
    );
    const panics = findings.flatMap(({ name, panic }) => (panic === null ? [] : [[name, panic]]));
    const found = new Set(findings.map(({ name }) => name));
    const known = PANICS.map(([name, debug, release]) => [name, kernel === "debug" ? debug : release] as const);
    t.deepEqual(sorted(panics), sorted(known.filter(([name, panic]) => panic !== null && found.has(name))));
  });
}

const W = only("word-shared", "gref-redefine-no-teardown");
/** The frame on record changes when its page is registered. */
const WORD = [create(), frames(0, 1), register(0)].map((call) => step(call));
/** The first grant stays mapped. */
const REDEFINE = [create(), register(0), grants(0, 1), grants(0, 1)].map((call) => step(call));
/** The frame keeps its soft lock, and the registration is forgotten besides. */
const BOTH = [create(), register(0), frames(0, 1), grants(0, 1)].map((call) => step(call));

async function violation(subject: Subject, pages: number, steps: readonly Step[]): Promise<Violation> {
  const found = await firstViolation(subject, machine(pages), steps);
  if (found?.steps.length !== steps.length) throw new Error("the scenario was to be violated at its last step");
  return found;
}

async function names(...scenarios: readonly (readonly Step[])[]): Promise<readonly string[]> {
  const violations = await Promise.all(scenarios.map((steps) => violation(W, 1, steps)));
  const findings = await findingsOf(W, "debug", [{ pages: 1, maxGrefs: 16, violations }]);
  return findings.map(({ name }) => name);
}

test("what is only several findings on one edge is left out, if each of them is found by itself", async (t) => {
  const both = "word-shared + gref-redefine-no-teardown";
  t.deepEqual(await names(BOTH), [both]);
  t.deepEqual(await names(BOTH, WORD), [both, "word-shared"]);
  t.deepEqual(await names(BOTH, REDEFINE), [both, "gref-redefine-no-teardown"]);
  t.deepEqual(await names(REDEFINE, BOTH, WORD), ["gref-redefine-no-teardown", "word-shared"]);
});

test("a cause that is met on machines of two sizes is reported of the first, with how often it was met there", async (t) => {
  const large = await violation(W, 3, WORD);
  const small = await violation(W, 1, WORD);
  const met = [
    { pages: 3, maxGrefs: 16, violations: [large, large] },
    { pages: 1, maxGrefs: 2, violations: [small] },
  ];
  const [finding, ...others] = await findingsOf(W, "debug", met);
  t.deepEqual(others, []);
  t.like(finding, { name: "word-shared", edges: 2, maxGrefs: 16, pages: 1 });
  t.deepEqual(texts(finding?.steps ?? []), texts(WORD));
});

test("a finding is made minimal without becoming another", async (t) => {
  // Two things are wrong here: an unregistered page is granted at the end, after an empty add has bound the segment.
  const subject = only("unregistered-unchecked");
  const steps = [create(), register(2), frames(0, 2, { domid: 9 }), frames(0, 1, { domid: 9 })].map((call) =>
    step(call),
  );
  const last = step(grants(1, 2, { domid: 9, writable: true }), { map_grant_ref: [{ rc: 0, status: [0, -1] }] });
  const found = await violation(subject, 4, [...steps, last]);
  const [finding] = await findingsOf(subject, "release", [{ pages: 4, maxGrefs: 16, violations: [found] }]);
  t.deepEqual(texts(finding?.steps ?? []), ["create rw", "add_grefs 0+1"]);
  t.is(finding?.pages, 1);
  t.deepEqual(
    finding?.breaches.map(({ invariant }) => invariant),
    ["result-exact", "refusal-is-pure"],
  );
});

test("what no edition of ours breaks has an unknown cause, told apart by call, invariants and panic", async (t) => {
  const found = await violation(W, 1, [...WORD.slice(0, 2), step(frames(0, 1)), ...WORD.slice(2)]);
  const unsuspected: Subject = { ...W, suspects: new Set(["release-unlocked"]) };
  const panicking = { ...found, panic: "assertion failed" };
  const findings = await findingsOf(unsuspected, "debug", [{ pages: 1, maxGrefs: 16, violations: [found, panicking] }]);
  t.deepEqual(
    findings.map(({ name, cause, panic, steps }) => [name, [...cause], panic, steps.length]),
    [
      ["unknown cause: add_gref_pte breaks map-is-truth", [], null, 3],
      // Nothing shorter panics: in truth nothing does.
      ["unknown cause: add_gref_pte breaks map-is-truth (panic: assertion failed)", [], "assertion failed", 4],
    ],
  );
});

test("steps that a driver never comes to, or that nothing enables, show nothing", async (t) => {
  const illegal = [create(), frames(0, 1, { seg: 1 })].map((call) => step(call));
  t.is(await firstViolation(W, machine(1), illegal), null);
  const early = await firstViolation(W, machine(1), [...WORD, step(frames(0, 1))]);
  t.is(early?.steps.length, WORD.length);
  t.is(await firstViolation(W, machine(1), WORD.slice(0, 2)), null);
});
