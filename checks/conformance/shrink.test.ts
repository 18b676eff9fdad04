import test from "ava";
import type { Call, Machine } from "../../impl/driver.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { isLess, weightOf } from "./findings.js";
import { candidates, type Reducible, shrink } from "./shrink.js";
import { machine, only } from "./testing/drivers.js";
import { create, frames, grants, register, release, step, texts, unmap } from "./testing/steps.js";
import { firstViolation } from "./trials.js";

/** The smallest scenario that `fails` still holds of. */
function shrunk(start: Reducible, fails: (candidate: Reducible) => boolean): Promise<Reducible> {
  return shrink(start, (candidate) => Promise.resolve(fails(candidate)));
}

const LONG: Reducible = {
  pages: 4,
  steps: [
    step(create("none")),
    step(register(2)),
    step(frames(1, 3, { domid: 9, waiting: true }), { update_va_mapping: [0, -22, -22] }),
    step(grants(2, 2, { domid: 9, writable: true }), {
      map_grant_ref: [
        { rc: 0, status: [0, -1] },
        { rc: -22, status: [] },
      ],
    }),
    step(release(1, 3), { unmap_grant_ref: [{ rc: -22, status: [-1] }] }),
    step(unmap(4), { addmap: 12 }),
  ],
};

test("what fails whatever is left out is reduced to its last call at its simplest", async (t) => {
  const { pages, steps } = await shrunk(LONG, () => true);
  t.is(pages, 1);
  t.deepEqual(steps, [step(unmap(1))]);
});

test("what fails only as it is stays as it is", async (t) => {
  t.deepEqual(await shrunk(LONG, () => false), LONG);
});

test("a last step is never left out", (t) => {
  const last = LONG.steps.at(-1)?.call.call;
  t.true([...candidates(LONG)].every(({ steps }) => steps.at(-1)?.call.call === last));
});

test("each argument and each answer is made simpler by itself", async (t) => {
  const one = async (only: Step, keeps: (last: Step) => boolean) => {
    const { steps } = await shrunk({ pages: 4, steps: [only] }, (candidate) => {
      const [last] = candidate.steps;
      return last !== undefined && keeps(last);
    });
    return texts(steps)[0];
  };
  const [none, , adds, map, releases] = LONG.steps;
  if (!(none && adds && map && releases)) return t.fail();
  t.is(await one(none, () => true), "create rw");
  t.is(await one(none, ({ call }) => call.call === "create" && call.prot === "none"), "create none");
  t.is(await one(adds, () => true), "add_mfns 0+1");
  t.is(await one(adds, ({ call }) => call.waiting === true), "add_mfns 0+1 waiting");
  t.is(await one(adds, ({ call }) => "page" in call && call.page >= 1), "add_mfns 1+1");
  t.is(await one(adds, ({ call }) => "count" in call && call.count >= 2), "add_mfns 0+2");
  t.is(await one(adds, ({ call }) => "domid" in call && call.domid === 9), "add_mfns 0+1 of 9");
  t.is(await one(adds, ({ answers }) => answers.update_va_mapping[2] === -22), "add_mfns 0+1 ! update 0,0,-22");
  t.is(await one(adds, ({ answers }) => answers.update_va_mapping.includes(-22)), "add_mfns 0+1 ! update 0,0,-22");
  t.is(await one(map, () => true), "add_grefs 0+1");
  t.is(await one(map, ({ call }) => "writable" in call && call.writable), "add_grefs 0+1 writable");
  t.is(await one(map, ({ call }) => "grefs" in call && call.grefs.length === 2), "add_grefs 0+2");
  t.is(await one(map, ({ answers }) => answers.map_grant_ref[1]?.rc === -22), "add_grefs 0+1 ! map -22");
  t.is(await one(map, ({ answers }) => answers.map_grant_ref[0]?.status[1] === -1), "add_grefs 0+1 ! status 0,-1");
  t.is(await one(releases, ({ answers }) => answers.unmap_grant_ref.length > 0), "release_grefs 0+1 ! status -1");
  t.is(await one(step(frames(2, 0)), () => true), "add_mfns 0+1", "an empty range is no simpler than a page");
  t.is(await one(step(unmap(4), { addmap: 12 }), () => true), "unmap 0+1");
});

test("what is given for a page moves with it", async (t) => {
  const moved = async (call: Step["call"]) =>
    (await shrunk({ pages: 4, steps: [step(call)] }, () => true)).steps[0]?.call;
  t.deepEqual(await moved(frames(3, 1)), frames(0, 1));
  t.deepEqual(await moved(grants(3, 1)), grants(0, 1));
  t.deepEqual(await moved(register(3)), register(0));
  const low: Call = { call: "add_mfns", seg: 0, page: 3, count: 1, mfn: 1, domid: 7 };
  t.deepEqual(await moved(low), { ...low, page: 0, mfn: 0 }, "frames start at 0");
});

test("an unmap of the whole stays one on a smaller segment, and one of a part stays as it is", (t) => {
  const smaller = (call: Step["call"]) =>
    [...candidates({ pages: 3, steps: [step(call)] })]
      .filter(({ pages }) => pages < 3)
      .map(({ pages, steps }) => [pages, ...texts(steps)]);
  t.deepEqual(smaller(unmap(3)), [
    [1, "unmap 0+1"],
    [2, "unmap 0+2"],
  ]);
  t.deepEqual(smaller(unmap(2)), [
    [1, "unmap 0+2"],
    [2, "unmap 0+2"],
  ]);
});

/** Scenarios longer than need be that an erratum alone breaks at the last step. */
const REAL: readonly (readonly [erratum: ErratumId, on: Machine, steps: readonly Step[]])[] = [
  [
    "mfn-rollback-leaves-ptes",
    machine(4),
    [
      step(create()),
      step(register(3)),
      step(frames(3, 1, { domid: 9 })),
      step(frames(0, 4, { domid: 9, waiting: true }), { update_va_mapping: [0, 0, 0, -22] }),
    ],
  ],
  [
    "release-forgets-failed",
    machine(3),
    [
      ...[
        create("rw"),
        register(0),
        register(1),
        register(2),
        grants(0, 1, { domid: 9 }),
        frames(0, 1, { domid: 9 }),
      ].map((call) => step(call)),
      step(grants(1, 2, { domid: 9, writable: true })),
      step(release(0, 3), { unmap_grant_ref: [{ rc: -22, status: [] }] }),
    ],
  ],
  [
    "gref-rollback-wrong-pages",
    machine(4),
    [
      ...[create(), register(2), register(3), frames(0, 2)].map((call) => step(call)),
      step(grants(2, 2), { map_grant_ref: [{ rc: 0, status: [-1, -1] }] }),
    ],
  ],
];

for (const [erratum, on, steps] of REAL) {
  test(`no single change makes the result simpler without losing it: ${erratum}`, async (t) => {
    const subject = only(erratum);
    const fails = async ({ pages, steps: tried }: Reducible) => {
      const violation = await firstViolation(subject, { ...on, pages }, tried);
      return violation?.steps.length === tried.length;
    };
    t.true(await fails({ pages: on.pages, steps }));
    const result = await shrink({ pages: on.pages, steps }, fails);
    t.true(await fails(result));
    t.true(isLess(weightOf(result.steps), weightOf(steps)));
    let tried = 0;
    for (const candidate of candidates(result)) {
      tried++;
      t.false(await fails(candidate), texts(candidate.steps).join("; "));
    }
    t.true(tried > 0);
    t.deepEqual(await shrink(result, fails), result, "once more changes nothing");
  });
}

test("a longer scenario weighs more whatever it says, then failures, waiting, empty ranges, extent and strangeness", (t) => {
  const inOrder: readonly (readonly Step[])[] = [
    [step(frames(0, 1))],
    [step(frames(0, 1, { domid: 9 }))],
    [step(frames(1, 1))],
    [step(frames(0, 2))],
    [step(frames(0, 0))],
    [step(grants(0, 0))],
    [step(frames(0, 1, { waiting: true }))],
    [step(frames(0, 1), { update_va_mapping: [-22] })],
    [step(frames(0, 1), { update_va_mapping: [-22], map_grant_ref: [{ rc: -1, status: [-1] }] })],
    [step(create()), step(frames(0, 1))],
    [step(create("none")), step(frames(0, 1))],
  ];
  for (const [i, heavier] of inOrder.entries()) {
    for (const [j, lighter] of inOrder.entries()) {
      const less = isLess(weightOf(lighter), weightOf(heavier));
      const alike = [i, j].every((at) => at === 4 || at === 5);
      t.is(less, j < i && !alike, `${texts(lighter)} and ${texts(heavier)}`);
    }
  }
});
