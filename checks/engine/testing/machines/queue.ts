import { assign, enqueueActions, raise, stateIn } from "xstate";
import { type At, add, chart, list, log, logType, type Specimen } from "./specimen.js";

/** Raised events, and enqueueActions. */

type Enqueue = Parameters<Parameters<typeof enqueueActions>[0]>[0]["enqueue"];

interface Enqueueing extends At {
  readonly enqueue: Enqueue;
  readonly check: (guard: unknown) => boolean;
}

const enqueueing = (collect: (args: Enqueueing, params?: unknown) => void) =>
  enqueueActions(collect as Parameters<typeof enqueueActions>[0]);

/** Raises with any delay: a name that is implemented or not, too. */
const later = (type: string, delay: unknown) => raise({ type }, { delay } as Parameters<typeof raise>[1]);

export const queue: readonly Specimen[] = [
  {
    name: "a raised event belongs to the step",
    machine: chart({
      initial: "a",
      states: {
        a: { on: { go: { actions: raise({ type: "on" }) }, on: "b" } },
        b: { on: { go: { target: "a", actions: raise({ type: "nobody's" }) } } },
      },
    }),
    events: list("go on"),
    counts: [2, 3, 2],
  },
  {
    name: "raised events come in the order in which they were raised",
    machine: chart({
      initial: "a",
      context: { log: "" },
      on: { "r.*": { actions: logType } },
      states: {
        a: {
          exit: raise({ type: "r.1" }),
          on: { go: { target: "b", actions: [raise({ type: "r.2" }), raise({ type: "r.3" })] } },
        },
        b: {
          entry: raise({ type: "r.4" }),
          initial: { target: "c", actions: raise({ type: "r.5" }) },
          states: { c: { entry: raise({ type: "r.6" }) } },
        },
      },
    }),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'active {b: "c"} {log: "r.1 r.2 r.3 r.4 r.5 r.6 "}']],
  },
  {
    name: "a raised event may raise another, behind those that wait",
    machine: chart({
      context: { log: "" },
      on: {
        go: { actions: [raise({ type: "a" }), raise({ type: "b" })] },
        a: { actions: [logType, raise({ type: "c" })] },
        b: { actions: logType },
        c: { actions: logType },
      },
    }),
    events: list("go a"),
    counts: [64, 128, 7],
    outcomes: [["go", 'active {} {log: "a b c "}']],
  },
  {
    name: "raised events that carry something, as a function of context and event",
    machine: chart(
      {
        context: { n: 0 },
        on: {
          put: { actions: raise(({ context, event }: At) => ({ type: "set", to: (context.n + event.by) % 4 })) },
          named: { actions: { type: "raiseMore", params: ({ context }: At) => ({ more: context.n + 1 }) } },
          set: { guard: ({ event }: At) => event.to !== 3, actions: assign({ n: ({ event }: At) => event.to }) },
        },
      },
      { actions: { raiseMore: raise((_: At, { more }: { readonly more: number }) => ({ type: "set", to: more })) } },
    ),
    events: [{ type: "put", by: 1 }, { type: "put", by: 2 }, { type: "named" }],
    counts: [3, 9, 2],
  },
  {
    name: "what is raised with a delay is an effect, 0 included; without a number it is raised at once",
    machine: chart(
      {
        context: { log: "" },
        on: {
          go: {
            actions: [
              later("later", 10),
              later("zero", 0),
              later("named", "slow"),
              later("unknown", "nobody's"),
              later("computed", ({ context }: At) => context.log.length),
            ],
          },
          "*": { actions: logType },
        },
      },
      { delays: { slow: 100 } },
    ),
    events: list("go later"),
    counts: [29, 58, 5],
    outcomes: [["go", 'active {} {log: "unknown "}']],
  },
  {
    name: "regions that raise events for each other",
    machine: chart({
      type: "parallel",
      states: {
        a: {
          initial: "x",
          states: {
            x: { on: { go: { target: "y", actions: raise({ type: "ping" }) } } },
            y: { on: { pong: "z" } },
            z: { on: { go: "x" } },
          },
        },
        b: {
          initial: "x",
          states: {
            x: { on: { ping: { target: "y", actions: raise({ type: "pong" }) }, off: "y" } },
            y: { on: { off: "x" } },
          },
        },
      },
    }),
    events: list("go off"),
    counts: [6, 10, 4],
  },
  {
    name: "enqueueActions: assign, raise, named actions, and check",
    machine: chart(
      {
        context: { n: 0, log: "" },
        on: {
          go: {
            actions: enqueueing(({ context, enqueue, check }) => {
              enqueue.assign({ n: ({ context: at }: At) => (at.n + 1) % 4 });
              // Both still speak of the context from before.
              if (check("isTwo")) enqueue.raise({ type: "two" });
              if (context.n === 1) enqueue({ type: "note", params: { text: "1" } });
              enqueue("plain");
            }),
          },
          two: { actions: log("two") },
          clear: { actions: assign({ log: "" }) },
        },
      },
      {
        guards: { isTwo: ({ context }: At) => context.n === 2 },
        actions: {
          plain: assign(({ context }: At) => (context.log.length < 8 ? { log: `${context.log}.` } : {})),
          note: assign(({ context }: At, { text }: { readonly text: string }) =>
            context.log.length < 8 ? { log: context.log + text } : {},
          ),
        },
      },
    ),
    events: list("go clear"),
    counts: [122, 244, 36],
    outcomes: [["go go go", 'active {} {n: 3, log: ".1..two"}']],
  },
  {
    name: "enqueueActions instead of choose, at entry, exit and with params",
    machine: chart(
      {
        initial: "a",
        context: { n: 0 },
        states: {
          a: { exit: "either", on: { go: "b" } },
          b: { entry: { type: "by", params: { step: 2 } }, on: { go: "a" } },
        },
      },
      {
        actions: {
          either: enqueueing(({ context, enqueue }) => {
            if (context.n % 2 === 0) enqueue(add(1, 5));
            else enqueue(add(3, 5));
          }),
          by: enqueueing(({ enqueue }, params) => {
            enqueue(add((params as { readonly step: number }).step, 5));
          }),
        },
      },
    ),
    events: list("go"),
    counts: [3, 3, 3],
  },
  {
    name: "check(stateIn) sees where the machine was before the step, in every action",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      states: {
        a: { exit: seen("x"), on: { go: { target: "b", actions: seen("t") } } },
        b: { entry: seen("e"), always: { guard: stateIn("#m.b"), target: "c", actions: seen("u") } },
        c: { entry: seen("f") },
      },
    }),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'active "c" {log: "xa ta ea ub fb "}']],
  },
];

/** Logs which of a, b and c the machine is said to be in. */
function seen(where: string) {
  return enqueueing(({ enqueue, check }) => {
    for (const name of ["a", "b", "c"]) if (check(stateIn(`#m.${name}`))) enqueue(log(`${where}${name} `));
  });
}
