import test from "ava";
import { and, assign, createMachine, not, raise } from "xstate";
import { explore } from "./index.js";
import { broken, counter, counting, failure, UP } from "./testing/failure.js";

const n = ({ context }: { readonly context: unknown }): number => (context as { readonly n: number }).n;
test("an invariant that throws: its name and a shortest path", async (t) => {
  const error = await failure(t, counter, [UP], {
    invariants: { fine: () => true, "in range": (s) => n(s) < 2 || broken() },
  });
  t.is(
    error.message,
    `Invariant 'in range' threw: TypeError: no such page.
  shortest path: up → up
  An invariant must answer true or false for every reachable state, unusual ones included.`,
  );
  t.like(error, { code: "invariant-threw", at: "in range", path: [UP, UP], cause: { message: "no such page" } });
});

test("an invariant that answers no boolean would always hold: it is refused", async (t) => {
  for (const [answer, text] of [
    [undefined, "undefined"],
    [1, "1"],
    [Promise.resolve(false), "{}"],
  ]) {
    const invariants = { later: () => answer } as unknown;
    const error = await failure(t, counter, [UP], { invariants: invariants as Record<string, () => boolean> });
    t.is(error.code, "invariant-threw");
    t.true(
      error.message.startsWith(`Invariant 'later' answered ${text}, not true or false.\n  shortest path: (the initial`),
    );
  }
});

test("a guard that throws: its name, its place, the event and a shortest path", async (t) => {
  const machine = counting.createMachine({
    id: "lift",
    context: { n: 0 },
    initial: "moving",
    states: {
      moving: {
        on: {
          up: [
            { guard: not("inRange"), target: "moving" },
            { guard: "inRange", actions: "more" },
          ],
        },
      },
    },
  });
  const error = await failure(t, machine, [{ type: "up", floors: 1 }]);
  t.is(
    error.message,
    `Guard 'not(inRange)' (candidate 0 of up at state node 'lift.moving') threw: TypeError: no such page.
  shortest path: up {floors: 1} → up {floors: 1}
  event: up {floors: 1}
  A guard must answer true or false for every reachable context and every event it is asked about.`,
  );
  t.like(error, {
    code: "guard-threw",
    at: "not(inRange)",
    event: { type: "up", floors: 1 },
    cause: { message: "no such page" },
  });
});

test("a guard that throws on a raised event, or after a wildcard", async (t) => {
  const machine = counting.createMachine({
    id: "m",
    context: { n: 0 },
    on: {
      up: { actions: ["more", raise({ type: "raised" })] },
      "raised.*": { guard: () => broken(), actions: "more" },
    },
  });
  const error = await failure(t, machine, [UP]);
  t.true(error.message.startsWith("Guard '(inline)' (candidate 0 of raised.* at state node 'm') threw: TypeError"));
  t.like(error, { code: "guard-threw", event: UP, path: [] });
});

test("an eventless guard that throws, at once or later", async (t) => {
  const later = counting.createMachine({
    id: "m",
    context: { n: 0 },
    initial: "a",
    states: { a: { always: [{ guard: and(["tooHigh"]), target: "b" }], on: { up: { actions: "more" } } }, b: {} },
  });
  const error = await failure(t, later, [UP]);
  t.true(error.message.startsWith("Guard 'and(tooHigh)' (candidate 0 of always at state node 'm.a') threw: TypeError"));
  t.like(error, { code: "guard-threw", path: [], event: UP });
  const atOnce = counting.createMachine({ id: "m", context: { n: 1 }, always: { guard: "tooHigh", actions: "more" } });
  const early = await failure(t, atOnce, [UP]);
  t.true(early.message.startsWith("Guard 'tooHigh' (candidate 0 of always at state node 'm') threw: TypeError"));
});

test("a guard that is not implemented", async (t) => {
  const machine = createMachine({ id: "m", on: { up: { guard: "missing", actions: "none" } } });
  const error = await failure(t, machine, [UP]);
  t.is(error.code, "guard-threw");
  t.regex(
    error.message,
    /^Guard 'missing' \(candidate 0 of up at state node 'm'\) threw: Error: Guard 'missing' is not/,
  );
});

test("an assign that throws: where, the event and a shortest path", async (t) => {
  const machine = createMachine({
    id: "m",
    context: { n: 0 },
    initial: "a",
    states: { a: { on: { up: { actions: assign({ n: (args) => (n(args) < 1 ? 1 : broken()) }) } } } },
  });
  t.is(
    (await failure(t, machine, [UP])).message,
    `An action threw, coming from state node 'm.a': TypeError: no such page.
  shortest path: up
  event: up
  An assign must work for every reachable context and every event that gets it taken.`,
  );
});

test("a machine that can't be started", async (t) => {
  const machine = createMachine({ context: ({ input }) => ({ n: (input as { n: number }).n }) });
  const error = await failure(t, machine, []);
  t.is(error.code, "initial-state");
  t.regex(
    error.message,
    /^The machine has no initial state: TypeError: .*\n {2}shortest path: \(the initial state\)\n {2}Its context, an entry action or/,
  );
  t.like(await explore(machine, { events: [], input: { n: 1 } }), { states: 1 });
});

test("a step that never comes to rest", async (t) => {
  const states = { a: { on: { up: "b" } }, b: { always: "c" }, c: { always: "b" } };
  const error = await failure(t, createMachine({ id: "m", initial: "a", states }), [UP]);
  t.is(error.code, "endless-step");
  t.regex(
    error.message,
    /^A step does not come to rest: after 10000 microsteps the machine is in 'm\.[bc]'\.\n.*\n {2}event: up\n/,
  );
  const atOnce = await failure(t, createMachine({ id: "m", initial: "b", states }), [UP]);
  t.is(atOnce.code, "endless-step");
  const bounded = createMachine({ id: "m", initial: "a", states, options: { maxIterations: 7 } });
  t.regex((await failure(t, bounded, [UP])).message, /after 8 microsteps the machine is in 'm\.[bc]'/);
});

test("an assign that writes into the context", async (t) => {
  const machine = createMachine({
    context: { list: [] as number[] },
    on: {
      up: {
        guard: ({ context }) => context.list.length < 3,
        actions: assign({
          list: ({ context }) => {
            context.list.push(1);
            return context.list;
          },
        }),
      },
    },
  });
  const error = await failure(t, machine, [UP]);
  t.is(error.code, "impure");
  t.regex(
    error.message,
    /^A state changed while its transitions were taken\.\n {2}shortest path: \(the initial state\)\n/,
  );
});

test("a long path is shown by its two ends", async (t) => {
  const machine = counting.createMachine({ context: { n: 0 }, on: { up: { actions: "more" } } });
  const error = await failure(t, machine, [UP], { invariants: { low: (snapshot) => n(snapshot) < 100 || broken() } });
  t.is(error.path?.length, 100);
  t.regex(error.message, /shortest path: (up → ){30}… 40 more … → (up → ){29}up\n/);
});
