import test from "ava";
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  createMachine,
  initialTransition,
  transition,
} from "xstate";
import { stateKey } from "./key.js";

function after(machine: AnyStateMachine, ...types: readonly string[]): AnyMachineSnapshot {
  let [snapshot] = initialTransition(machine);
  for (const type of types) [snapshot] = transition(machine, snapshot, { type });
  return snapshot;
}

test("two ways to the same state give the same key", (t) => {
  const machine = createMachine({
    context: { seen: new Set<string>() },
    initial: "a",
    states: { a: { on: { go: "b" } }, b: { on: { go: "a" } } },
    on: {
      x: { actions: assign({ seen: ({ context }) => new Set([...context.seen, "x"]) }) },
      y: { actions: assign({ seen: ({ context }) => new Set([...context.seen, "y"]) }) },
    },
  });
  t.is(stateKey(after(machine, "x", "go", "y")), stateKey(after(machine, "go", "y", "x")));
  t.not(stateKey(after(machine, "x")), stateKey(after(machine, "y")));
  t.not(stateKey(after(machine, "x")), stateKey(after(machine, "x", "go")));
});

test("states that differ only in their history differ", (t) => {
  const machine = createMachine({
    initial: "on",
    states: {
      on: {
        initial: "one",
        on: { power: "off" },
        states: { one: { on: { next: "two" } }, two: {}, last: { type: "history" } },
      },
      off: { on: { power: "on.last" } },
    },
  });
  const [one, two] = [after(machine, "power"), after(machine, "next", "power")];
  t.deepEqual(one.value, two.value);
  t.not(stateKey(one), stateKey(two));
  t.is(stateKey(two), stateKey(after(machine, "next", "power", "power", "power")));
});

test("a deep history is known by the state nodes it holds, not by their order", (t) => {
  const region = { initial: "x", states: { x: { on: { next: "y" } }, y: { on: { back: "x" } } } };
  const machine = createMachine({
    initial: "work",
    states: {
      work: {
        on: { stop: "rest" },
        initial: "both",
        states: {
          both: { type: "parallel", states: { a: region, b: region } },
          h: { type: "history", history: "deep" },
        },
      },
      rest: {},
    },
  });
  t.is(stateKey(after(machine, "stop")), stateKey(after(machine, "next", "back", "stop")));
  t.not(stateKey(after(machine, "stop")), stateKey(after(machine, "next", "stop")));
});

test("a machine that is done differs from one that is not, and by its output", (t) => {
  const machine = createMachine({
    types: {} as { context: { n: number }; events: { type: "end"; n: number } },
    context: { n: 0 },
    initial: "a",
    states: { a: { on: { end: "z" } }, z: { type: "final", output: ({ event }) => event } },
    output: ({ event }) => (event as { readonly output?: unknown }).output,
  });
  const [start] = initialTransition(machine);
  const [one] = transition(machine, start, { type: "end", n: 1 });
  const [two] = transition(machine, start, { type: "end", n: 2 });
  t.deepEqual(one.output, { type: "end", n: 1 });
  t.is(new Set([stateKey(start), stateKey(one), stateKey(two)]).size, 3);
});

test("state nodes with treacherous names are told apart", (t) => {
  const flat = createMachine({ initial: '"1:a', states: { '"1:a': { on: { go: "a" } }, a: {} } });
  t.not(stateKey(after(flat)), stateKey(after(flat, "go")));
});

test("a state with an actor in it has no key", (t) => {
  const child = createMachine({});
  const machine = createMachine({
    id: "parent",
    initial: "a",
    states: { a: { entry: assign(({ spawn }) => ({ ref: spawn(child, { id: "kid" }) })) } },
  });
  t.throws(() => stateKey(after(machine)), { code: "not-closed", message: /'parent\.a': an actor, 'kid', is running/ });
});

test("a reference to an actor in the context is named as such", (t) => {
  const elsewhere = { sessionId: "x:0", send: () => undefined };
  const machine = createMachine({ context: { friends: [elsewhere] } });
  t.throws(() => stateKey(after(machine)), {
    code: "not-keyable",
    message: /^context\.friends\[0\] is a reference to an actor/,
  });
});

test("a snapshot in error is no state", (t) => {
  const machine = createMachine({
    context: () => {
      throw new Error("no context");
    },
  });
  t.throws(() => stateKey(after(machine)), { code: "not-keyable", message: /status error/ });
});
