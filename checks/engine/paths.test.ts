import test from "ava";
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  createMachine,
  type EventObject,
  transition,
} from "xstate";
import { diningPhilosophers, dinnerEvents } from "./examples/dining-philosophers.js";
import { commitEvents, twoPhaseCommit } from "./examples/two-phase-commit.js";
import { explore, type ReplayPath, shortestPaths, simplePaths, stateKey } from "./index.js";

const list = (...types: readonly string[]): EventObject[] => types.map((type) => ({ type }));

/** Runs a path from the start; every state on the way must be the one that the path says. */
function replays(
  machine: AnyStateMachine,
  start: AnyMachineSnapshot,
  { steps, state }: ReplayPath<AnyMachineSnapshot, EventObject>,
) {
  let at = start;
  for (const step of steps) {
    [at] = transition(machine, at, step.event);
    if (stateKey(at) !== stateKey(step.state)) return false;
  }
  return stateKey(at) === stateKey(state);
}

test("a shortest path to every state of two-phase commit, each of which replays", async (t) => {
  const machine = twoPhaseCommit(3);
  const paths = shortestPaths(machine, { events: commitEvents(3) });
  const { states, depth } = await explore(machine, { events: commitEvents(3) });
  t.is(paths.length, states);
  t.is(new Set(paths.map(({ state }) => stateKey(state))).size, states);
  t.is(Math.max(...paths.map(({ steps }) => steps.length)) + 1, depth);
  const start = paths.find(({ steps }) => steps.length === 0)?.state;
  for (const path of paths) t.true(start !== undefined && replays(machine, start, path));
});

test("the shortest path to the philosophers' deadlock is the one that explore finds", async (t) => {
  const machine = diningPhilosophers(3);
  const { deadlocks } = await explore(machine, { events: dinnerEvents(3) });
  const paths = shortestPaths(machine, { events: dinnerEvents(3) });
  const stuck = paths.filter(({ state }) => dinnerEvents(3).every((event) => !state.can(event)));
  t.deepEqual(
    stuck.map(({ steps }) => steps.length),
    deadlocks.paths.map((path) => path.length),
  );
});

test("states that JSON confuses have paths of their own", (t) => {
  const machine = createMachine({
    types: {} as { context: { value: unknown }; events: { type: "set"; value: unknown } },
    context: { value: 0 },
    on: { set: { actions: assign({ value: ({ event }) => event.value }) } },
  });
  const values = [undefined, null, Number.NaN, -0, 0n, new Map(), new Set(["a"]), {}];
  const paths = shortestPaths(machine, { events: values.map((value) => ({ type: "set", value }) as const) });
  t.is(paths.length, 9);
  t.deepEqual(
    paths.slice(1).map(({ steps }) => steps.map(({ event }) => event.value)),
    values.map((value) => [value]),
  );
});

test("states that differ only in history have paths of their own", (t) => {
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
  t.is(shortestPaths(machine, { events: list("power", "next") }).length, 8);
});

test("every simple path, where they can be counted by hand", (t) => {
  // A square with both diagonals, walked both ways from a corner: 1 path to it, 5 to each of the other three.
  const corner = (...others: readonly string[]) => ({ on: Object.fromEntries(others.map((other) => [other, other])) });
  const machine = createMachine({
    initial: "a",
    states: { a: corner("b", "c", "d"), b: corner("a", "c", "d"), c: corner("a", "b", "d"), d: corner("a", "b", "c") },
  });
  const paths = simplePaths(machine, { events: list("a", "b", "c", "d") });
  const lengths = (end: string) =>
    paths
      .filter(({ state }) => state.value === end)
      .map(({ steps }) => steps.length)
      .sort();
  t.deepEqual(["a", "b", "c", "d"].map(lengths), [[0], [1, 2, 2, 3, 3], [1, 2, 2, 3, 3], [1, 2, 2, 3, 3]]);
  const start = paths.find(({ steps }) => steps.length === 0)?.state;
  for (const path of paths) t.true(start !== undefined && replays(machine, start, path));
});

test("events may depend on the snapshot, and delays may be listed", (t) => {
  const machine = createMachine({
    id: "m",
    initial: "a",
    states: { a: { after: { 5: "b" } }, b: { on: { go: "c" } }, c: {} },
  });
  const timer = { type: "xstate.after.5.m.a" } as const;
  const paths = shortestPaths(machine, { events: (snapshot) => (snapshot.value === "a" ? [timer] : [{ type: "go" }]) });
  t.deepEqual(
    paths.map(({ steps }) => steps.map(({ event }) => event.type)),
    [[], [timer.type], [timer.type, "go"]],
  );
});

test("a walk that would take too many steps is given up with an error", (t) => {
  const machine = diningPhilosophers(4);
  const events = dinnerEvents(4);
  t.throws(() => simplePaths(machine, { events, limit: 5000 }), {
    code: "limit",
    message:
      "There are more paths than can be found in 5000 steps.\n  Give fewer events, a smaller machine, or a higher limit.",
  });
  t.throws(() => shortestPaths(machine, { events, limit: 100 }), { code: "limit" });
  t.is(shortestPaths(machine, { events }).length, 34);
});

test("what is wrong with a machine is said as explore says it", (t) => {
  const fail = (): never => {
    throw new Error("oops");
  };
  const events = list("up");
  const guarded = createMachine({ id: "m", on: { up: { guard: fail, actions: "x" } } });
  t.throws(() => shortestPaths(guarded, { events }), {
    code: "guard-threw",
    message: /^Guard 'fail' \(candidate 0 of up at/,
  });
  const acting = createMachine({ context: {}, on: { up: { actions: assign(fail) } } });
  t.throws(() => shortestPaths(acting, { events }), {
    code: "system-threw",
    message: /^The machine threw: Error: oops\.\n/,
  });
  t.throws(() => simplePaths(createMachine({ context: fail }), { events }), { code: "initial-state" });
  t.throws(() => shortestPaths(guarded, { events: [{ type: "" }] }), { code: "bad-event" });
});
