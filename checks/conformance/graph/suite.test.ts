import test from "ava";
import { sizeOf } from "../../../model/plan.js";
import { defineScope } from "../../../model/scope.js";
import type { Scenario } from "../../../traces/scenario/scenario.js";
import { answersOf } from "../../../traces/scenario/script.js";
import { stepText } from "../../../traces/scenario/text.js";
import { stepOf } from "../edge.js";
import { Specification } from "../specification.js";
import { corrected, machine } from "../testing/drivers.js";
import { type StateSpace, stateSpace } from "./statespace.js";
import { type CoverKind, suite } from "./suite.js";

const scope = defineScope({ pages: 1 });
const SMALL = defineScope({ pages: 1, domids: [7], faults: new Set(["update_va_mapping"]) });
let space: StateSpace;

test.before(async () => {
  space = await stateSpace(scope);
});

/** What the corrected driver goes through: states of the specification, calls made in them, and each with the one before. */
async function replayed(scenarios: readonly Scenario[]) {
  const driver = await corrected.open(machine(1, "debug", 16));
  const specification = new Specification(sizeOf(scope));
  const start = driver.snapshot();
  const states = new Set<number>();
  const transitions = new Set<string>();
  const pairs = new Set<string>();
  let otherwise = 0;
  for (const { steps } of scenarios) {
    driver.restore(start);
    let spec = specification.initial;
    let last: string | null = null;
    for (const step of steps) {
      const { asked, ret } = driver.perform(step.call, answersOf(step));
      const { next, expectation } = specification.perform(spec, step.call, asked);
      if (ret !== expectation.ret) otherwise += 1;
      const made = stepText(stepOf({ call: step.call, asked }));
      if (made !== stepText(step)) throw new Error(`${made} was made, not ${stepText(step)}`);
      const transition = `${spec.id} ${made}`;
      transitions.add(transition);
      if (last !== null) pairs.add(`${last}, ${transition}`);
      last = transition;
      spec = next;
      states.add(spec.id);
    }
  }
  return { states: states.size, transitions: transitions.size, pairs: pairs.size, otherwise };
}

type Counted = readonly [
  kind: "states" | "transitions",
  targets: number,
  traces: number,
  length: number,
  least: object,
];

const COUNTED: readonly Counted[] = [
  // The initial state is covered by beginning.
  ["states", 24, 8, 28, { walks: 2, length: 24 }],
  ["transitions", 1285, 106, 1563, { walks: 106, length: 1285 }],
];

for (const [kind, targets, traces, length, least] of COUNTED) {
  test(`a suite for ${kind} makes the corrected driver go through them all`, async (t) => {
    const made = await suite(space, kind);
    if (made === null) return t.fail();
    t.deepEqual([made.targets, made.scenarios.length, made.length, made.least], [targets, traces, length, least]);
    const { otherwise, ...covered } = await replayed(made.scenarios);
    t.is(covered[kind], targets);
    t.is(otherwise, 0);
  });
}

test("a suite for pairs makes the corrected driver go through them all", async (t) => {
  const made = await suite(await stateSpace(SMALL), "pairs");
  if (made === null) return t.fail();
  const covered = await replayed(made.scenarios);
  t.deepEqual([made.targets, made.scenarios.length, made.length], [30_606, 2698, 43_947]);
  t.deepEqual(made.least, { walks: 2645, length: 33_251 });
  t.deepEqual([covered.pairs, covered.otherwise], [made.targets, 0]);
});

test("every sequence of calls is there once", async (t) => {
  const made = await suite(space, { paths: 2 });
  if (made === null) return t.fail();
  const texts = made.scenarios.map(({ steps }) => steps.map(stepText).join("; "));
  t.deepEqual([texts.length, new Set(texts).size, made.targets], [117, 117, 117]);
  // Four ways to create a segment, and all that can be done to it then.
  const begun = await suite(space, { paths: 1 });
  t.is(begun?.targets, 4);
  const from = new Set(begun?.scenarios.map(({ steps }) => steps.map(stepText).join()));
  t.true(texts.every((text) => from.has(text.split("; ")[0] ?? "")));
  t.is((await replayed(made.scenarios)).otherwise, 0);
});

test("the shortest come first, and too many are refused", async (t) => {
  for (const kind of ["states", "transitions"] satisfies readonly CoverKind[]) {
    const lengths = (await suite(space, kind))?.scenarios.map(({ steps }) => steps.length);
    t.deepEqual(
      lengths,
      [...(lengths ?? [])].sort((a, b) => a - b),
    );
  }
  t.is(await suite(space, { paths: 4 }), null);
});

test("a suite in the making can be stopped, and says how far it is", async (t) => {
  const stop = new AbortController();
  const told: (readonly [number, number])[] = [];
  const progress = (covered: number, of: number) => {
    told.push([covered, of]);
    if (told.length === 2) stop.abort();
  };
  t.is(await suite(await stateSpace(SMALL), "pairs", { signal: stop.signal, progress }), null);
  t.deepEqual(told, [
    [624, 30_606],
    [1237, 30_606],
  ]);
});
