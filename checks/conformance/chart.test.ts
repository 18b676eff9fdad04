import test from "ava";
import { getInitialSnapshot } from "xstate";
import { events, eventsByPart } from "../../model/alphabet.js";
import type { SegmentContext } from "../../model/context.js";
import { machineOf, type SpecSnapshot } from "../../model/machine.js";
import { defineScope, type Scope } from "../../model/scope.js";
import { explore } from "../engine/index.js";
import { chartInvariants } from "./chartinvariants.js";
import { ChartCoverage } from "./coverage.js";
import { bruteForceChart } from "./testing/brute-force.js";

type Counted = readonly [what: string, scope: Partial<Scope>, states: number, transitions: number, depth: number];

/** How much there is of the chart alone: states, those in the middle of a call included, events taken, levels. */
const COUNTS: readonly Counted[] = [
  ["1 page", { pages: 1 }, 51, 1235, 9],
  ["1 page, wide, nothing fails", { pages: 1, domids: [7], alphabet: "wide", faults: new Set() }, 79, 2011, 10],
  ["2 pages, nothing fails", { pages: 2, domids: [7], faults: new Set() }, 192, 3007, 13],
];

/** The same where there is more: `npm run test:deep`. Of a fork `counts.test.ts` counts the product in every run. */
const DEEP_COUNTS: readonly Counted[] = [
  ["2 pages", { pages: 2 }, 547, 9153, 13],
  ["1 page and a fork", { pages: 1, domids: [7], forks: 1, faults: new Set(["addmap"]) }, 320, 9306, 18],
  ["2 pages, SEGMF_MAX_GREFS 1", { pages: 2, domids: [7], maxGrefs: 1 }, 263, 4676, 13],
  ["1 page, wide", { pages: 1, domids: [7], alphabet: "wide" }, 108, 3013, 10],
];

const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

for (const [what, partial, states, transitions, depth] of IS_DEEP ? [...COUNTS, ...DEEP_COUNTS] : COUNTS) {
  test(`the chart has as many states and transitions as brute force finds: ${what}`, async (t) => {
    const scope = defineScope(partial);
    t.deepEqual(bruteForceChart(scope), { states, steps: transitions, depth });
    // Every edge that the compiled engine looks up is made by XState too.
    const options = { events: eventsByPart(scope), invariants: chartInvariants(scope), selfCheck: 1 };
    const found = await explore(machineOf(scope), options);
    t.like(found, { states, transitions, depth, complete: true, violations: [] });
    t.like(found.engine, { kind: "compiled", confirmed: transitions });
    const coverage = new ChartCoverage();
    coverage.add(found.coverage);
    t.deepEqual(coverage.report(new Map()).missing, [], "the chart has no transition that its scope does not reach");
  });
}

test("transitions that only charts of another size take are covered by those", async (t) => {
  const small = defineScope({ pages: 1, domids: [7], faults: new Set() });
  const found = await explore(machineOf(small), { events: (snapshot) => events(small)(snapshot).slice(0, 1) });
  const coverage = new ChartCoverage();
  coverage.add(found.coverage);
  const before = coverage.report(new Map([["wake", "a fault"]]));
  t.true(before.missing.length > 0);
  t.is(before.taken + before.missing.length, before.total);
  t.is(before.breakable, 1);
  t.true(before.missing.every((name) => !/(page|segment)\d/.test(name)));
  const whole = await explore(machineOf(small), { events: events(small) });
  coverage.add(whole.coverage);
  t.deepEqual(coverage.report(new Map()).missing, []);
});

const NO_DEADLOCK = "a living segment has an event to come";

const scope = defineScope({ pages: 2, forks: 1 });
const invariants = chartInvariants(scope);

/** The initial state, made out to have this live segment; regions say nothing of it. */
function withSegment(segment: Partial<SegmentContext>): SpecSnapshot {
  const initial = getInitialSnapshot(machineOf(scope));
  const none = [null, null];
  const whole = {
    stillborn: false,
    prot: "rw",
    maxprot: "rwx",
    domid: 7,
    frames: none,
    grefs: none,
    ...segment,
  } as const;
  return Object.assign(Object.create(Object.getPrototypeOf(initial) as object) as SpecSnapshot, initial, {
    context: { ...initial.context, made: 1, ...membersOf(whole) },
  });
}

/** The members of the context that say all of segment 0. */
function membersOf({ domid, frames, grefs, ...madeWith }: Omit<SegmentContext, "pages">): object {
  const held = frames.map((frame, page) => {
    const gref = grefs[page] ?? null;
    const what = frame === null ? gref && { gref } : { frame };
    return [`page0.${page}`, what] as const;
  });
  return { segment0: { ...madeWith, pages: frames.length }, domid0: domid, ...Object.fromEntries(held) };
}

const BROKEN: readonly (readonly [invariant: string, segment: Parameters<typeof withSegment>[0]])[] = [
  ["an unbound segment holds nothing", { domid: 0, frames: [0x100, null] }],
  ["no segment is bound to dom0 or to DOMID_SELF", { domid: 0x7ff0 }],
  ["a granted page is registered", { grefs: [null, 5] }],
  ["protections none hold nothing", { prot: "none", frames: [null, 0x101] }],
  ["a stillborn segment holds nothing", { stillborn: true, frames: [0x100, null] }],
];

for (const [invariant, segment] of BROKEN) {
  test(`the specification's own invariant can be broken: ${invariant}`, (t) => {
    t.true(invariants[invariant]?.(withSegment({})), "holds of an empty segment");
    t.false(invariants[invariant]?.(withSegment(segment)));
  });
}

test("a living segment to which nothing can happen is a deadlock", (t) => {
  const alive = withSegment({});
  t.false(invariants[NO_DEADLOCK]?.(Object.assign(alive, { can: () => false })));
  t.true(invariants[NO_DEADLOCK]?.(Object.assign(alive, { can: () => true })));
  const gone = Object.assign(withSegment({}), { context: { underWay: null, segments: [null] }, can: () => false });
  t.true(invariants[NO_DEADLOCK]?.(gone));
  t.deepEqual(Object.keys(invariants), [...BROKEN.map(([name]) => name), NO_DEADLOCK]);
});
