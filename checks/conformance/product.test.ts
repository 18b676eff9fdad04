import test from "ava";
import type { Call, Driver, Outcome } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import type { Limits } from "../engine/index.js";
import { exploreProduct } from "./explore.js";
import type { ExploreOptions } from "./explored.js";
import { Specification, type SpecState, type SpecStep } from "./specification.js";
import { driverWith, machine, type Twist, Twisted } from "./testing/drivers.js";
import { create, texts } from "./testing/steps.js";
import { textOf } from "./text.js";

const ONE_PAGE = defineScope({ pages: 1, domids: [7] });
const EDGES = 818;

function driver(): Driver {
  return driverWith([], machine(1));
}

/** One for all tests: what it has stepped through is the same for all drivers. */
const SPECIFICATION = new Specification(sizeOf(ONE_PAGE));

function explored(on: Driver, options: ExploreOptions = {}, specification = SPECIFICATION) {
  return exploreProduct(specification, on, ONE_PAGE, options);
}

for (const [share, twice] of [
  [0, 0],
  [0.01, 8],
  [0.05, 40],
  [0.5, 409],
  [0.75, 613],
  [1, EDGES],
] as const) {
  test(`exactly the share of edges that is asked for is made twice: ${share}`, async (t) => {
    const { report, product } = await explored(driver(), { selfCheck: share });
    t.is(report.edges, EDGES);
    t.is(report.checkedTwice, twice);
    t.deepEqual(product.nondeterminism, []);
  });
}

/** Twists of every second performance: with every edge made twice, of each edge's second. */
const UNSTEADY: readonly (readonly [about: string, twist: (second: () => boolean) => Twist])[] = [
  ["the returned value", (second) => onSecond(second, (outcome) => ({ ...outcome, ret: 77 }))],
  ["the panic", (second) => onSecond(second, (outcome) => ({ ...outcome, panic: "of its own accord" }))],
  [
    "the kernel calls",
    (second) => onSecond(second, (outcome) => ({ ...outcome, calls: [...outcome.calls, { fn: "delay" }] })),
  ],
  [
    "the observed state",
    (second) => ({
      observe: (real) => (second() ? { ...real.observe(), memory: { blocks: 99 } } : real.observe()),
    }),
  ],
  ["the state's key", (second) => ({ key: (real) => (second() ? `${real.key()}'` : real.key()) })],
];

function onSecond(second: () => boolean, change: (outcome: Outcome) => Outcome): Twist {
  return {
    perform: (call, answers, real) => {
      const outcome = real.perform(call, answers);
      return second() ? change(outcome) : outcome;
    },
  };
}

for (const [about, twist] of UNSTEADY) {
  test(`a driver that is not deterministic is found out, and what differs is named: ${about}`, async (t) => {
    let performed = 0;
    const unsteady = twist(() => performed % 2 === 0);
    const counting: Twist = {
      ...unsteady,
      perform: (call, answers, real) => {
        performed++;
        return unsteady.perform?.(call, answers, real) ?? real.perform(call, answers);
      },
    };
    // The initial state is looked at before anything was performed.
    performed = 1;
    const twisted = new Twisted(driver(), counting);
    performed = 0;
    const { product, report } = await explored(twisted, { selfCheck: 1, limits: { states: 6 } });
    t.is(report.violatingEdges, 0, "what was made first is as it should be");
    t.true(product.nondeterminism.length > 0);
    t.is(product.nondeterminism.length, report.checkedTwice);
    t.deepEqual([...new Set(product.nondeterminism.map((found) => found.about))], [about]);
    t.deepEqual(product.nondeterminism[0], { about, call: textOf(create()), after: 0 });
    t.deepEqual(new Set(product.nondeterminism.map(({ after }) => after)), new Set([0, 1]));
  });
}

test("a state in which no call is enabled though a segment is alive is a deadlock", async (t) => {
  /** Holds that after a fault nothing can be called any more. */
  class Deadlocked extends Specification {
    override perform(state: SpecState, call: Call, asked: Outcome["asked"]): SpecStep {
      const step = super.perform(state, call, asked);
      if (call.call !== "fault") return step;
      const bad: Call = { call: "unmap", seg: 0, addr: 1, len: 0 };
      return { ...step, next: super.perform(state, bad, []).next };
    }
  }
  const { report } = await explored(driver(), {}, new Deadlocked(sizeOf(ONE_PAGE)));
  // Every state with a live segment: 13 of them, each with its own fault.
  t.is(report.deadlocks, 13);
  t.is(report.violatingEdges, 0);
  t.is((await explored(driver())).report.deadlocks, 0);
});

test("from every state of a driver that keeps the contract every segment can be freed", async (t) => {
  t.is((await explored(driver())).report.unfreeable, 0);
});

test("a driver that can't free a segment again has states that can't be freed", async (t) => {
  const on = segmfDriver({ machine: machine(1), errata: new Set(), mutants: new Set(["bound-never-unmaps"]) });
  const { report, product } = await explored(on);
  t.is(report.unfreeable, 9);
  t.is(product.tally.broken.get("result-exact"), report.violatingEdges);
});

const LIMITS: readonly (readonly [stopped: string, limits: Limits, states: number])[] = [
  ["states", { states: 5 }, 5],
  ["seconds", { seconds: 0 }, 1],
  ["aborted", { signal: AbortSignal.abort() }, 1],
];

for (const [stopped, limits, states] of LIMITS) {
  test(`an exploration that a limit stops is not complete, and does not say what can be freed: ${stopped}`, async (t) => {
    const { report } = await explored(driver(), { limits });
    t.like(report, { complete: false, stopped, unfreeable: null, states });
  });
}

test("every invariant is judged where it has something to say, those marked at every instant", async (t) => {
  const { product, report } = await explored(driver());
  const judged = new Map(INVARIANTS.map(({ id }) => [id as string, product.tally.judged.get(id) ?? 0]));
  // In 13 states a segment is alive. Each of them is unmapped wrongly in four ways, and panics: only instants are judged.
  const quiescent = EDGES - 13 * 4;
  const instants = 2284;
  t.deepEqual(
    judged,
    new Map([
      ["result-exact", quiescent],
      ["success-exact", 36],
      ["empty-rollback", 52],
      ["refusal-is-pure", 369],
      ["softlock-nonnegative", instants],
      ["softlock-exact", quiescent],
      ["domid-once", instants],
      ["map-is-truth", quiescent],
      ["grant-owned-once", quiescent],
      ["lock-balance", quiescent],
      ["no-residue", quiescent],
      ["vnode-balance", quiescent],
      ["one-domain", instants],
      ["write-permission", instants],
      ["lock-discipline", instants],
      ["wake", 141],
      ["fork-isolation", 0],
      ["freeable", 0],
      ["kernel-contract", instants],
    ]),
  );
  t.is(report.edges, EDGES);
  t.is(product.tally.broken.size, 0);
});

test("after a violation the pair is recorded and not expanded", async (t) => {
  const seen: string[] = [];
  const { product, report } = await explored(driverWith(["mfn-zero-binds"], machine(1)), {
    violated: ({ steps }) => seen.push(texts(steps).join(", ")),
  });
  t.deepEqual(
    product.violations.map(({ steps }) => texts(steps).join(", ")),
    seen,
  );
  t.deepEqual(seen.slice(0, 2), ["create rw, add_mfns 0+0", "create rw, add_mfns 1+0"]);
  t.true(seen.every((scenario) => /, add_mfns .\+0( of 9)?$/.test(scenario)));
  t.is(seen.length, 13);
  t.is(report.states, 17, "a segment that an empty add has bound, and that holds no page, is none of the states");
  t.is(report.states, (await explored(driver())).report.states);
  t.is(report.violatingEdges, seen.length);
});
