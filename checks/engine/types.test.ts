import test from "ava";
import { assign, createMachine, setup } from "xstate";
import {
  breadthFirst,
  type EngineError,
  type Exploration,
  explore,
  shortestPaths,
  type TransitionSystem,
} from "./index.js";

/*
 * These tests are the compiler's: they fail to build if a public type infers anything else.
 */

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

type LightEvent = { type: "next" } | { type: "dim"; by: number };
const light = setup({
  types: { context: {} as { level: number }, events: {} as LightEvent, input: {} as { start: number } },
  actions: { dim: assign({ level: ({ context }) => Math.max(0, context.level - 1) }) },
}).createMachine({
  context: ({ input }) => ({ level: input.start }),
  initial: "green",
  states: { green: { on: { next: "red", dim: { actions: "dim" } } }, red: { on: { next: "green" } } },
});
const input = { start: 2 };

test("events are the machine's, and so are those of the paths", async (t) => {
  const events: LightEvent[] = [{ type: "next" }, { type: "dim", by: 1 }];
  const found = await explore(light, { events, input });
  holds<Equal<typeof found, Exploration<LightEvent>>>();
  t.is(found.states, 6);
  // @ts-expect-error the machine knows no such event
  await explore(light, { events: [{ type: "blink" }], input });
  // @ts-expect-error an event lacks a member
  await explore(light, { events: [{ type: "dim" }], input });
  // @ts-expect-error events must be given
  await t.throwsAsync<EngineError>(explore(light, { input }), { code: "bad-option" });
});

test("literals written in place are the machine's events", async (t) => {
  const found = await explore(light, { events: [{ type: "next" }], input });
  holds<Equal<typeof found, Exploration<LightEvent>>>();
  const offered = await explore(light, { events: ({ context }) => [{ type: "dim", by: context.level }], input });
  holds<Equal<typeof offered, Exploration<LightEvent>>>();
  const chosen = await explore(light, {
    events: ({ context }) => (context.level > 1 ? [{ type: "dim", by: context.level }] : [{ type: "next" }]),
    input,
  });
  holds<Equal<typeof chosen, Exploration<LightEvent>>>();
  const made = await explore(light, {
    events: ({ context }) => [0, 1].map((more) => ({ type: "dim", by: context.level + more })),
    input,
  });
  holds<Equal<typeof made, Exploration<LightEvent>>>();
  t.deepEqual([found.states, offered.states, chosen.states, made.states], [2, 3, 3, 3]);
});

test("invariants and event functions get the machine's snapshot", async (t) => {
  const found = await explore(light, {
    input,
    events: (snapshot) => {
      holds<Equal<typeof snapshot.context, { level: number }>>();
      return snapshot.matches("green") ? [{ type: "next" }, { type: "dim", by: 1 }] : [{ type: "next" }];
    },
    invariants: {
      bright: (snapshot) => {
        holds<Equal<typeof snapshot.context.level, number>>();
        holds<Equal<typeof snapshot.value, "green" | "red">>();
        return snapshot.context.level > 0;
      },
      // @ts-expect-error an invariant answers true or false, and not later
      later: () => Promise.resolve(true),
    },
  }).catch(() => undefined);
  t.is(found, undefined);
  // @ts-expect-error the context has no such member
  await explore(light, { input, events: [], invariants: { typo: (snapshot) => snapshot.context.lvl !== 0 } });
});

test("delayed events may be listed besides the machine's own", async (t) => {
  const timer = setup({ types: { events: {} as { type: "push" } } }).createMachine({
    id: "t",
    initial: "a",
    states: { a: { after: { 10: "b" } }, b: { on: { push: "a" } } },
  });
  const found = await explore(timer, { events: [{ type: "push" }, { type: "xstate.after.10.t.a" }] });
  holds<Equal<typeof found, Exploration<{ type: "push" } | { readonly type: "xstate.after.10.t.a" }>>>();
  t.is(found.states, 2);
  // @ts-expect-error neither the machine's nor XState's
  await explore(timer, { events: [{ type: "push" }, { type: "after.10.t.a" }] });
});

test("a machine without types takes any event", async (t) => {
  const found = await explore(createMachine({ on: { go: { actions: "leave" } } }), {
    events: [{ type: "go", fast: true }],
  });
  t.is(found.transitions, 1);
});

test("paths have the machine's events and snapshots", (t) => {
  const events: LightEvent[] = [{ type: "next" }];
  const [path] = shortestPaths(light, { events, input });
  holds<Equal<NonNullable<typeof path>["steps"][number]["event"], LightEvent>>();
  t.is(path?.state.context.level, 2);
});

test("a search has the events of its system", async (t) => {
  const system: TransitionSystem<number, "double" | "add"> = {
    initial: () => 1,
    enabled: (state) => (state < 10 ? ["double", "add"] : []),
    next: (state, event) => (event === "double" ? 2 * state : state + 1),
    key: (state) => state,
  };
  const found = await breadthFirst(system);
  const path = found.pathTo(found.states - 1);
  holds<Equal<typeof path, ("double" | "add")[]>>();
  t.is(found.states, 14);
});

test("results can't be written to", async (t) => {
  const found = await explore(light, { events: [{ type: "next" }], input });
  const write = (): void => {
    // @ts-expect-error a count is read-only
    found.states = 0;
    // @ts-expect-error a list is read-only
    found.violations.push({ invariant: "x", path: [] });
  };
  t.is(typeof write, "function");
});
