import test from "ava";
import { grefs, mfns, Play, register } from "./testkit.js";

const NOWHERE = 0xdead000n;

test("add_mfns maps page after page, asking for each, in order §3.adds.success", (t) => {
  const spec = new Play().live();
  t.deepEqual(spec.perform(mfns(1, 2), 0, 0).awaited, [
    { kind: "update_va_mapping", seg: 0, page: 1 },
    { kind: "update_va_mapping", seg: 0, page: 2 },
  ]);
  t.is(spec.picture(), "7: - 101 102");
});

test("a page holds the frame that was asked for, also after it was redefined", (t) => {
  const spec = new Play().live();
  spec.perform(mfns(0, 3), 0, 0, 0);
  t.is(spec.ends(mfns(1, 2, { mfn: 0x900 }), 0, 0), "succeeded 0 | 7: 100 900 901");
});

test("frame 0 and reference 0 are as good as any", (t) => {
  const spec = new Play().live({ registered: [1] });
  t.is(spec.ends(mfns(0, 1, { mfn: 0 }), 0), "succeeded 0 | 7: 0 -* -");
  t.is(spec.ends(grefs(1, 1, { grefs: [0] }), 0, 0), "succeeded 0 | 7: 0 0r* -");
});

for (const refused of [0, 1, 2]) {
  test(`add_mfns, page ${refused} of its range refused: all of the range ends empty, the rest is not asked for §3.adds.all-or-nothing`, (t) => {
    const spec = new Play({ pages: 5 }).live({ registered: [0, 2] });
    spec.perform(mfns(0, 5), 0, 0, 0, 0, 0);
    const answers = [...new Array<number>(refused).fill(0), -22];
    t.is(spec.ends(mfns(1, 3, { mfn: 0x200 }), ...answers), "failed 14 | 7: 100* - -* - 104");
  });
}

test("the first add that gets past the refusals binds for good, also when it fails §3.adds.binding", (t) => {
  const spec = new Play().live({ registered: [0] });
  t.is(spec.ends(mfns(0, 1, { domid: 9 }), -1), "failed 14 | 9: -* - -");
  t.is(spec.ends(mfns(0, 1)), "refused 22 | 9: -* - -");
  const other = new Play().live({ registered: [0] });
  t.is(other.ends(grefs(0, 1, { domid: 9 }), -1), "failed 14 | 9: -* - -");
});

test("add_grefs asks for the hypercall, then for each element", (t) => {
  const spec = new Play().live({ registered: [1, 2] });
  t.deepEqual(spec.perform(grefs(1, 2), 0, 0, 0).awaited, [
    { kind: "map_grant_ref", seg: 0, count: 2 },
    { kind: "map_grant_ref_status", seg: 0, page: 1, element: 0 },
    { kind: "map_grant_ref_status", seg: 0, page: 2, element: 1 },
  ]);
  t.is(spec.picture(), "7: - 6r* 7r*");
});

test("a grant is writable only if the flags say so §3.adds.success", (t) => {
  const spec = new Play().live({ registered: [0, 1] });
  t.is(spec.ends(grefs(0, 2, { writable: true }), 0, 0, 0), "succeeded 0 | 7: 5w* 6w* -");
  t.is(spec.ends(grefs(1, 1), 0, 0), "succeeded 0 | 7: 5w* 6r* -");
});

test("a failed hypercall leaves the range empty, and no element is asked for", (t) => {
  const spec = new Play().live({ registered: [0, 1, 2] });
  spec.perform(grefs(0, 3), 0, 0, 0, 0);
  t.is(spec.ends(grefs(1, 2), -1), "failed 14 | 7: 5r* -* -*");
});

for (const [what, statuses] of [
  ["the first", [-1, 0, 0]],
  ["the middle", [0, -1, 0]],
  ["the last", [0, 0, -1]],
  ["all", [-1, -1, -1]],
] as const) {
  test(`add_grefs, ${what} refused: all are asked for, the range ends empty, nothing else is touched §3.adds.all-or-nothing`, (t) => {
    const spec = new Play({ pages: 5 }).live({ registered: [0, 1, 2, 3, 4] });
    spec.perform(grefs(0, 5), 0, 0, 0, 0, 0, 0);
    t.is(spec.ends(grefs(1, 3, { writable: true }), 0, ...statuses), "failed 14 | 7: 5r* -* -* -* 9r*");
  });
}

test("either add tears down what the other put there §3.adds.teardown", (t) => {
  const spec = new Play().live({ registered: [0, 1] });
  spec.perform(mfns(0, 2), 0, 0);
  t.is(spec.ends(grefs(0, 2), 0, 0, 0), "succeeded 0 | 7: 5r* 6r* -");
  t.is(spec.ends(mfns(1, 2), 0, 0), "succeeded 0 | 7: 5r* 101* 102");
});

test("add_gref_pte records where the PTE is, and disturbs nothing §3.add_gref_pte.record", (t) => {
  const spec = new Play().live();
  t.is(spec.ends(register(1)), "succeeded null | 0: - -* -");
  spec.perform(mfns(0, 2), 0, 0);
  t.is(spec.ends(register(0)), "succeeded null | 7: 100* 101* -");
  t.is(spec.ends(register(0)), "succeeded null | 7: 100* 101* -");
});

test("add_gref_pte outside the segment is ignored §3.add_gref_pte.outside", (t) => {
  const spec = new Play().live();
  t.is(spec.ends(register(3)), "refused null | 0: - - -");
  t.is(spec.ends(register(65535)), "refused null | 0: - - -");
});

test("a page registered at a wrong address is registered, but its grants are refused unasked (D4)", (t) => {
  const spec = new Play({ pages: 4 }).live({ registered: [0, 2] });
  spec.perform(register(1, NOWHERE));
  spec.perform(register(3, NOWHERE));
  const { awaited } = spec.perform(grefs(0, 4), 0, 0, 0);
  t.deepEqual(
    awaited.map((question) => ("page" in question ? question.page : question.kind)),
    ["map_grant_ref", 0, 2],
  );
  t.is(spec.picture(), "7: -* -* -* -*");
  t.is(spec.ends(grefs(3, 1), 0), "failed 14 | 7: -* -* -* -*", "nothing but the hypercall is asked for");
  t.is(spec.ends(grefs(1, 1), -1), "failed 14 | 7: -* -* -* -*");
  t.is(spec.ends(mfns(1, 1), 0), "succeeded 0 | 7: -* 101* -* -*", "frames do not mind");
});

test("several wrong addresses in a row, first and last of a range", (t) => {
  const spec = new Play({ pages: 4 }).live({ registered: [2] });
  for (const page of [0, 1, 3]) spec.perform(register(page, NOWHERE));
  t.deepEqual(spec.perform(grefs(0, 4), 0, 0).awaited.at(-1), {
    kind: "map_grant_ref_status",
    seg: 0,
    page: 2,
    element: 2,
  });
  t.is(spec.picture(), "7: -* -* -* -*");
});

test("a new registration counts from the next add; a live grant keeps its address §3.add_gref_pte.record", (t) => {
  const spec = new Play().live({ registered: [0] });
  spec.perform(grefs(0, 1), 0, 0);
  t.is(spec.ends(register(0, NOWHERE)), "succeeded null | 7: 5r* - -");
  t.is(spec.ends({ call: "release_grefs", seg: 0, page: 0, count: 1 }, 0, 0), "succeeded 0 | 7: -* - -");
  t.is(spec.ends(grefs(0, 1), 0), "failed 14 | 7: -* - -");
  spec.perform(register(0));
  t.is(spec.ends(grefs(0, 1), 0, 0), "succeeded 0 | 7: 5r* - -");
});

test("the right address depends on segment and page", (t) => {
  const spec = new Play({ forks: 1 }).live({ registered: [0] });
  spec.perform({ call: "dup", seg: 0, into: 1 }, 0);
  spec.perform({ call: "add_gref_pte", seg: 1, page: 0, pte_ma: 0x9000n });
  t.is(spec.ends({ ...grefs(0, 1), seg: 1 }, 0), "failed 14 | 7: -* - -");
  spec.perform({ call: "add_gref_pte", seg: 1, page: 0, pte_ma: 0xa000n });
  t.is(spec.ends({ ...grefs(0, 1), seg: 1 }, 0, 0), "succeeded 0 | 7: 5r* - -");
});
