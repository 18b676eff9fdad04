import { INVARIANTS } from "../../model/invariants/index.js";
import { ALL_SUCCEED, type Step } from "../../traces/scenario/scenario.js";
import type { Finding } from "../conformance/findings.js";
import type { CheckReport, ProductReport, ScopeReport } from "../conformance/report.js";

/** For tests: reports as a check makes them, without a check. */

const SCOPE: ScopeReport = {
  pages: 2,
  domids: [7, 9],
  refs: 2,
  maxGrefs: 16,
  forks: 0,
  faults: ["addmap", "waiting"],
  alphabet: "default",
};

const PRODUCT: ProductReport = {
  scope: SCOPE,
  states: 120,
  edges: 10_000,
  depth: 6,
  complete: true,
  stopped: null,
  executed: 2000,
  checkedTwice: 500,
  notFactored: null,
  deadlocks: 0,
  unfreeable: 0,
  violatingEdges: 0,
};

/** A check in which everything holds. */
export const HOLDS: CheckReport = {
  format: "segmf-check/1",
  driver: "corrected",
  kernel: "debug",
  specification: { scope: SCOPE, states: 511, transitions: 8892, depth: 13, complete: true, violations: [] },
  specificationsBeside: [
    { scope: { ...SCOPE, forks: 1 }, states: 1, transitions: 1, depth: 1, complete: true, violations: [] },
  ],
  paths: [
    { scope: SCOPE, paths: 511, replayed: 511, steps: 4000, mismatches: [] },
    { scope: { ...SCOPE, pages: 1, faults: [] }, paths: 432, replayed: 432, steps: 4732, mismatches: [] },
  ],
  products: [
    PRODUCT,
    { ...PRODUCT, scope: { ...SCOPE, refs: 1, maxGrefs: 1, faults: ["addmap"] }, states: 1, edges: 1, executed: 1 },
  ],
  directed: [{ title: "17 refs are refused", holds: true }],
  invariants: INVARIANTS.map(({ id }) => ({ id, judged: 1000, broken: 0, breakableBy: "a mutant" })),
  coverage: { taken: 100, total: 100, missing: [], breakable: INVARIANTS.length, invariants: INVARIANTS.length },
  findings: [],
  nondeterminism: [],
  interrupted: false,
  verdict: "holds",
  reasons: [],
  seconds: 12.34,
};

/** The same, stopped early. */
export const INCOMPLETE: CheckReport = {
  ...HOLDS,
  products: [{ ...PRODUCT, complete: false, stopped: "states", unfreeable: null }],
  coverage: { ...HOLDS.coverage, taken: 99, missing: ["idle: call.free [0 callable]"] },
  verdict: "incomplete",
  reasons: ["the product was not explored to the end"],
};

const CREATE: Step = { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED };

/** A finding with a known cause. */
export const KNOWN: Finding = {
  cause: ["pte-range-unchecked"],
  name: "pte-range-unchecked",
  pages: 1,
  maxGrefs: 16,
  steps: [CREATE, { call: { call: "add_gref_pte", seg: 0, page: 1, pte_ma: 0x9008n }, answers: ALL_SUCCEED }],
  breaches: [{ invariant: "kernel-contract", detail: "add_gref_pte of segment 0 made the kernel panic" }],
  panic: "write outside an allocation",
  edges: 1,
};

/** One that no erratum explains, and that shows only where the limit on refs is small. */
export const UNKNOWN: Finding = {
  cause: [],
  name: "unknown cause: add_mfns breaks empty-rollback, map-is-truth",
  pages: 2,
  maxGrefs: 1,
  steps: [
    CREATE,
    {
      call: { call: "add_mfns", seg: 0, page: 0, count: 2, mfn: 0x100, domid: 7, waiting: true },
      answers: { ...ALL_SUCCEED, update_va_mapping: [0, -22] },
    },
  ],
  breaches: [
    { invariant: "empty-rollback", detail: "segment 0, page 0: it is not EMPTY" },
    { invariant: "map-is-truth", detail: "segment 0, page 0: it is not what its PTE says" },
    { invariant: "map-is-truth", detail: "segment 0, page 1: it is not what its PTE says" },
  ],
  panic: null,
  edges: 1234,
};

/** A check that found both. */
export const VIOLATED: CheckReport = {
  ...HOLDS,
  driver: "illumos",
  products: [{ ...PRODUCT, violatingEdges: 1235 }],
  invariants: HOLDS.invariants.map((invariant) =>
    invariant.id === "map-is-truth" ? { ...invariant, broken: 1234 } : invariant,
  ),
  findings: [KNOWN, UNKNOWN],
  verdict: "violated",
  reasons: ["2 findings"],
};
