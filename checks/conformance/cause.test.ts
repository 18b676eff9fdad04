import test from "ava";
import type { KernelKind } from "../../impl/driver.js";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { CauseFinder, causeName } from "./cause.js";
import { edition } from "./subject.js";
import { KERNELS, machine } from "./testing/drivers.js";
import { create, dup, frames, grants, register, release, step, unmap } from "./testing/steps.js";
import { firstViolation } from "./trials.js";
import type { Violation } from "./violation.js";

function steps(...calls: readonly Step["call"][]): readonly Step[] {
  return calls.map((call) => step(call));
}

/** What a driver with these errata does wrong at the last of the steps. */
async function violated(
  errata: ReadonlySet<ErratumId>,
  scenario: readonly Step[],
  kernel: KernelKind = "debug",
): Promise<Violation> {
  const found = await firstViolation(edition("violating", errata), machine(2, kernel), scenario);
  if (found?.steps.length !== scenario.length) throw new Error("it was to be violated at its last step");
  return found;
}

function without(...mended: readonly ErratumId[]): ReadonlySet<ErratumId> {
  return new Set([...ILLUMOS].filter((id) => !mended.includes(id)));
}

/** The segment is bound, and then an add of no frames names another domain. */
const EMPTY_ADD = steps(create(), frames(0, 1), frames(0, 0, { domid: 9 }));
/** A frame, a grant and somebody who waits: nothing of that is taken care of. */
const UNMAP = steps(create(), register(0), grants(0, 1), frames(1, 1), { ...unmap(2), waiting: true });
/** A frame whose page is registered later. */
const REGISTERED = [create(), frames(0, 1), register(0)];

const CASES: readonly (readonly [what: string, scenario: readonly Step[], cause: readonly ErratumId[]])[] = [
  ["one erratum", steps(create(), frames(0, 0)), ["mfn-zero-binds"]],
  ["one, of a fork", steps(create(), frames(0, 1), dup()), ["dup-copies-map"]],
  ["two, each of which is enough to break it", EMPTY_ADD, ["bound-check-early", "mfn-zero-binds"]],
  [
    "two, which break different things",
    steps(create(), register(0), frames(0, 1), grants(0, 1)),
    ["word-shared", "gref-redefine-no-teardown"],
  ],
  ["three", UNMAP, ["unmap-leaks-grants", "unmap-unlocks-all", "unmap-no-wake"]],
];

for (const kernel of KERNELS) {
  for (const [what, scenario, cause] of CASES) {
    test(`the smallest set of errata that must be mended, on the ${kernel} kernel: ${what}`, async (t) => {
      const violation = await violated(ILLUMOS, scenario, kernel);
      t.deepEqual(new CauseFinder(machine(2, kernel), ILLUMOS).find(violation, ""), cause);
    });
  }
}

test("what no edition of ours breaks has no known cause", async (t) => {
  const violation = await violated(ILLUMOS, steps(create(), frames(0, 0)));
  t.deepEqual(new CauseFinder(machine(2), CORRECTED).find(violation, ""), []);
  t.deepEqual(new CauseFinder(machine(2), new Set(["release-unlocked"])).find(violation, ""), []);
  const elsewhere = { ...violation, steps: steps(create(), release(0, 1)) };
  t.deepEqual(new CauseFinder(machine(2), ILLUMOS).find(elsewhere, ""), []);
});

test("what our editions break in another way has no known cause", async (t) => {
  const violation = await violated(ILLUMOS, steps(create(), frames(0, 0)));
  const finder = new CauseFinder(machine(2), ILLUMOS);
  t.deepEqual(finder.find({ ...violation, panic: "bad trap" }, ""), []);
  const returns = [{ invariant: "result-exact", detail: "…" }] as const;
  t.deepEqual(finder.find({ ...violation, breaches: returns }, ""), []);
  t.deepEqual(finder.find(violation, ""), ["mfn-zero-binds"]);
});

test("an erratum that the driver can't have, by what it does, is no cause", async (t) => {
  const finder = new CauseFinder(machine(2, "release"), ILLUMOS);
  const grantsMapped = steps(create(), register(0), grants(0, 1), unmap(2));
  const cause = async (...mended: readonly ErratumId[]) =>
    finder.find(await violated(without(...mended), grantsMapped, "release"), "");
  t.deepEqual(await cause(), ["unmap-leaks-grants", "unmap-unlocks-all"]);
  t.deepEqual(await cause("unmap-unlocks-all"), ["unmap-leaks-grants"]);
  t.deepEqual(await cause("unmap-leaks-grants"), ["unmap-unlocks-all"]);
});

test("what an edition with all errata breaks before the last step is taken for mended, and is no cause", async (t) => {
  const finder = new CauseFinder(machine(2), ILLUMOS);
  const cause = async (...calls: readonly Step["call"][]) =>
    finder.find(await violated(without("word-shared"), steps(...REGISTERED, ...calls)), "");
  t.deepEqual(await cause({ ...unmap(2), waiting: true }), ["unmap-no-wake"]);
  t.deepEqual(await cause(grants(0, 1)), ["gref-redefine-no-teardown"]);
  t.deepEqual(await cause(release(0, 1)), ["release-mfn-page"]);
  const faulta: Step["call"] = { call: "faulta", seg: 0, page: 0, count: 1 };
  const trap = [{ invariant: "kernel-contract", detail: "…" }] as const;
  const unknown = { steps: steps(...REGISTERED, faulta), breaches: trap, panic: "bad trap" };
  t.deepEqual(finder.find(unknown, ""), [], "no edition of ours breaks anything there");
});

test("only what is suspected is mended", async (t) => {
  const two: ReadonlySet<ErratumId> = new Set(["mfn-zero-binds", "release-unlocked"]);
  const violation = await violated(two, steps(create(), frames(0, 0)));
  t.deepEqual(new CauseFinder(machine(2), two).find(violation, ""), ["mfn-zero-binds"]);
});

test("what was found of a like violation is tried first, and taken only if it is the cause here too", async (t) => {
  const pair = await violated(ILLUMOS, EMPTY_ADD);
  const single = await violated(ILLUMOS, steps(create(), frames(0, 0)));
  const three = await violated(ILLUMOS, UNMAP);
  const range = await violated(ILLUMOS, steps(create(), register(2)));
  const finder = new CauseFinder(machine(2), ILLUMOS);
  for (let round = 0; round < 2; round++) {
    t.deepEqual(finder.find(pair, "alike"), ["bound-check-early", "mfn-zero-binds"]);
    t.deepEqual(finder.find(single, "alike"), ["mfn-zero-binds"]);
    t.deepEqual(finder.find(three, "alike"), ["unmap-leaks-grants", "unmap-unlocks-all", "unmap-no-wake"]);
    t.deepEqual(finder.find(range, "alike"), ["pte-range-unchecked"]);
    t.deepEqual(finder.find({ ...range, panic: null }, "alike"), []);
  }
});

test("errata are named in the order of their list", async (t) => {
  const reversed = new Set(ERRATA.map(({ id }) => id).reverse());
  const finder = new CauseFinder(machine(2), reversed);
  t.deepEqual(finder.find(await violated(ILLUMOS, EMPTY_ADD), ""), ["bound-check-early", "mfn-zero-binds"]);
});

test("a cause reads as its errata joined", (t) => {
  t.is(causeName([]), "unknown cause");
  t.is(causeName(["word-shared"]), "word-shared");
  t.is(causeName(["bound-check-early", "mfn-zero-binds"]), "bound-check-early + mfn-zero-binds");
});
