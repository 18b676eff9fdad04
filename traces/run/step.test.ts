import test from "ava";
import type { Observation, Outcome, SegmentState } from "../../impl/driver.js";
import { runStepOf } from "./step.js";

const OUTCOME: Outcome = { ret: 22, panic: null, calls: [{ fn: "specfind" }], asked: [], moments: [], touched: null };
const SEGMENT: SegmentState = {
  stillborn: true,
  prot: "rw",
  maxprot: "rwx",
  domid: 7,
  softlockcnt: 1,
  map: [{ type: "mfn", mfn: 1n }],
  registered: [0x9000n],
};
const AFTER: Observation = {
  segments: [null, SEGMENT],
  pageTables: [
    { ptes: [null], locks: 3, callerLocks: 3 },
    { ptes: [{ kind: "throwaway" }], locks: 2, callerLocks: 1 },
  ],
  grants: [],
  vnode: { holds: 1, mappedPages: 1 },
  memory: { blocks: 2 },
  waiting: [false, false],
  heldLocks: [],
};

test("a step shows each segment that has data beside its own page table", (t) => {
  const violations = [{ invariant: "wake", detail: "…" }];
  t.deepEqual(runStepOf(OUTCOME, AFTER, { violations, reference: true }), {
    ret: 22,
    panic: null,
    calls: [{ fn: "specfind" }],
    segments: [
      null,
      {
        domid: 7,
        softlockcnt: 1,
        map: [{ type: "mfn", mfn: 1n }],
        registered: [0x9000n],
        ptes: [{ kind: "throwaway" }],
        locks: 2,
      },
    ],
    violations,
  });
});

test("a step says when the specification is no reference, and only then", (t) => {
  t.is(runStepOf(OUTCOME, AFTER, { violations: [], reference: false }).reference, false);
  t.false("reference" in runStepOf(OUTCOME, AFTER, { violations: [], reference: true }));
});

test("a panic is shown", (t) => {
  const step = runStepOf({ ...OUTCOME, ret: null, panic: "assertion failed" }, AFTER, {
    violations: [],
    reference: true,
  });
  t.like(step, { ret: null, panic: "assertion failed" });
});
