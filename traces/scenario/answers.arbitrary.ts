import fc from "fast-check";
import type { Call } from "../../impl/driver.js";
import { grantSucceeds, isZero, withoutTrailingSuccesses } from "./answers.js";
import type { Answers, GrantAnswer } from "./scenario.js";

const int32 = () =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const int16 = () =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }));

function grantAnswers(): fc.Arbitrary<readonly GrantAnswer[]> {
  const status = fc.array(int16(), { maxLength: 4 }).map((codes) => withoutTrailingSuccesses(codes, isZero));
  return fc
    .array(fc.record({ rc: int32(), status }), { maxLength: 3 })
    .map((answers) => withoutTrailingSuccesses(answers, grantSucceeds));
}

/** Answers in their normal form that a step with this call may have; also ones that nobody will ask for. */
export function answersArbitrary(call: Call["call"]): fc.Arbitrary<Answers> {
  return fc.record({
    addmap: int32(),
    update_va_mapping: fc.array(int32(), { maxLength: 4 }).map((codes) => withoutTrailingSuccesses(codes, isZero)),
    map_grant_ref: grantAnswers(),
    unmap_grant_ref: call === "release_grefs" ? grantAnswers() : fc.constant([]),
  });
}
