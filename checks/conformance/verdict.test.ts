import test from "ava";
import type { Finding } from "./findings.js";
import type { CheckReport, InvariantReport, ProductReport, ScopeReport, SpecificationReport } from "./report.js";
import { judgementOf } from "./verdict.js";

type Parts = Parameters<typeof judgementOf>[0];

const SCOPE: ScopeReport = {
  pages: 2,
  domids: [7, 9],
  refs: 2,
  maxGrefs: 16,
  forks: 0,
  faults: [],
  alphabet: "default",
};
const CHART: SpecificationReport = {
  scope: SCOPE,
  states: 547,
  transitions: 9153,
  depth: 13,
  complete: true,
  violations: [],
};
const PRODUCT: ProductReport = {
  scope: SCOPE,
  states: 158,
  edges: 13_539,
  depth: 6,
  complete: true,
  stopped: null,
  executed: 0,
  notFactored: null,
  checkedTwice: 676,
  deadlocks: 0,
  unfreeable: 0,
  violatingEdges: 0,
};
const WAKE: InvariantReport = { id: "wake", judged: 3, broken: 0, breakableBy: "unmap-no-wake" };
const FINDING: Finding = {
  cause: ["word-shared"],
  name: "word-shared",
  pages: 1,
  maxGrefs: 16,
  steps: [],
  breaches: [],
  panic: null,
  edges: 3,
};
const HOLDS: Parts = {
  specification: CHART,
  specificationsBeside: [{ ...CHART, scope: { ...SCOPE, pages: 1, forks: 1 } }],
  paths: [{ scope: SCOPE, paths: 5, replayed: 5, steps: 20, mismatches: [] }],
  products: [PRODUCT, { ...PRODUCT, scope: { ...SCOPE, maxGrefs: 1 } }],
  directed: [{ title: "17 refs are refused", holds: true }],
  invariants: [WAKE],
  coverage: { taken: 105, total: 105, missing: [], breakable: 19, invariants: 19 },
  findings: [],
  nondeterminism: [],
  interrupted: false,
};

interface Case {
  readonly what: string;
  readonly parts: Partial<Parts>;
  readonly verdict: CheckReport["verdict"];
  readonly reasons: readonly string[];
}

const stopped = { ...PRODUCT, complete: false, stopped: "states", unfreeable: null } as const;
const CASES: readonly Case[] = [
  { what: "all holds", parts: {}, verdict: "holds", reasons: [] },
  {
    what: "the chart contradicts itself",
    parts: { specification: { ...CHART, violations: [{ invariant: "an unbound segment holds nothing", path: [] }] } },
    verdict: "violated",
    reasons: [
      "the specification contradicts itself: an unbound segment holds nothing (2 pages, at most 16 refs a call)",
    ],
  },
  {
    what: "a companion chart contradicts itself",
    parts: {
      specificationsBeside: [
        { ...CHART, scope: { ...SCOPE, pages: 1, forks: 2, maxGrefs: 1 }, violations: [{ invariant: "x", path: [] }] },
      ],
    },
    verdict: "violated",
    reasons: ["the specification contradicts itself: x (1 page, 2 forks, at most 1 ref a call)"],
  },
  { what: "one finding", parts: { findings: [FINDING] }, verdict: "violated", reasons: ["1 finding"] },
  { what: "two findings", parts: { findings: [FINDING, FINDING] }, verdict: "violated", reasons: ["2 findings"] },
  {
    what: "paths that part from the chart",
    parts: {
      paths: [
        { scope: SCOPE, paths: 5, replayed: 3, steps: 20, mismatches: [{ path: [], detail: "" }] },
        { scope: SCOPE, paths: 5, replayed: 4, steps: 20, mismatches: [{ path: [], detail: "" }] },
      ],
    },
    verdict: "violated",
    reasons: ["2 replayed paths part from the chart"],
  },
  {
    what: "a deadlock",
    parts: { products: [PRODUCT, { ...PRODUCT, deadlocks: 4 }] },
    verdict: "violated",
    reasons: ["4 states in which no call is enabled though a segment is alive"],
  },
  {
    what: "states that can't be freed",
    parts: { products: [{ ...PRODUCT, unfreeable: 3 }] },
    verdict: "violated",
    reasons: ["freeable: from 3 states no path leads to every segment freed"],
  },
  {
    what: "states that can't be freed, where violating edges were left out: only the findings count",
    parts: { products: [{ ...PRODUCT, unfreeable: 3, violatingEdges: 9 }], findings: [FINDING] },
    verdict: "violated",
    reasons: ["1 finding"],
  },
  {
    what: "a directed scenario that fails",
    parts: { directed: [...HOLDS.directed, { title: "17 pages are refused", holds: false }] },
    verdict: "violated",
    reasons: ["directed scenario failed: 17 pages are refused"],
  },
  {
    what: "a driver that is not deterministic: the first difference is named",
    parts: {
      nondeterminism: [
        { about: "the panic", call: '{"call":"create"}', after: 2 },
        { about: "the state's key", call: '{"call":"dup"}', after: 3 },
      ],
    },
    verdict: "violated",
    reasons: ['the driver is not deterministic: made again after 2 calls, {"call":"create"} differs in the panic'],
  },
  {
    what: "an invariant that was never judged",
    parts: { invariants: [WAKE, { ...WAKE, id: "fork-isolation", judged: 0 }, { ...WAKE, id: "freeable", judged: 0 }] },
    verdict: "violated",
    reasons: ["never judged: fork-isolation, freeable"],
  },
  {
    what: "a transition of the chart that was never taken",
    parts: { coverage: { ...HOLDS.coverage, taken: 104, missing: ["segment.life: call.free [0]"] } },
    verdict: "violated",
    reasons: ["1 transitions of the chart were never taken"],
  },
  {
    what: "an invariant that nothing breaks",
    parts: { coverage: { ...HOLDS.coverage, breakable: 18 } },
    verdict: "violated",
    reasons: ["not every invariant could be broken on purpose"],
  },
  {
    what: "a product that was not explored to the end",
    parts: { products: [PRODUCT, stopped] },
    verdict: "incomplete",
    reasons: ["the product was not explored to the end (2 pages, at most 16 refs a call; states)"],
  },
  {
    what: "a chart that was not explored to the end",
    parts: { specification: { ...CHART, complete: false } },
    verdict: "incomplete",
    reasons: ["the specification was not explored to the end (2 pages, at most 16 refs a call)"],
  },
  {
    what: "a companion chart that was not explored to the end",
    parts: { specificationsBeside: [{ ...CHART, scope: { ...SCOPE, pages: 1, forks: 1 }, complete: false }] },
    verdict: "incomplete",
    reasons: ["the specification was not explored to the end (1 page, 1 fork, at most 16 refs a call)"],
  },
  {
    what: "an interruption after the explorations, with nothing broken on purpose yet",
    parts: { interrupted: true, coverage: { ...HOLDS.coverage, breakable: 0 } },
    verdict: "incomplete",
    reasons: ["interrupted before everything was checked"],
  },
  {
    what: "what an early end has left untaken or unjudged is no violation",
    parts: {
      products: [stopped],
      coverage: { ...HOLDS.coverage, missing: ["a"], breakable: 1 },
      invariants: [{ ...WAKE, judged: 0 }],
    },
    verdict: "incomplete",
    reasons: ["the product was not explored to the end (2 pages, at most 16 refs a call; states)"],
  },
  {
    what: "a violation is one even where the exploration stopped early, and both are said",
    parts: { products: [stopped], findings: [FINDING] },
    verdict: "violated",
    reasons: ["1 finding", "the product was not explored to the end (2 pages, at most 16 refs a call; states)"],
  },
];

for (const { what, parts, verdict, reasons } of CASES) {
  test(`the verdict: ${what}`, (t) => {
    t.deepEqual(judgementOf({ ...HOLDS, ...parts }), { verdict, reasons });
  });
}
