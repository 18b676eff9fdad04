import test from "ava";
import { assign, createMachine, setup } from "xstate";
import type { EngineError } from "./errors.js";
import { commitEvents, twoPhaseCommit } from "./examples/two-phase-commit.js";
import { explore } from "./index.js";
import { groups } from "./testing/machines/all.js";
import { refusals } from "./testing/machines/refused.js";
import { list } from "./testing/machines/specimen.js";

/** The compiled engine by itself: what it refuses, and what it finds wrong. That it agrees with XState is seen elsewhere. */

const LEFT_TO_XSTATE = [
  "an event of the type xstate.stop stops the machine, one of xstate.init selects nothing",
  "eventless transitions of two regions run in the order in which their state nodes were entered",
  "of conflicting eventless transitions the one whose state node was entered first wins",
  "a step that enters what it leaves, and nothing else, keeps the order",
  "a parallel node left from inside by its own history, before it has any, is lost",
  "a parallel root left by its own history, before it has any, is lost: no exit, no tag",
  "a parallel node that goes to its own history is entered again without being left, while there is none",
  "two targets in one compound node: both are entered, the first is shown",
  "a region whose child goes to itself by history, while another region enters all anew, becomes the last",
];

test("of all specimens it leaves to XState those with hidden state, and no other", async (t) => {
  const left: string[] = [];
  for (const { name, machine, events, input } of Object.values(groups).flat()) {
    const { engine } = await explore(machine, { events, input });
    if (engine.kind === "reference") left.push(name);
  }
  t.deepEqual(left, LEFT_TO_XSTATE);
});

for (const { name, machine, events, reference, at } of refusals) {
  test(`${name}: it does not approximate`, async (t) => {
    const found = await explore(machine(), { events: list(events), limits: { states: 50 }, engine: "compiled" }).catch(
      (thrown: EngineError) => thrown,
    );
    if (!("code" in found)) {
      t.true(Array.isArray(reference), "the reference explores it too");
      return;
    }
    const codes = ["not-compilable", "impure", typeof reference === "string" ? reference : ""];
    t.true(codes.includes(found.code), found.message);
    if (found.code === "not-compilable") t.true(found.message.includes(`State node '${at}'`), found.message);
  });
}

test("what can't be compiled is explored by XState, which the result says, and why", async (t) => {
  const machine = createMachine({
    id: "m",
    context: { n: 0 },
    initial: "a",
    states: { a: { on: { go: { actions: assign({ n: ({ system }) => ("get" in system ? 1 : 2) }) } } } },
  });
  const events = [{ type: "go" }];
  const found = await explore(machine, { events });
  t.deepEqual(found.engine, { kind: "reference", because: "State node 'm.a': an action uses 'system'." });
  t.is(found.states, 2);
  const error = await t.throwsAsync<EngineError>(explore(machine, { events, engine: "compiled" }));
  t.is(error?.code, "not-compilable");
  t.regex(error?.message ?? "", /^The machine can't be compiled: State node 'm\.a': an action uses 'system'\./);
});

test("a guard that answers otherwise when it is asked again is found out, and named", async (t) => {
  let asked = 0;
  const machine = setup({ guards: { moody: ({ context }) => context !== null && asked++ % 2 === 0 } }).createMachine({
    initial: "a",
    states: { a: { on: { go: { guard: "moody", target: "b" } } }, b: {} },
  });
  const error = await t.throwsAsync<EngineError>(explore(machine, { events: [{ type: "go" }] }));
  t.is(error?.code, "impure");
  t.regex(error?.message ?? "", /^Guard 'moody' does not answer the same/);
});

test("XState confirms the share of steps that it is asked to", async (t) => {
  const events = commitEvents(3);
  for (const [selfCheck, confirmed] of [
    [0, 0],
    [0.1, 114],
    [1, 1145],
  ] as const) {
    const found = await explore(twoPhaseCommit(3), { events, selfCheck });
    t.like(found.engine, { kind: "compiled", confirmed });
    t.like(found, { states: 288, transitions: 1145, depth: 11 });
  }
});

test("both engines give the same result, paths and coverage included", async (t) => {
  const invariants = {
    "nobody is ever committed": (snapshot: { readonly value: unknown }) =>
      !/"committed"/.test(JSON.stringify(snapshot.value)),
  };
  for (const n of [1, 2, 3]) {
    const options = { events: commitEvents(n), invariants };
    const { engine: _, ...expected } = await explore(twoPhaseCommit(n), { ...options, engine: "reference" });
    const { engine, ...found } = await explore(twoPhaseCommit(n), { ...options, engine: "compiled" });
    t.deepEqual(found, expected);
    t.is(engine.kind, "compiled");
  }
});

test("a limit on states stops both engines at the same step", async (t) => {
  for (const states of [1, 2, 17, 287, 288, 289]) {
    const options = { events: commitEvents(3), limits: { states } };
    const {
      engine: _,
      coverage: _c,
      ...expected
    } = await explore(twoPhaseCommit(3), { ...options, engine: "reference" });
    const { engine: _e, coverage: _d, ...found } = await explore(twoPhaseCommit(3), { ...options, engine: "compiled" });
    t.deepEqual(found, expected);
  }
});

test("more events than the visited set can number are left to XState, not mixed up", async (t) => {
  const events = Array.from({ length: 2 ** 16 + 1 }, (_, n) => ({ type: "go", n }));
  const machine = createMachine({ initial: "a", states: { a: {} } });
  const { engine, states } = await explore(machine, { events });
  t.deepEqual(engine, { kind: "reference", because: "there are more than 65536 different events." });
  t.is(states, 1);
});
