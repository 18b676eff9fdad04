import test from "ava";
import type { Step } from "../../traces/scenario/scenario.js";
import { isLess, weightOf } from "./findings.js";
import { reductions, without } from "./reductions.js";
import type { Reducible } from "./shrink.js";
import { create, dup, frames, grants, register, step, texts, unmap } from "./testing/steps.js";
import { textOf } from "./text.js";

const MANY: Reducible = {
  pages: 8,
  steps: [
    step({ call: "create", seg: 0, prot: "rwx", maxprot: "rw" }),
    step(dup(1)),
    step({ call: "add_gref_pte", seg: 1, page: 6, pte_ma: 0x123n }),
    step(
      { call: "add_grefs", seg: 1, page: 6, grefs: [1, 2], writable: true, domid: 9, foreign: true },
      { map_grant_ref: [{ rc: 0, status: [0, -1] }] },
    ),
    step({ call: "fault", seg: 1, page: 5, count: 7, type: "softlock", rw: "write" }),
    step(
      { call: "add_mfns", seg: 1, page: 6, count: 2, mfn: 3, domid: 7, waiting: true },
      { update_va_mapping: [0, 0, -22] },
    ),
    step(unmap(3, 1), { addmap: 12 }),
  ],
};

/** How far arguments are from the usual ones, and how late failures come: what is compared last. */
function unusual(steps: readonly Step[], pages: number): number {
  const of = ({ call, answers }: Step): number => {
    const codes = [...answers.update_va_mapping, ...answers.map_grant_ref.flatMap(({ status }) => status)].length;
    const wrong = [
      "foreign" in call,
      "maxprot" in call && call.maxprot !== "rwx",
      call.call === "add_mfns" && call.mfn !== 0x100 + call.page,
      call.call === "add_gref_pte" && call.pte_ma !== 0x9000n + 8n * BigInt(call.page),
      call.call === "add_grefs" && call.grefs.some((gref, i) => gref !== 5 + call.page + i),
      call.call === "unmap" && (call.addr !== 0 || call.len !== pages * 4096),
      call.call === "fault" && call.rw !== "read",
    ].filter(Boolean).length;
    return codes + wrong + (call.call === "create" ? 0 : call.seg);
  };
  return steps.reduce((sum, each) => sum + of(each), 0);
}

test("each reduction is less than what it is made of, so that shrinking ends", (t) => {
  const measure = ({ pages, steps }: Reducible) => {
    const [length = 0, ...weight] = weightOf(steps);
    return [length, pages, ...weight, unusual(steps, pages)];
  };
  const first = [...reductions(MANY)];
  const wrong: string[] = [];
  // Those of the last are of calls that are simple already in part.
  for (const current of [MANY, ...first.slice(-5)]) {
    for (const simpler of reductions(current)) {
      if (!isLess(measure(simpler), measure(current))) wrong.push(texts(simpler.steps).join("; "));
    }
  }
  t.deepEqual(wrong, []);
  t.is(new Set(first.map(textOf)).size, 49);
});

test("what is made of a segment that does not come to be is left out with it, and segments are numbered anew", (t) => {
  const steps = [
    ...[create(), dup(1), frames(0, 1, { seg: 1 }), { ...dup(2), seg: 1 }, { ...dup(3), seg: 0 }, unmap(1, 3)],
  ].map((call) => step(call));
  const left = without(steps, 1, 1);
  t.deepEqual(
    left?.map(({ call }) => [call.call, call.seg]),
    [
      ["create", 0],
      ["dup", 0],
      ["unmap", 1],
    ],
  );
  t.deepEqual(left?.[1]?.call, { ...dup(1), seg: 0 });
  t.is(without(steps, 0, 1), null, "the last step would go too");
  t.is(without(steps, 5, 1), null);
  t.deepEqual(without(steps, 2, 0), steps);
});

test("pages that several calls name go down together", (t) => {
  const both = { pages: 8, steps: [step(create()), step(register(6)), step(grants(6, 1))] };
  const found = [...reductions(both)].map(({ steps }) => texts(steps).join("; "));
  t.true(found.includes("create rw; add_gref_pte 0; add_grefs 0+1"));
});
