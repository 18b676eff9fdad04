import test from "ava";
import {
  type AnyStateMachine,
  assign,
  createActor,
  createMachine,
  enqueueActions,
  fromPromise,
  sendTo,
  setup,
  spawnChild,
} from "xstate";
import { broken, counter, failure, UP } from "./testing/failure.js";

const n = ({ context }: { readonly context: unknown }): number => (context as { readonly n: number }).n;
for (const [what, event, text] of [
  ["without a type", { kind: "up" }, '{kind: "up"}'],
  ["with an empty type", { type: "" }, '{type: ""}'],
  ["with a wildcard for a type", { type: "*" }, '{type: "*"}'],
  ["with a number for a type", { type: 1, at: [1n, -0, new Date(0), null] }, "{type: 1, at: [1n, -0, Date(0), null]}"],
  ["that is a string", "up", '"up"'],
  ["that is null", null, "null"],
] as const) {
  test(`an event ${what}`, async (t) => {
    const error = await failure(t, counter, [UP, event]);
    t.is(error.code, "bad-event");
    t.true(error.message.startsWith(`events[1] is no event: ${text}.`), error.message);
    const offered = await failure(t, counter, (snapshot: unknown) => [
      n(snapshot as { context: unknown }) < 2 ? UP : event,
    ]);
    t.true(offered.message.startsWith(`events[0] is no event: ${text}.\n  shortest path: up → up\n`), offered.message);
  });
}

test("an event that has no exact key", async (t) => {
  const error = await failure(t, counter, [{ type: "up", reply: () => 1 }]);
  t.is(error.code, "not-keyable");
  t.true(error.message.startsWith("events[0].reply is a function"));
});

test("events that are neither a list nor a function, or a function that throws or lists nothing", async (t) => {
  for (const events of [undefined, "up", { up: UP }, () => UP, () => undefined]) {
    t.like(await failure(t, counter, events), { code: "bad-option" });
  }
  const error = await failure(t, counter, (snapshot: { readonly context: unknown }) =>
    n(snapshot) < 1 ? [UP] : broken(),
  );
  t.is(error.code, "events-threw");
  t.true(
    error.message.startsWith("The function given as events threw: TypeError: no such page.\n  shortest path: up\n"),
  );
});

test("what is no machine", async (t) => {
  for (const other of [undefined, {}, { root: {} }, createActor(counter), { context: {} }]) {
    const error = await failure(t, other as AnyStateMachine, []);
    t.is(error.code, "bad-option");
    t.regex(error.message, /^The first argument is no XState v5 machine\./);
  }
});

const job = fromPromise(() => Promise.resolve(1));

for (const [what, machine, message] of [
  [
    "invokes",
    createMachine({ id: "m", initial: "a", states: { a: {}, b: { invoke: { src: job, id: "job" } } } }),
    "State node 'm.b': it invokes an actor, 'job'.",
  ],
  [
    "spawns in an action",
    createMachine({ id: "m", initial: "a", states: { a: { on: { up: { actions: spawnChild(job) } } } } }),
    "State node 'm.a': one of its actions spawns an actor.",
  ],
  [
    "spawns in a named action",
    setup({ actions: { start: spawnChild(job) } }).createMachine({ id: "m", entry: "start" }),
    "State node 'm': one of its actions spawns an actor.",
  ],
  [
    "spawns in an assign",
    createMachine({
      id: "m",
      context: {},
      initial: "a",
      states: { a: { on: { up: "b" } }, b: { entry: assign(({ spawn }) => ({ ref: spawn(job, { id: "job" }) })) } },
    }),
    "State node 'm.b': an actor, 'job', is running.\n  shortest path: (the initial state)\n  event: up\n",
  ],
  [
    "spawns among enqueued actions",
    createMachine({ id: "m", entry: enqueueActions(({ enqueue }) => enqueue.spawnChild(job, { id: "job" })) }),
    "State node 'm': an actor, 'job', is running.",
  ],
  [
    "sends itself an event",
    createMachine({ id: "m", on: { up: { actions: sendTo(({ self }) => self, UP) } } }),
    "The machine sends itself an event with sendTo.\n  shortest path: (the initial state)\n  event: up\n  Use raise",
  ],
] as const) {
  test(`a machine that ${what} is not closed`, async (t) => {
    const error = await failure(t, machine, [UP]);
    t.is(error.code, "not-closed");
    t.true(error.message.startsWith(message), error.message);
  });
}

test("a context that has no exact key: where, and how it is reached", async (t) => {
  const machine = createMachine({
    context: { jobs: [] as unknown[] },
    on: { up: { actions: assign({ jobs: ({ context }) => [...context.jobs, context.jobs.length === 2 ? /x/ : 0] }) } },
  });
  const error = await failure(t, machine, [UP]);
  t.is(error.code, "not-keyable");
  t.is(
    error.message,
    `context.jobs[2] is an instance of RegExp: it has no exact key.
  shortest path: up → up
  event: up
  Keep only plain data in a state: primitives, plain objects, arrays, Map, Set, Date.`,
  );
});
