import test from "ava";
import type { Driver, Outcome } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "../../impl/segmf/edition.js";
import { ERRATA } from "../../impl/segmf/errata.js";
import { MUTANTS } from "../../impl/segmf/mutants.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import type { Explored, ExploreOptions } from "./explored.js";
import { FactoredProduct } from "./factored.js";
import { Replayer } from "./replayer.js";
import { Specification } from "./specification.js";
import { driverWith, machine, type Twist, Twisted } from "./testing/drivers.js";
import { textOf } from "./text.js";
import { brokenText, type Violation } from "./violation.js";
import { exploreWhole } from "./whole.js";

/** Exploration by segments, against exploration of whole states: the same must come of both. */

const FORK = defineScope({ pages: 1, domids: [7], forks: 1, faults: new Set(["addmap"]) });
const FAILING_FORK = defineScope({ ...FORK, faults: new Set(["addmap", "update_va_mapping"]) });
/** Two domains, and all that the environment may do. */
const FULL_FORK = defineScope({ pages: 1, forks: 1 });
const PAGES = defineScope({ pages: 2, domids: [7], faults: new Set(["update_va_mapping", "map_grant_ref_status"]) });
const WIDE = defineScope({ pages: 1, domids: [7], forks: 1, alphabet: "wide", faults: new Set() });

/** One specification a scope: what it has stepped through is the same for all drivers. */
const specifications = new Map<Scope, Specification>();

function specificationOf(scope: Scope): Specification {
  let specification = specifications.get(scope);
  if (specification === undefined) {
    specification = new Specification(sizeOf(scope));
    specifications.set(scope, specification);
  }
  return specification;
}

function bySegments(driver: Driver, scope: Scope, options: ExploreOptions = {}): Promise<Explored> {
  return exploreProduct(specificationOf(scope), driver, scope, options);
}

function whole(driver: Driver, scope: Scope, options: ExploreOptions = {}): Promise<Explored> {
  return exploreWhole({ specification: specificationOf(scope), driver, scope }, options);
}

/** All that both explorations must agree in: the numbers, and of each kind of violation how many there are and the fewest calls. */
function essence({ report, product }: Explored) {
  const { executed: _, checkedTwice: __, ...numbers } = report;
  const kinds = new Map<string, { edges: number; calls: number }>();
  for (const violation of product.violations) {
    const { edges = 1, steps } = violation;
    const kind = kinds.get(kindOf(violation)) ?? { edges: 0, calls: Number.POSITIVE_INFINITY };
    kinds.set(kindOf(violation), { edges: kind.edges + edges, calls: Math.min(kind.calls, steps.length) });
  }
  return { numbers, kinds, broken: product.tally.broken };
}

function kindOf(violation: Violation): string {
  return `${textOf(violation.steps.at(-1))} breaks ${brokenText(violation)}`;
}

const DRIVERS: readonly (readonly [name: string, open: (scope: Scope, kernel: "debug" | "release") => Driver])[] = [
  ["corrected", ({ pages }, kernel) => driverWith(CORRECTED, machine(pages, kernel))],
  ["illumos", ({ pages }, kernel) => driverWith(ILLUMOS, machine(pages, kernel))],
  ...ERRATA.map(
    ({ id }) =>
      [id, ({ pages }: Scope, kernel: "debug" | "release") => driverWith([id], machine(pages, kernel))] as const,
  ),
  ...MUTANTS.map(
    ({ id }) =>
      [
        id,
        ({ pages }: Scope, kernel: "debug" | "release") =>
          segmfDriver({ machine: machine(pages, kernel), errata: new Set(), mutants: new Set([id]) }),
      ] as const,
  ),
];

/** `npm run test:deep` compares every driver in every scope; each run of the tests some of them. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";
const COMPARED = IS_DEEP ? DRIVERS : DRIVERS.filter((_, at) => at < 2 || at % 24 === 0);
const COMPARED_FORK = IS_DEEP ? FAILING_FORK : FORK;

for (const [name, open] of COMPARED) {
  test(`a fork: the same comes of exploring by segments as of whole states: ${name}`, async (t) => {
    const kernel = name.length % 2 === 0 ? "debug" : "release";
    const factored = await bySegments(open(COMPARED_FORK, kernel), COMPARED_FORK);
    t.deepEqual(essence(factored), essence(await whole(open(COMPARED_FORK, kernel), COMPARED_FORK)));
    t.is(factored.report.notFactored, null);
  });
}

for (const scope of IS_DEEP ? [PAGES, WIDE, FULL_FORK] : [PAGES]) {
  for (const [name, open] of DRIVERS.slice(0, 2)) {
    test(`the same with ${scope.pages} pages, ${scope.forks} forks, ${scope.faults.size} faults, ${scope.alphabet}: ${name}`, async (t) => {
      const factored = await bySegments(open(scope, "release"), scope);
      t.deepEqual(essence(factored), essence(await whole(open(scope, "release"), scope)));
      t.is(factored.report.notFactored, null);
    });
  }
}

const MADE = [
  { scope: FORK, states: 129, edges: 11_261, executed: 3568, checkedTwice: 112 },
  { scope: FULL_FORK, states: 519, edges: 59_460, executed: 8524, checkedTwice: 594 },
];

for (const { scope, ...expected } of IS_DEEP ? MADE : MADE.slice(0, 1)) {
  test(`how many edges are made where one page is forked once, with ${scope.domids.length} domids`, async (t) => {
    const { report } = await bySegments(driverWith(CORRECTED, machine(1)), scope, { selfCheck: 0.01 });
    const { states, edges, executed, checkedTwice } = report;
    t.deepEqual({ states, edges, executed, checkedTwice }, expected);
  });
}

test("a limit on states stops both explorations at the same edge", async (t) => {
  for (const states of [1, 2, 17, 92, 93]) {
    const limits = { states };
    const factored = await bySegments(driverWith(ILLUMOS, machine(1)), FORK, { limits });
    t.deepEqual(
      essence(factored),
      essence(await whole(driverWith(ILLUMOS, machine(1)), FORK, { limits })),
      `${states}`,
    );
  }
});

for (const share of IS_DEEP ? [0, 0.003, 0.05, 0.5, 1] : [0, 0.003, 1]) {
  test(`exactly the share of edges that is asked for is made again, those that were never made included: ${share}`, async (t) => {
    const { report, product } = await bySegments(driverWith(ILLUMOS, machine(1)), FORK, { selfCheck: share });
    t.is(report.checkedTwice, Math.floor(report.edges * share));
    t.is(report.notFactored, null);
    t.deepEqual(product.nondeterminism, []);
  });
}

/** The corrected driver but for a twist, which keeps what the real one says of parts and of what was touched. */
function twisted(twist: Twist): Driver {
  return new Twisted(driverWith(CORRECTED, machine(1)), { parts: (real) => real.parts(), ...twist });
}

/** Twists a call's outcome. */
function outcome(change: (outcome: Outcome, seg: number, real: Driver) => Partial<Outcome>): Twist {
  return {
    perform: (call, answers, real) => {
      const made = real.perform(call, answers);
      return { ...made, ...change(made, call.seg, real) };
    },
  };
}

test("a driver that can't say what it touches is explored state by state, each edge made", async (t) => {
  const factored = await bySegments(twisted(outcome(() => ({ touched: null }))), FORK);
  t.deepEqual(essence(factored), essence(await whole(twisted({}), FORK)));
  t.is(factored.report.executed, factored.report.edges);
});

test("states that can't be taken apart are told apart as a whole, and their edges are made in each", async (t) => {
  const apart: Twist = { parts: (real) => (real.observe().segments[1] === null ? null : real.parts()) };
  const factored = await bySegments(twisted(apart), FORK);
  t.deepEqual(essence(factored), essence(await whole(twisted({}), FORK)));
  t.true(factored.report.executed < factored.report.edges);
  t.true(factored.report.executed > (await bySegments(twisted({}), FORK)).report.executed);
});

/** Calls on the parent return something else once the child is bound, though the driver says that it does not look at it. */
const LOOKS_ASIDE = outcome((_made, seg, real) =>
  seg === 0 && real.observe().segments[1]?.domid === 7 ? { ret: 99 } : {},
);

test("what is not so beside other segments is found by making edges again, and then the states are explored whole", async (t) => {
  const found = await bySegments(twisted(LOOKS_ASIDE), FORK, { selfCheck: 1 });
  t.regex(found.report.notFactored ?? "", /^\{"call":.* comes to something else beside other segments$/);
  const reference = await whole(twisted(LOOKS_ASIDE), FORK, { selfCheck: 1 });
  t.deepEqual({ ...found.report, notFactored: null }, reference.report);
  t.true(reference.report.violatingEdges > 0);
  t.deepEqual(found.product.nondeterminism, []);
});

test("a state is come to again by its calls, and calls that lead elsewhere than they should give exploration by segments up", (t) => {
  let panics = false;
  const driver = twisted(outcome(() => (panics ? { panic: "of its own accord" } : {})));
  const making = { specification: specificationOf(FORK), driver, scope: FORK };
  const initial = driver.snapshot();
  const product = new FactoredProduct(making);
  t.true(product.expand());
  driver.restore(initial);
  const replayer = new Replayer(making, product.graph);
  t.deepEqual(replayer.at(0).path, []);
  t.deepEqual(
    replayer.at(1).path.map(({ call }) => call.call),
    ["create"],
  );
  const { store } = product.graph;
  const elsewhere = ~store.add(Int32Array.of(1, 99, 99), 0, 0, 0);
  t.throws(() => replayer.at(elsewhere), { name: "Unsound", message: /^calls lead elsewhere .*: create 0$/ });
  const twice = ~store.add(Int32Array.of(1, 99, 98), 0, 1, 0);
  t.throws(() => replayer.at(twice), { name: "Unsound", message: /"create".* is not enabled after create 0$/ });
  panics = true;
  t.throws(() => replayer.at(2), { name: "Unsound", message: "a panic beside some segments only: create 0" });
});

test("a driver that is not deterministic is found out while it is explored by segments", async (t) => {
  let performed = 0;
  const unsteady = outcome(() => (++performed % 100 === 0 ? { ret: 99 } : {}));
  const { report, product } = await bySegments(twisted(unsteady), FORK, { selfCheck: 1, limits: { states: 20 } });
  t.not(report.notFactored, null);
  t.is(product.nondeterminism[0]?.about, "the returned value");
});
