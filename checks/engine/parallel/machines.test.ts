import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { whyNotCompiled } from "../compiled/uncompilable.js";
import { EngineError } from "../index.js";
import { machineShape } from "../testing/machine.arbitrary.js";
import { buildMachine } from "../testing/machine-builder.js";
import { EVENTS } from "../testing/machine-shape.js";
import { groups } from "../testing/machines/all.js";
import { brief, exploreBy } from "./testkit.js";

/** Several threads against one, on machines that were made for other tests. */

/** `npm run test:deep` has every group and many machines; each run of the tests some of them. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";
const COMPARED = Object.entries(groups).slice(0, IS_DEEP ? undefined : 3);

for (const [group, specimens] of COMPARED) {
  test(`${group}: the largest that can be compiled, by 2 and 3 threads`, async (t) => {
    const largest = [...specimens].sort((left, right) => right.counts[0] - left.counts[0]);
    for (const { machine, events, input, counts } of largest) {
      const one = await exploreBy(1, machine, events, { input }).catch(unlessCompilable);
      if (one === null) continue;
      t.is(one.states, counts[0]);
      for (const workers of [2, 3]) {
        t.deepEqual(brief(await exploreBy(workers, machine, events, { input })), brief(one));
      }
      return;
    }
    t.pass("none of them can be compiled");
  });
}

function unlessCompilable(thrown: unknown): null {
  if (whyNotCompiled(thrown) === null) throw thrown;
  return null;
}

test("machines at random, by 1, 2 and 3 threads", async (t) => {
  let compared = 0;
  const check = fc.asyncProperty(machineShape, fc.constantFrom(2, 3), async (shape, workers) => {
    const machine = buildMachine(shape, { keyed: true });
    const limited = exploreBy(1, machine, EVENTS, { limits: { states: 300 } });
    const one = await limited.catch((thrown) => (thrown instanceof EngineError ? null : unlessCompilable(thrown)));
    if (one?.complete !== true || one.states === 1) return;
    compared += 1;
    assert.deepEqual(brief(await exploreBy(workers, machine, EVENTS)), brief(one));
  });
  await t.notThrowsAsync(() => fc.assert(check, { seed: 11, numRuns: IS_DEEP ? 60 : 8 }));
  t.true(compared >= (IS_DEEP ? 30 : 3), `${compared}`);
});
