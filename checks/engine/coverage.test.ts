import test from "ava";
import { and, assign, createMachine, type EventObject, not, or, setup, stateIn } from "xstate";
import { explore, type TransitionCoverage } from "./index.js";

const list = (...types: readonly string[]): EventObject[] => types.map((type) => ({ type }));

/** One line for each transition: where, on what, which candidate, how often. */
function lines(transitions: readonly TransitionCoverage[]): string[] {
  return transitions.map(
    ({ source, event, candidate, taken }) => `${source} ${event ?? "always"} ${candidate}: ${taken}`,
  );
}

test("each guard branch is counted, in document order", async (t) => {
  const machine = setup({
    types: { context: {} as { n: number } },
    guards: { even: ({ context }) => context.n % 2 === 0, never: () => false },
    actions: { more: assign({ n: ({ context }) => (context.n + 1) % 4 }) },
  }).createMachine({
    id: "m",
    context: { n: 0 },
    initial: "a",
    on: { reset: ".a" },
    states: {
      a: {
        on: {
          up: [
            { guard: "even", actions: "more" },
            { guard: "never", target: "b" },
            { target: "a", actions: "more" },
          ],
        },
      },
      b: { always: "a", on: { up: "a" } },
    },
  });
  const { coverage } = await explore(machine, { events: list("up", "reset", "down") });
  t.deepEqual(lines(coverage.transitions), [
    "m reset 0: 4",
    "m.a up 0: 2",
    "m.a up 1: 0",
    "m.a up 2: 2",
    "m.b up 0: 0",
    "m.b always 0: 0",
  ]);
  t.deepEqual(lines(coverage.neverTaken), ["m.a up 1: 0", "m.b up 0: 0", "m.b always 0: 0"]);
  t.deepEqual(coverage.transitions[2], {
    source: "m.a",
    event: "up",
    candidate: 1,
    guard: "never",
    targets: ["m.b"],
    taken: 0,
  });
  t.deepEqual(coverage.events, [
    { event: { type: "up" }, enabled: 4 },
    { event: { type: "reset" }, enabled: 4 },
    { event: { type: "down" }, enabled: 0 },
  ]);
  t.deepEqual(coverage.neverEnabled, [{ type: "down" }]);
});

test("guards are called what one would call them", async (t) => {
  const machine = createMachine({
    id: "m",
    initial: "a",
    states: {
      a: {
        on: {
          e: [
            { guard: "named", target: "a" },
            { guard: { type: "given", params: { n: 1 } }, target: "a" },
            { guard: and(["named", or([not("named"), stateIn("#m.a")])]), target: "a" },
            { guard: stateIn({ a: "b" }), target: "a" },
            { guard: () => false, target: "a" },
            {
              guard: function isIdle() {
                return false;
              },
              target: "a",
            },
            { target: "a" },
          ],
        },
      },
    },
  });
  const { coverage } = await explore(machine, { events: [] });
  t.deepEqual(
    coverage.transitions.map(({ guard }) => guard),
    ["named", "given", "and(named, or(not(named), stateIn(#m.a)))", 'stateIn({"a":"b"})', "(inline)", "isIdle", null],
  );
});

test("what happens on the way is counted: eventless, raised, done, and at the start", async (t) => {
  const machine = createMachine({
    id: "m",
    initial: "start",
    states: {
      start: { always: "work" },
      work: {
        initial: "busy",
        onDone: { target: "over" },
        states: { busy: { on: { finish: "ready" } }, ready: { type: "final" } },
      },
      over: { after: { 10: "start" } },
    },
  });
  const { coverage, states, transitions } = await explore(machine, { events: list("finish") });
  t.deepEqual([states, transitions], [2, 1]);
  t.deepEqual(lines(coverage.transitions), [
    "m.start always 0: 1",
    "m.work xstate.done.state.m.work 0: 1",
    "m.work.busy finish 0: 1",
    "m.over xstate.after.10.m.over 0: 0",
  ]);
});

test("of two regions' transitions that exclude each other only one is taken", async (t) => {
  const machine = createMachine({
    id: "m",
    initial: "both",
    states: {
      both: {
        type: "parallel",
        states: {
          a: { initial: "x", states: { x: { on: { go: "#m.left" } } } },
          b: { initial: "x", states: { x: { on: { go: "#m.right" } } } },
        },
      },
      left: {},
      right: {},
    },
  });
  const { coverage } = await explore(machine, { events: list("go") });
  t.deepEqual(lines(coverage.transitions), ["m.both.a.x go 0: 1", "m.both.b.x go 0: 0"]);
});

test("a transition that only keeps an event away is counted where it does", async (t) => {
  const machine = createMachine({
    id: "m",
    initial: "a",
    on: { stop: ".a" },
    states: { a: { on: { go: "b" } }, b: { on: { stop: {} } }, c: { on: { stop: {} } } },
  });
  const found = await explore(machine, { events: list("go", "stop") });
  t.is(found.transitions, 2);
  t.deepEqual(lines(found.coverage.transitions), ["m stop 0: 1", "m.a go 0: 1", "m.b stop 0: 1", "m.c stop 0: 0"]);
});

test("events from a function: equal ones are one, and each is counted once a state", async (t) => {
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as { type: "to"; n: number } | { type: "off" } },
  }).createMachine({
    context: { n: 0 },
    on: { to: { guard: ({ event }) => event.n < 3, actions: assign({ n: ({ event }) => event.n }) } },
  });
  const found = await explore(machine, {
    events: ({ context }) => [{ type: "to", n: context.n + 1 }, { n: context.n + 1, type: "to" }, { type: "off" }],
  });
  t.like(found, { states: 3, transitions: 2 });
  t.deepEqual(found.coverage.events, [
    { event: { type: "to", n: 1 }, enabled: 1 },
    { event: { type: "off" }, enabled: 0 },
    { event: { type: "to", n: 2 }, enabled: 1 },
    { event: { type: "to", n: 3 }, enabled: 0 },
  ]);
  t.deepEqual(found.coverage.neverEnabled, [{ type: "off" }, { type: "to", n: 3 }]);
});

test("an event that is listed twice is one event", async (t) => {
  const machine = createMachine({ on: { go: { actions: "leave" } } });
  const found = await explore(machine, { events: list("go", "go") });
  t.is(found.transitions, 1);
  t.is(found.coverage.events.length, 1);
});

test("the result is plain data", async (t) => {
  const found = await explore(createMachine({ on: { go: { actions: "leave" } } }), { events: list("go") });
  t.deepEqual(JSON.parse(JSON.stringify(found)), found);
});
