import test, { type ExecutionContext } from "ava";
import {
  type AnyStateMachine,
  assign,
  createMachine,
  type EventObject,
  initialTransition,
  raise,
  setup,
  stateIn,
  transition,
} from "xstate";
import { diningPhilosophers, dinnerEvents } from "./examples/dining-philosophers.js";
import { commitEvents, twoPhaseCommit } from "./examples/two-phase-commit.js";
import { type Exploration, explore } from "./index.js";
import { bruteForce } from "./testing/brute-force.js";

type Counts = Pick<Exploration<unknown>, "states" | "transitions" | "depth">;

/** Explores to the end, and holds the counts against those that are known and those of the brute-force explorer. */
async function counted(t: ExecutionContext, machine: AnyStateMachine, events: readonly EventObject[], counts: Counts) {
  const found = await explore(machine, { events });
  t.like(found, { ...counts, complete: true });
  const { states, transitions, depth, deadlocks } = bruteForce(machine, events);
  t.deepEqual({ states, transitions, depth }, counts);
  t.is(found.deadlocks.count, deadlocks);
  return found;
}

function list(...types: readonly string[]): EventObject[] {
  return types.map((type) => ({ type }));
}

test("two-phase commit with 3 resource managers: 288 states", async (t) => {
  const found = await counted(t, twoPhaseCommit(3), commitEvents(3), { states: 288, transitions: 1145, depth: 11 });
  t.deepEqual(found.coverage.neverTaken, []);
  t.deepEqual(found.coverage.neverEnabled, []);
});

test("two-phase commit with 5 resource managers: 8,832 states", async (t) => {
  const found = await explore(twoPhaseCommit(5), { events: commitEvents(5) });
  t.like(found, {
    states: 8832,
    transitions: 58_145,
    depth: 17,
    complete: true,
    violations: [],
    deadlocks: { count: 0 },
  });
});

test("two-phase commit is consistent, and false beliefs about it are refuted by shortest paths", async (t) => {
  const machine = twoPhaseCommit(3);
  const managers = ["rm0", "rm1", "rm2"] as const;
  type Beliefs = NonNullable<Parameters<typeof explore<typeof machine>>[1]["invariants"]>;
  const invariants: Beliefs = {
    "nobody commits": ({ value }) => !Object.values(value).includes("committed"),
    consistent: ({ value }) =>
      !(Object.values(value).includes("committed") && managers.some((rm) => Reflect.get(value, rm) === "aborted")),
    "nobody gives up": ({ value }) => Reflect.get(value, "rm1") !== "aborted",
  };
  const { violations } = await explore(machine, { events: commitEvents(3), invariants });
  t.deepEqual(
    violations.map(({ invariant, path }) => [invariant, path.length]),
    [
      ["nobody gives up", 1],
      ["nobody commits", 7],
    ],
  );
  t.deepEqual(violations[0]?.path, [{ type: "rm.give up", rm: 1 }]);
  const { seen } = bruteForce(machine, commitEvents(3));
  for (const { invariant, path } of violations) {
    const holds = invariants[invariant] ?? t.fail();
    const broken = (snapshot: unknown) => !holds(snapshot as Parameters<typeof holds>[0]);
    // It leads to a state that breaks the invariant, and no state nearer does.
    let [end] = initialTransition(machine);
    for (const event of path) [end] = transition(machine, end, event);
    t.true(broken(end));
    t.is(seen.find(({ snapshot }) => broken(snapshot))?.path.length, path.length);
  }
});

for (const [n, states, transitions, depth] of [
  [2, 6, 8, 3],
  [3, 14, 27, 4],
  [4, 34, 88, 5],
  [5, 82, 265, 6],
] as const) {
  test(`${n} dining philosophers: ${states} states, and one deadlock`, async (t) => {
    const counts = { states, transitions, depth };
    const { deadlocks } = await counted(t, diningPhilosophers(n), dinnerEvents(n), counts);
    t.is(deadlocks.count, 1);
    const takeLeft = Array.from({ length: n }, (_, seat) => ({ type: "take left", seat }));
    t.deepEqual(deadlocks.paths, [takeLeft]);
  });
}

/** `n` counters modulo `m` side by side. */
function counters(n: number, m: number) {
  const digits = Array.from({ length: n }, (_, i) => i);
  return createMachine({
    context: Object.fromEntries(digits.map((i) => [`digit${i}`, 0])),
    on: Object.fromEntries(
      digits.map((i) => [
        `up${i}`,
        { actions: assign({ [`digit${i}`]: ({ context }) => ((context[`digit${i}`] ?? 0) + 1) % m }) },
      ]),
    ),
  });
}

test("3 counters modulo 5 have 125 states, 375 transitions and 13 levels", async (t) => {
  await counted(t, counters(3, 5), list("up0", "up1", "up2"), { states: 125, transitions: 375, depth: 13 });
});

test("one counter of 2,000 is 2,000 levels deep", async (t) => {
  const found = await explore(counters(1, 2000), {
    events: list("up0"),
    invariants: { "below 1,999": ({ context }) => (context.digit0 ?? 0) < 1999 },
  });
  t.like(found, { states: 2000, transitions: 2000, depth: 2000 });
  t.is(found.violations[0]?.path.length, 1999);
});

test("history: a state left behind is part of the state", async (t) => {
  const machine = createMachine({
    initial: "on",
    states: {
      on: {
        initial: "one",
        on: { power: "off" },
        states: { one: { on: { next: "two" } }, two: { on: { next: "one" } }, last: { type: "history" } },
      },
      off: { on: { power: "on.last" } },
    },
  });
  // On with no history, and each of on and off with either: 2 + 4 + 2.
  await counted(t, machine, list("power", "next"), { states: 8, transitions: 14, depth: 5 });
});

test("eventless transitions, raised events, entry and exit actions belong to the step", async (t) => {
  const machine = setup({
    types: { context: {} as { n: number; log: string } },
    actions: {
      note: assign({ log: ({ context }, { letter }: { letter: string }) => (context.log + letter).slice(-3) }),
      more: assign({ n: ({ context }) => context.n + 1 }),
    },
    guards: { full: ({ context }) => context.n === 3 },
  }).createMachine({
    context: { n: 0, log: "" },
    initial: "idle",
    states: {
      idle: {
        exit: { type: "note", params: { letter: "x" } },
        on: { go: "busy" },
      },
      busy: {
        entry: [{ type: "note", params: { letter: "e" } }, raise({ type: "tick" })],
        on: { tick: { target: "check", actions: "more" } },
      },
      check: { always: [{ guard: "full", target: "over" }, { target: "idle" }] },
      over: { type: "final" },
    },
  });
  const found = await counted(t, machine, list("go", "tick"), { states: 4, transitions: 3, depth: 4 });
  t.is(found.deadlocks.count, 0);
  t.deepEqual(found.coverage.neverTaken, []);
  t.deepEqual(found.coverage.neverEnabled, [{ type: "tick" }]);
});

test("a parallel state node is done when all its regions are", async (t) => {
  const region = { initial: "open", states: { open: { on: { shut: "closed" } }, closed: { type: "final" as const } } };
  const machine = createMachine({
    initial: "both",
    states: {
      both: {
        type: "parallel",
        states: { a: region, b: { ...region, states: { ...region.states, open: { on: { bar: "closed" } } } } },
        onDone: "after",
      },
      after: { type: "final" },
    },
  });
  // Neither, the one, the other, and both, which is over at once.
  const found = await counted(t, machine, list("shut", "bar"), { states: 4, transitions: 4, depth: 3 });
  t.is(found.deadlocks.count, 0);
});

test("wildcards and forbidden transitions", async (t) => {
  const machine = createMachine({
    initial: "a",
    on: { "mouse.*": ".moved", stop: ".a" },
    states: { a: { on: { "*": "b" } }, b: { on: { stop: {} } }, moved: {} },
  });
  const events = list("mouse.up", "mouse.down.twice", "mouse", "key", "stop");
  // From a every event goes to b; from b the three of the mouse go on; from moved, those and stop.
  await counted(t, machine, events, { states: 3, transitions: 5 + 3 + 4, depth: 3 });
});

test("guards may ask where the machine is, and be and, or, not", async (t) => {
  const machine = createMachine({
    id: "lock",
    type: "parallel",
    states: {
      door: {
        initial: "shut",
        states: {
          shut: { on: { open: { guard: stateIn({ bolt: "drawn" }), target: "open" } } },
          open: { on: { shut: "shut" } },
        },
      },
      bolt: {
        initial: "drawn",
        states: {
          drawn: { on: { bar: { guard: stateIn("#lock.door.shut"), target: "barred" } } },
          barred: { on: { draw: "drawn" } },
        },
      },
    },
  });
  await counted(t, machine, list("open", "shut", "bar", "draw"), { states: 3, transitions: 4, depth: 2 });
});

test("an event that a state node above a final one handles still happens, as in XState's own transition", async (t) => {
  const machine = createMachine({
    initial: "a",
    states: { a: { on: { end: "z" } }, z: { type: "final" } },
    on: { again: ".a" },
  });
  await counted(t, machine, list("end", "again"), { states: 3, transitions: 5, depth: 3 });
});

test("delays are events that are listed or never come", async (t) => {
  const machine = createMachine({
    id: "light",
    initial: "green",
    states: { green: { after: { 1000: "red" }, on: { push: "red" } }, red: { after: { 500: "green" } } },
  });
  await counted(t, machine, list("push"), { states: 2, transitions: 1, depth: 2 });
  const timers = list("xstate.after.1000.light.green", "xstate.after.500.light.red");
  const found = await counted(t, machine, [...list("push"), ...timers], { states: 2, transitions: 3, depth: 2 });
  t.deepEqual(found.coverage.neverTaken, []);
});

test("a machine that is done from the start is one state, and no deadlock", async (t) => {
  const machine = createMachine({ initial: "z", states: { z: { type: "final" } } });
  t.is((await counted(t, machine, [], { states: 1, transitions: 0, depth: 1 })).deadlocks.count, 0);
  const stuck = createMachine({});
  t.is((await counted(t, stuck, [], { states: 1, transitions: 0, depth: 1 })).deadlocks.count, 1);
});

test("contexts that JSON would confuse are different states", async (t) => {
  const values = [
    undefined,
    null,
    Number.NaN,
    0,
    -0,
    0n,
    new Map(),
    new Set(),
    {},
    new Map([["a", 1]]),
    new Set(["a"]),
  ];
  const machine = createMachine({
    types: {} as { context: { value: unknown }; events: { type: "set"; value: unknown } },
    context: { value: "start" },
    on: { set: { actions: assign({ value: ({ event }) => event.value }) } },
  });
  const events = values.map((value) => ({ type: "set", value }) as const);
  await counted(t, machine, events, { states: 12, transitions: 12 * 11, depth: 2 });
});

test("a context is the same in any order of its names", async (t) => {
  const machine = createMachine({
    types: {} as { context: { at: object } },
    context: { at: {} },
    on: {
      left: { actions: assign({ at: () => ({ x: 1, y: 2 }) }) },
      right: { actions: assign({ at: () => ({ y: 2, x: 1 }) }) },
    },
  });
  await counted(t, machine, list("left", "right"), { states: 2, transitions: 4, depth: 2 });
});
