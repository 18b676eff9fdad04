import test from "ava";
import { CORRECTED, ILLUMOS } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { exploreProduct } from "./explore.js";
import type { Explored, ExploreOptions } from "./explored.js";
import { FactoredProduct } from "./factored.js";
import type { ProductPosition } from "./position.js";
import { Specification } from "./specification.js";
import { driverWith, machine, Twisted } from "./testing/drivers.js";
import { same } from "./testing/same.js";

/** Explorations that are gone on with from where others had come to: the same must come of both. */

const FORK = defineScope({ pages: 1, domids: [7], forks: 1, faults: new Set(["addmap"]) });
const specification = new Specification(sizeOf(FORK));

function explored(errata: Iterable<ErratumId>, options: ExploreOptions): Promise<Explored> {
  return exploreProduct(specification, driverWith(errata, machine(1)), FORK, { selfCheck: 0.01, ...options });
}

/** Positions are plain data: each is handed on as another thread or a file would hand it on. */
async function positionAt(errata: Iterable<ErratumId>, limits: ExploreOptions["limits"]): Promise<ProductPosition> {
  const kept: ProductPosition[] = [];
  const keep = { everySeconds: 0, isDue: () => false, save: (position: ProductPosition) => kept.push(position) };
  await explored(errata, { ...(limits === undefined ? {} : { limits }), keep });
  const [only] = kept;
  if (only === undefined || kept.length > 1) throw new Error(`${kept.length} positions were kept`);
  return structuredClone(only);
}

for (const [name, errata] of [
  ["corrected", CORRECTED],
  ["illumos", ILLUMOS],
] as const) {
  test(`an exploration that a limit stopped in the midst of a state is gone on with: ${name}`, async (t) => {
    const whole = await explored(errata, {});
    for (const states of [2, 60]) {
      const from = await positionAt(errata, { states });
      const stopped = await explored(errata, { limits: { states } });
      same(t, await explored(errata, { limits: { states }, from }), stopped, `${states} states, twice the same limit`);
      same(t, await explored(errata, { from }), whole, `${states} states`);
    }
    same(t, await explored(errata, { from: await positionAt(errata, undefined) }), whole, "at its end");
  });
}

test("an exploration is gone on with from after any state", async (t) => {
  const making = () => ({ specification, driver: driverWith(ILLUMOS, machine(1)), scope: FORK });
  const whole = await explored(ILLUMOS, {});
  const product = new FactoredProduct(making(), { selfCheck: 0.01 });
  for (let expanded = 0; product.expand(); expanded++) {
    if (expanded % 60 !== 30) continue;
    const from = structuredClone(product.position);
    t.is(from.expanded, expanded + 1);
    same(t, await explored(ILLUMOS, { from }), whole);
  }
});

test("a position is kept whenever it is time, and in the end", async (t) => {
  let asked = 0;
  const kept: ProductPosition[] = [];
  const keep = { everySeconds: 0, isDue: () => ++asked % 2 === 1, save: (at: ProductPosition) => kept.push(at) };
  const whole = await explored(CORRECTED, { keep, selfCheck: 1 });
  t.true(asked > 1);
  t.is(kept.length, Math.ceil(asked / 2) + 1);
  const [first] = kept;
  t.true(first?.kind === "factored" && first.expanded < whole.report.states);
});

test("a driver that can't be explored by segments is explored whole at once when it is gone on with", async (t) => {
  const twisted = () =>
    new Twisted(driverWith(CORRECTED, machine(1)), {
      parts: (real) => real.parts(),
      perform: (call, answers, real) => {
        const made = real.perform(call, answers);
        return call.seg === 0 && real.observe().segments[1]?.domid === 7 ? { ...made, ret: 99 } : made;
      },
    });
  const kept: ProductPosition[] = [];
  const keep = { everySeconds: 0, isDue: () => false, save: (position: ProductPosition) => kept.push(position) };
  const whole = await exploreProduct(specification, twisted(), FORK, { selfCheck: 1, keep });
  t.not(whole.report.notFactored, null);
  const from = kept.at(-1);
  t.is(from?.kind, "whole");
  if (from === undefined) return;
  same(t, await exploreProduct(specification, twisted(), FORK, { selfCheck: 1, from }), whole);
});
