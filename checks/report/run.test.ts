import test from "ava";
import type { RunResult, RunSegment } from "../../traces/run/run.js";
import { ALL_SUCCEED, type Scenario } from "../../traces/scenario/scenario.js";
import { renderRun } from "./run.js";

/** Runs as text. The results are made up: what they mean is tested where they are made. */

const CREATE = { call: { call: "create", seg: 0, prot: "rw", maxprot: "rwx" }, answers: ALL_SUCCEED } as const;
const FREE = { call: { call: "free", seg: 0 }, answers: ALL_SUCCEED } as const;

const SEGMENT: RunSegment = {
  domid: 7,
  softlockcnt: -1,
  map: [
    { type: "empty" },
    { type: "mfn", mfn: 0x100n },
    { type: "gref", gref: 5, writable: true, mapped: true, handle: 2, pte_ma: 0x9010n },
    { type: "gref", gref: 6, writable: false, mapped: false, handle: 0, pte_ma: 0x9018n },
  ],
  registered: [null, null, 0x9010n, null],
  ptes: [
    null,
    { kind: "foreign", mfn: 0x100n, domid: 7, writable: false },
    { kind: "grant", gref: 5, handle: 2, domid: 7, writable: true },
    { kind: "throwaway" },
  ],
  locks: 3,
};

function text(scenario: Scenario, steps: RunResult["steps"]): string {
  return renderRun("a.json", scenario, { driver: "illumos", kernel: "release", steps }, false);
}

const HELD = { ret: 0, panic: null, calls: [], segments: [], violations: [] };

test("pages by record and PTE; a panic, and what was not run after it", (t) => {
  const violations = [{ invariant: "softlock-nonnegative", detail: "segment 0: softlockcnt is -1" }];
  const steps = [
    { ...HELD, segments: [SEGMENT, null] },
    { ...HELD, ret: null, panic: "assertion failed", segments: [], violations },
  ];
  t.is(
    text({ pages: 4, steps: [CREATE, FREE, FREE] }, steps),
    `a.json: illumos on the release kernel
1. create(seg 0, prot rw, maxprot rwx) -> 0
   segment 0: domid 7, softlockcnt -1, locks 3, pages 0 empty/-, 1 frame 0x100/0x100 of 7 ro, 2 ref
   5#2/grant 2 rw, 3 ref 6 unmapped/throwaway
   segment 1: freed
2. free(seg 0) -> panic
   panic: assertion failed
   softlock-nonnegative: segment 0: softlockcnt is -1
violated: 1 of 2 steps broke an invariant (1 step not run after the panic)
`,
  );
});

test("of a large segment only the pages that hold something", (t) => {
  const pages = Array.from({ length: 9 }, (_, page) => page);
  const segment: RunSegment = {
    ...SEGMENT,
    map: pages.map((page) => (page === 8 ? { type: "mfn", mfn: 1n } : { type: "empty" })),
    ptes: pages.map((page) => (page === 3 ? { kind: "throwaway" } : null)),
  };
  const shown = (one: RunSegment) => text({ pages: 9, steps: [CREATE] }, [{ ...HELD, segments: [one] }]).split("\n")[2];
  t.is(shown(segment), "   segment 0: domid 7, softlockcnt -1, locks 3, pages 3 empty/throwaway, 8 frame 0x1/-");
  const empty = { ...segment, map: pages.map(() => ({ type: "empty" }) as const), ptes: pages.map(() => null) };
  t.is(shown(empty), "   segment 0: domid 7, softlockcnt -1, locks 3, pages all empty");
});

test("a call that returns nothing; steps that are judged without a reference", (t) => {
  const steps = [
    { ...HELD, violations: [{ invariant: "wake", detail: "x" }] },
    { ...HELD, ret: null, reference: false as const },
  ];
  t.is(
    text({ pages: 1, steps: [CREATE, FREE] }, steps),
    `a.json: illumos on the release kernel
1. create(seg 0, prot rw, maxprot rwx) -> 0
   wake: x
2. free(seg 0) -> nothing
violated: 1 of 2 steps broke an invariant (from step 2 on only invariants on state are judged)
`,
  );
});

test("steps that could not be made, since the driver made something else of the segment", (t) => {
  const steps = [{ ...HELD, ret: 12, violations: [{ invariant: "result-exact", detail: "x" }] }];
  const said = text({ pages: 1, steps: [CREATE, FREE, FREE] }, steps);
  t.true(
    said.endsWith(
      "violated: 1 of 1 step broke an invariant (2 steps not run: the driver left no segment for the next)\n",
    ),
    said,
  );
});

test("no steps, no breach; a file's name comes on one line", (t) => {
  t.is(
    renderRun("a\nb", { pages: 1, steps: [] }, { driver: "corrected", kernel: "debug", steps: [] }, false),
    "a\\u000ab: corrected on the debug kernel\nholds: 0 of 0 steps broke an invariant\n",
  );
});
