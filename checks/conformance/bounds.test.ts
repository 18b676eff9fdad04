import test from "ava";
import { ILLUMOS } from "../../impl/segmf/edition.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope } from "../../model/scope.js";
import { type Bounds, lockstep } from "./lockstep.js";
import { Specification } from "./specification.js";
import { driverWith, machine } from "./testing/drivers.js";

const scope = defineScope({ pages: 1, domids: [7], faults: new Set() });
const specification = new Specification(sizeOf(scope));

/** How many pairs of edition illumos and itself are reached past violations, within these bounds. */
async function reached(bounds: Bounds): Promise<readonly number[]> {
  const [left, right] = [driverWith(ILLUMOS, machine(1, "release")), driverWith(ILLUMOS, machine(1, "release"))];
  const found = await lockstep(left, right, specification, scope, { bounds });
  if (!found.complete || found.difference !== null) throw new Error("it was to be complete, without a difference");
  return [found.states, found.depth];
}

test("past violations every bound keeps the space finite, and a wider one shows more", async (t) => {
  t.deepEqual(await reached({ depth: 0, grants: 9, counts: 9 }), [1, 1]);
  t.deepEqual(await reached({ depth: 1, grants: 9, counts: 9 }), [3, 2]);
  t.deepEqual(await reached({ depth: 4, grants: 9, counts: 9 }), [35, 5]);
  t.deepEqual(await reached({ depth: 6, grants: 9, counts: 9 }), [102, 7]);
  t.deepEqual(await reached({ depth: 6, grants: 1, counts: 9 }), [52, 7]);
  t.deepEqual(await reached({ depth: 6, grants: 0, counts: 9 }), [29, 7]);
  t.deepEqual(await reached({ depth: 6, grants: 9, counts: 1 }), [74, 7]);
  t.deepEqual(await reached({ depth: 6, grants: 1, counts: 1 }), [33, 6]);
});
