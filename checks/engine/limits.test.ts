import test from "ava";
import { assign, createMachine, setup } from "xstate";
import { explore, type Progress } from "./index.js";

/** Counts up and down without end. */
const endless = setup({
  types: { context: {} as { n: number }, events: {} as { type: "up" } | { type: "down" } },
}).createMachine({
  context: { n: 0 },
  on: {
    up: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    down: { actions: assign({ n: ({ context }) => context.n - 1 }) },
  },
});
const events = [{ type: "up" }, { type: "down" }] as const;

test("a run that a limit on states stopped is not complete, and says so", async (t) => {
  const found = await explore(endless, { events, limits: { states: 101 } });
  t.like(found, { states: 101, complete: false, stopped: "states" });
  t.is(found.depth, 51);
});

test("a run that needs exactly as many states as it may have is complete", async (t) => {
  const machine = createMachine({ initial: "a", states: { a: { on: { go: "b" } }, b: { on: { go: "a" } } } });
  const found = await explore(machine, { events: [{ type: "go" }], limits: { states: 2 } });
  t.like(found, { states: 2, transitions: 2, complete: true });
  t.false("stopped" in found);
});

test("a limit on seconds", async (t) => {
  t.like(await explore(endless, { events, limits: { seconds: 0.02 } }), { complete: false, stopped: "seconds" });
});

test("an abort signal, and what was found until then", async (t) => {
  const controller = new AbortController();
  const found = await explore(endless, {
    events,
    limits: { signal: controller.signal },
    invariants: {
      low: ({ context }) => context.n < 5,
      "abort at 20": ({ context }) => {
        if (context.n === 20) controller.abort();
        return true;
      },
    },
  });
  t.like(found, { complete: false, stopped: "aborted" });
  t.deepEqual(found.violations, [{ invariant: "low", path: Array.from({ length: 5 }, () => ({ type: "up" })) }]);
});

test("the event loop gets its turn while a machine is explored", async (t) => {
  const controller = new AbortController();
  setImmediate(() => setImmediate(() => controller.abort()));
  t.is((await explore(endless, { events, limits: { signal: controller.signal } })).stopped, "aborted");
});

test("progress is told while a machine is explored", async (t) => {
  const told: Progress[] = [];
  const enough = new AbortController();
  const progress = (each: Progress) => {
    if (told.push(each) === 3) enough.abort();
  };
  t.is((await explore(endless, { events, limits: { signal: enough.signal }, progress })).stopped, "aborted");
  t.is(told.length, 3);
  t.true(told.every(({ states, waiting }) => waiting <= 2 && states > waiting));
});

test("a limit that makes no sense is refused", async (t) => {
  await t.throwsAsync(explore(endless, { events, limits: { states: 0 } }), { code: "bad-option" });
});

test("at most five deadlocks are shown, the nearest first", async (t) => {
  const machine = setup({
    types: { context: {} as { at: number }, events: {} as { type: "to"; n: number } },
  }).createMachine({
    context: { at: 0 },
    on: {
      to: {
        guard: ({ context, event }) => context.at === 0 && event.n > 0,
        actions: assign({ at: ({ event }) => event.n }),
      },
    },
  });
  const ends = [1, 2, 3, 4, 5, 6, 7].map((n) => ({ type: "to", n }) as const);
  const { deadlocks } = await explore(machine, { events: ends });
  t.deepEqual(deadlocks, { count: 7, paths: ends.slice(0, 5).map((end) => [end]) });
});
