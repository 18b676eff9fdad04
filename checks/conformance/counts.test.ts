import test from "ava";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import { Specification } from "./specification.js";
import { bruteForceProduct } from "./testing/brute-force.js";
import { corrected, KERNELS, machine } from "./testing/drivers.js";

type Counted = readonly [what: string, scope: Partial<Scope>, states: number, edges: number, depth: number];

/** How much there is of specification and corrected driver together: quiescent states, calls with all their answers, levels. */
const COUNTS: readonly Counted[] = [
  ["1 page", { pages: 1 }, 26, 1417, 4],
  ["1 page, wide, nothing fails", { pages: 1, domids: [7], alphabet: "wide", faults: new Set() }, 39, 2212, 5],
  ["2 pages, nothing fails", { pages: 2, domids: [7], faults: new Set() }, 58, 3750, 7],
  ["1 page and a fork, nothing fails", { pages: 1, domids: [7], forks: 1, faults: new Set() }, 108, 10_305, 10],
];

/** The same where there is more: `npm run test:deep`. */
const DEEP_COUNTS: readonly Counted[] = [
  ["2 pages", { pages: 2 }, 158, 13_539, 6],
  [
    "1 page and a fork",
    { pages: 1, domids: [7], forks: 1, faults: new Set(["addmap", "update_va_mapping"]) },
    144,
    12_969,
    7,
  ],
  ["2 pages, SEGMF_MAX_GREFS 1", { pages: 2, domids: [7], maxGrefs: 1 }, 85, 6482, 6],
  ["1 page, wide", { pages: 1, domids: [7], alphabet: "wide" }, 56, 3474, 5],
];

const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

for (const [what, partial, states, edges, depth] of IS_DEEP ? [...COUNTS, ...DEEP_COUNTS] : COUNTS) {
  test(`the product has as many states and edges as brute force finds: ${what}`, async (t) => {
    const scope = defineScope(partial);
    const on = machine(scope.pages, "debug", scope.maxGrefs);
    t.deepEqual(bruteForceProduct(await corrected.open(on), scope), { states, steps: edges, depth });
    const { report, product } = await exploreProduct(new Specification(sizeOf(scope)), await corrected.open(on), scope);
    t.like(report, {
      states,
      edges,
      depth,
      complete: true,
      stopped: null,
      violatingEdges: 0,
      unfreeable: 0,
      deadlocks: 0,
    });
    t.is(product.tally.edges, edges);
  });
}

test("the kernel makes no difference to a driver that keeps the contract", async (t) => {
  const scope = defineScope({ pages: 1 });
  const counts = KERNELS.map(async (kernel) => {
    const driver = await corrected.open(machine(scope.pages, kernel));
    const { report } = await exploreProduct(new Specification(sizeOf(scope)), driver, scope);
    return report;
  });
  const [debug, release] = await Promise.all(counts);
  t.deepEqual(debug, release);
  t.is(debug?.violatingEdges, 0);
});
