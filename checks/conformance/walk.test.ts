import test from "ava";
import type { Call } from "../../impl/driver.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Specification } from "./specification.js";
import { driverWith, machine, Twisted } from "./testing/drivers.js";
import { create, dup, frames, grants, register, step, unmap } from "./testing/steps.js";
import { chartSize, isLegal, walk } from "./walk.js";

const TWO = machine(2);

function steps(...calls: readonly Call[]): readonly Step[] {
  return calls.map((call) => step(call));
}

function specificationFor(scenario: readonly Step[]): Specification {
  return new Specification(chartSize(TWO, scenario));
}

const SOUND = steps(create(), frames(0, 1), register(1), grants(1, 1), unmap(2));

test("a chart has as many segments as a scenario brings to life", (t) => {
  const two = steps(create(), { ...create(), seg: 1 } as Call, dup(2));
  t.deepEqual(chartSize(TWO, two), { pages: 2, maxGrefs: 16, forks: 1, creates: 2 });
  t.deepEqual(chartSize(TWO, []), { pages: 2, maxGrefs: 16, forks: 0, creates: 1 });
});

test("a scenario that breaks nothing is walked to its end with the specification as reference", (t) => {
  const walked = [...walk(driverWith([], TWO), specificationFor(SOUND), SOUND)];
  t.deepEqual(
    walked.map(({ call, outcome, breaches, reference }) => [call.call, outcome.ret, breaches.length, reference]),
    [
      ["create", 0, 0, true],
      ["add_mfns", 0, 0, true],
      ["add_gref_pte", null, 0, true],
      ["add_grefs", 0, 0, true],
      ["unmap", 0, 0, true],
    ],
  );
});

test("after the first breach only the state itself is judged", (t) => {
  const scenario = steps(create(), frames(0, 0), frames(0, 0, { domid: 9 }), frames(0, 1));
  const broken = driverWith(["mfn-zero-binds"], TWO);
  const walked = [...walk(broken, specificationFor(scenario), scenario)];
  t.deepEqual(
    walked.map(({ breaches, reference, outcome }) => [
      breaches.map(({ invariant }) => invariant),
      reference,
      outcome.ret,
    ]),
    [
      [[], true, 0],
      [["refusal-is-pure"], true, 0],
      [[], false, 22],
      [[], false, 0],
    ],
  );
});

test("a panic ends the walk", (t) => {
  const scenario = steps(create(), { ...unmap(2), addr: 1 } as Call, frames(0, 1));
  const walked = [...walk(driverWith([], TWO), specificationFor(scenario), scenario)];
  t.is(walked.length, 2);
  t.deepEqual(walked[1]?.breaches, [], "contract section 3 prescribes it");
});

test("a step that a broken driver leaves no segment for ends the walk, since it can't be made", (t) => {
  /** Fails to make the child although nothing failed: its caller takes it for stillborn. */
  const broken = new Twisted(driverWith([], TWO), {
    perform: (call, answers, real) =>
      call.call === "dup"
        ? { ...real.perform(call, { answer: () => 12 }), asked: [{ question: { kind: "addmap", seg: 1 }, answer: 0 }] }
        : real.perform(call, answers),
  });
  const scenario = steps(create(), dup(), frames(0, 1), frames(0, 1, { seg: 1 }), frames(1, 1));
  const walked = [...walk(broken, specificationFor(scenario), scenario)];
  t.deepEqual(
    walked.map(({ call, breaches, reference }) => [call.call, breaches[0]?.invariant, reference]),
    [
      ["create", undefined, true],
      ["dup", "result-exact", true],
      ["add_mfns", undefined, false],
    ],
  );
});

test("a scenario is legal if every call has its segment, by what the script says of addmap", (t) => {
  const legal = (...scenario: readonly Step[]) => isLegal(specificationFor(scenario), scenario);
  t.true(legal(...SOUND));
  t.false(legal(step(frames(0, 1))));
  t.false(legal(step(create()), step(unmap(2)), step(frames(0, 1))));
  t.false(legal(step(create(), { addmap: 12 }), step(frames(0, 1))));
  t.true(legal(step(create(), { addmap: 12 }), step({ call: "free", seg: 0 })));
  t.false(legal(step(create()), step({ call: "free", seg: 0 })));
  t.true(legal(step(create()), step(dup()), step(frames(0, 1, { seg: 1 }))));
  t.false(legal(step(create()), step(dup(), { addmap: 12 }), step(frames(0, 1, { seg: 1 }))));
  t.false(legal(step(create()), step(dup(2))));
});
