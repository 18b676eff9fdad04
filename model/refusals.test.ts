import test from "ava";
import type { Prot } from "../impl/driver.js";
import { DOMID_SELF } from "./constants.js";
import { grefs, mfns, Play } from "./testkit.js";

/**
 * Contract section 3, step 1 of the adds. The segment has 6 pages, the first three registered, SEGMF_MAX_GREFS is 2; it is
 * bound to domain 7, page 0 holds a frame.
 */
function bound(): Play {
  const spec = new Play({ pages: 6, maxGrefs: 2 }).live({ registered: [0, 1, 2] });
  spec.perform(mfns(0, 1), 0);
  return spec;
}
const BEFORE = "7: 100* -* -* - - -";

interface How {
  readonly foreign?: boolean;
  readonly domid?: number;
  readonly page?: number;
  readonly count?: number;
  readonly grefs?: readonly number[];
}

/** Each refusal by what makes a call suffer it, in the contract's order. */
const REFUSALS: readonly (readonly [string, number, How])[] = [
  ["another driver's segment", 22, { foreign: true }],
  ["domid 0", 13, { domid: 0 }],
  ["DOMID_SELF", 13, { domid: DOMID_SELF }],
  ["a range that leaves the segment", 22, { page: 7 }],
  ["too many refs", 14, { grefs: [5, 6, 7] }],
  ["a page that is not registered", 22, { page: 3 }],
  ["nothing to add", 0, { grefs: [], count: 0 }],
  ["bound elsewhere", 22, { domid: 9 }],
];

for (const [what, ret, how] of REFUSALS) {
  test(`add_grefs is refused: ${what} §3.adds.refusals`, (t) => {
    t.is(bound().ends(grefs(1, 1, how)), `refused ${ret} | ${BEFORE}`);
  });
  if (what === "too many refs" || what === "a page that is not registered") continue;
  test(`add_mfns is refused: ${what} §3.adds.refusals`, (t) => {
    t.is(bound().ends(mfns(1, 1, how)), `refused ${ret} | ${BEFORE}`);
  });
}

test("every refusal of two that a call suffers is the first of the contract's order §3.adds.refusals", (t) => {
  let pairs = 0;
  REFUSALS.forEach(([first, ret, how], at) => {
    for (const [second, , also] of REFUSALS.slice(at + 1)) {
      if (Object.keys(how).some((member) => member in also)) continue;
      if (first === "a page that is not registered" && second === "nothing to add") continue; // no pages, none unregistered
      pairs += 1;
      t.is(bound().ends(grefs(1, 1, { ...also, ...how })), `refused ${ret} | ${BEFORE}`, `${first}, then ${second}`);
    }
  });
  t.is(pairs, 22);
});

for (const [what, call, ret] of [
  ["another driver's segment goes before", grefs(0, 1, { foreign: true }), 22],
  ["protections none", grefs(0, 1), 13],
  ["it goes before the range", grefs(3, 2), 13],
  ["it goes before a page that is not registered", grefs(3, 1), 13],
  ["it goes before a count of 0", grefs(0, 0), 13],
  ["for frames as well", mfns(0, 1), 13],
  ["for frames before a count of 0", mfns(0, 0), 13],
] as const) {
  test(`no permission: ${what}`, (t) => {
    const spec = new Play({ pages: 4 }).live({ prot: "none", registered: [0] });
    t.is(spec.ends(call), `refused ${ret} | 0: -* - - -`);
  });
}

test("any other protections permit both adds", (t) => {
  for (const prot of ["r", "w", "x", "rw", "rx", "wx", "rwx"] as const satisfies readonly Prot[]) {
    const spec = new Play({ pages: 2 }).live({ prot, registered: [1] });
    t.is(spec.ends(mfns(0, 1), 0), "succeeded 0 | 7: 100 -*");
    t.is(spec.ends(grefs(1, 1), 0, 0), "succeeded 0 | 7: 100 6r*");
  }
});

test("an empty range at the very end lies inside the segment, one beyond leaves it (D3)", (t) => {
  for (const [page, ret] of [
    [6, 0],
    [7, 22],
  ] as const) {
    t.is(bound().ends(mfns(page, 0)), `refused ${ret} | ${BEFORE}`);
    t.is(bound().ends(grefs(page, 0)), `refused ${ret} | ${BEFORE}`);
  }
});

test("a range leaves the segment if only its end does", (t) => {
  t.is(bound().ends(mfns(5, 2)), `refused 22 | ${BEFORE}`);
  t.is(bound().ends(grefs(5, 2)), `refused 22 | ${BEFORE}`);
});

test("one page of many that is not registered is enough", (t) => {
  t.is(bound().ends(grefs(2, 2)), `refused 22 | ${BEFORE}`);
  t.is(bound().ends(grefs(1, 2), 0, 0, 0), "succeeded 0 | 7: 100* 6r* 7r* - - -");
});

test("as many refs as SEGMF_MAX_GREFS are not too many, and frames have no such limit", (t) => {
  t.is(bound().ends(grefs(0, 2), 0, 0, 0), "succeeded 0 | 7: 5r* 6r* -* - - -");
  t.is(bound().ends(mfns(0, 4), 0, 0, 0, 0), "succeeded 0 | 7: 100* 101* 102* 103 - -");
});

test("the true limit: 16 of 17 pages are granted, 17 are refused (D11)", (t) => {
  const registered = Array.from({ length: 17 }, (_, page) => page);
  const spec = new Play({ pages: 17 }).live({ registered });
  t.true(spec.ends(grefs(0, 17)).startsWith("refused 14 | 0: "));
  t.true(spec.ends(grefs(0, 16), 0, ...new Array<number>(16).fill(0)).startsWith("succeeded 0 | 7: 5r* 6r* "));
});

test("a refused call leaves not a trace: the snapshot is the same", (t) => {
  const spec = bound();
  const { value, context } = spec.snapshot;
  for (const [, , how] of REFUSALS) spec.perform(grefs(1, 1, how));
  t.deepEqual([spec.snapshot.value, spec.snapshot.context], [value, context]);
});

test("a refused add does not bind §3.adds.binding", (t) => {
  const spec = new Play().live();
  t.is(spec.ends(mfns(0, 0)), "refused 0 | 0: - - -");
  t.is(spec.ends(mfns(3, 1)), "refused 22 | 0: - - -");
  t.is(spec.ends(grefs(0, 0)), "refused 0 | 0: - - -");
  t.is(spec.ends(grefs(0, 1)), "refused 22 | 0: - - -");
});
