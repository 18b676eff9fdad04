import test from "ava";
import type { Call, Driver, KernelKind } from "../driver.js";
import { scripted } from "../kernel/answers.js";
import { CORRECTED, ILLUMOS, segmfDriver } from "./edition.js";
import type { ErratumId } from "./errata.js";
import { ERRATA } from "./errata.js";
import type { MutantId } from "./mutants.js";
import { create, dup, frames, grants, register, release, unmap, waiting } from "./testkit.js";
import { compareWorlds, disagreement, SMALL, worldsOf } from "./worlds.testkit.js";

function driverOf(errata: ReadonlySet<ErratumId>, kernel: KernelKind = "release", ...mutants: MutantId[]): Driver {
  return segmfDriver({ machine: { ...SMALL, kernel }, errata, mutants: new Set(mutants) });
}

function touched(driver: Driver, ...calls: readonly Call[]): readonly (readonly number[] | null)[] {
  return calls.map((call) => driver.perform(call, scripted([])).touched);
}

test("a call of the corrected driver touches its segment, a fork the child as well", (t) => {
  const driver = driverOf(CORRECTED);
  const calls = [create(), dup(), register(0, undefined, 1), grants(0, [5], { seg: 1 }), release(0, 1, 1)];
  t.deepEqual(touched(driver, ...calls), [[0], [0, 1], [1], [1], [1]]);
  t.deepEqual(touched(driver, frames(0, 2), waiting(frames(0, 2)), unmap(2), unmap(2, 1)), [[0], [0], [0], [1]]);
});

test("memory of a child is the child's, that of its parent the parent's", (t) => {
  const driver = driverOf(CORRECTED);
  touched(driver, create(), dup());
  t.deepEqual(touched(driver, unmap(2)), [[0]]);
  t.deepEqual(touched(driver, frames(0, 1, { seg: 1 })), [[1]]);
});

test("what touches nothing says so", (t) => {
  const driver = driverOf(CORRECTED);
  touched(driver, create());
  t.deepEqual(touched(driver, { call: "gettype", seg: 0, page: 0, count: 1 }), [[]]);
  t.deepEqual(touched(driver, { call: "getprot", seg: 0, page: 0, count: 1 }), [[0]]);
});

test("a driver that writes to another segment is seen to", (t) => {
  const driver = driverOf(CORRECTED, "debug", "child-binds-parent");
  touched(driver, create(), dup());
  t.deepEqual(touched(driver, frames(0, 1, { seg: 1 })), [[0, 1]]);
  t.deepEqual(touched(driver, release(0, 1, 1)), [[1]]);
});

test("a driver that unmaps another segment's grant is seen to, and its state does not come apart", (t) => {
  const driver = driverOf(new Set<ErratumId>(["dup-copies-map"]));
  touched(driver, create(), register(0), grants(0, [5]));
  t.not(driver.parts(), null);
  t.deepEqual(touched(driver, dup()), [[0, 1]]);
  t.is(driver.parts(), null);
  t.deepEqual(touched(driver, release(0, 1, 1)), [[0, 1]]);
});

test("a handle of no grant can't be told whose it is", (t) => {
  const driver = driverOf(new Set<ErratumId>(["dup-copies-map"]));
  touched(driver, create(), register(0), grants(0, [5]), dup(), release(0, 1));
  t.deepEqual(touched(driver, release(0, 1, 1)), [null]);
});

test("the comparison of worlds finds a driver that hides what it touches", (t) => {
  const driver = driverOf(CORRECTED, "debug", "child-binds-parent");
  const hiding: Driver = {
    name: "hiding",
    machine: driver.machine,
    perform: (call, answers) => ({ ...driver.perform(call, answers), touched: [call.seg] }),
    observe: () => driver.observe(),
    snapshot: () => driver.snapshot(),
    restore: (snapshot) => driver.restore(snapshot),
    key: () => driver.key(),
    parts: () => driver.parts(),
  };
  const worlds = worldsOf(driver, 60);
  t.regex(compareWorlds(hiding, worlds, 40).wrong ?? "", /segment 0, which it did not touch/);
  t.is(compareWorlds(driver, worlds, 40).wrong, null);
});

for (const [name, errata] of [
  ["corrected", CORRECTED],
  ["illumos", ILLUMOS],
] as const) {
  for (const kernel of ["debug", "release"] as const) {
    test(`${name}, ${kernel}: parts are equal where keys are, and calls confined to a segment do the same elsewhere`, (t) => {
      const driver = driverOf(errata, kernel);
      const worlds = worldsOf(driver, 150);
      t.is(disagreement(worlds), null);
      t.true(new Set(worlds.map(({ key }) => key)).size < worlds.length - 100, "some states are met again");
      const { calls, wrong } = compareWorlds(driver, worlds, 40);
      t.is(wrong, null);
      t.true(calls > 1000, `${calls}`);
    });
  }
}

for (const { id } of ERRATA) {
  test(`${id} alone: the same`, (t) => {
    const driver = driverOf(new Set([id]));
    const worlds = worldsOf(driver, 50);
    t.is(disagreement(worlds), null);
    const { calls, wrong } = compareWorlds(driver, worlds, 8);
    t.is(wrong, null);
    t.true(calls > 100, `${calls}`);
  });
}
