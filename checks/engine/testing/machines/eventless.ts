import { raise, stateIn } from "xstate";
import { type At, add, chart, list, log, logType, type Specimen, traced } from "./specimen.js";

/** Eventless (`always`) transitions. */

const atLeast =
  (n: number) =>
  ({ context }: At): boolean =>
    context.n >= n;

export const eventless: readonly Specimen[] = [
  {
    name: "a chain of eventless transitions from the start",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: { ...traced("a"), always: "b" },
        b: { ...traced("b"), always: { target: "c", actions: log("!") } },
        c: { ...traced("c"), on: { again: "a" } },
      },
    }),
    events: list("again"),
    counts: [2, 2, 2],
    outcomes: [
      ["", 'active "c" {log: "+a-a+b-b!+c"}'],
      ["again", 'active "c" {log: "+a-a+b-b!+c-c+a-a+b-b!+c"}'],
    ],
  },
  {
    name: "eventless transitions that count up to their guard",
    machine: chart({
      context: { n: 0 },
      always: { guard: ({ context }: At) => context.n % 3 !== 0, actions: add(1, 12) },
      on: { one: { actions: add(1, 12) }, five: { actions: add(5, 12) } },
    }),
    events: list("one five"),
    counts: [4, 8, 3],
  },
  {
    name: "candidates of an eventless transition",
    machine: chart({
      initial: "a",
      context: { n: 0 },
      states: {
        a: { on: { up: { target: "sort", actions: add(1, 5) } } },
        sort: {
          always: [{ guard: atLeast(4), target: "high" }, { guard: atLeast(2), target: "mid" }, { target: "a" }],
        },
        mid: { on: { up: { target: "sort", actions: add(1, 5) } } },
        high: { on: { up: { target: "sort", actions: add(1, 5) } } },
      },
    }),
    events: list("up"),
    counts: [5, 5, 5],
  },
  {
    name: "an inner eventless transition goes before an outer one",
    machine: chart({
      initial: "out",
      context: { n: 0 },
      on: { up: { actions: add(1, 4) } },
      states: {
        out: {
          initial: "a",
          always: { guard: atLeast(1), target: "gone" },
          states: { a: { always: { guard: atLeast(2), target: "b" }, on: { jump: { actions: add(2, 4) } } }, b: {} },
        },
        gone: { on: { back: "out" } },
      },
    }),
    events: list("up jump back"),
    counts: [5, 10, 4],
  },
  {
    name: "one region waits for the other",
    machine: chart({
      type: "parallel",
      states: {
        lead: {
          initial: "a",
          states: { a: { on: { go: "b" } }, b: { on: { go: "c", back: "a" } }, c: { on: { back: "a" } } },
        },
        follow: {
          initial: "a",
          states: {
            a: { always: { guard: stateIn({ lead: "b" }), target: "b" } },
            b: { always: { guard: stateIn({ lead: "c" }), target: "c" }, on: { rest: "a" } },
            c: { on: { rest: "a" } },
          },
        },
      },
    }),
    events: list("go back rest"),
    counts: [7, 14, 5],
  },
  {
    name: "both regions have eventless transitions at the same time, from the start on",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      states: {
        p: {
          initial: "a",
          states: { a: { always: { target: "b", actions: log("p") } }, b: { on: { p: "c" } }, c: {} },
        },
        q: {
          initial: "a",
          states: { a: { always: { target: "b", actions: log("q") } }, b: { on: { q: "c" } }, c: {} },
        },
      },
    }),
    events: list("p q"),
    counts: [4, 4, 3],
    outcomes: [["", 'active {p: "b", q: "b"} {log: "pq"}']],
  },
  {
    name: "an eventless transition of the parallel node itself is taken once",
    machine: chart({
      type: "parallel",
      context: { n: 0 },
      always: { guard: ({ context }: At) => context.n % 2 === 1, actions: add(1, 6) },
      states: { p: {}, q: { on: { up: { actions: add(1, 6) } } }, r: { initial: "x", states: { x: {} } } },
    }),
    events: list("up"),
    counts: [3, 3, 3],
  },
  {
    name: "eventless guards and actions see the event of the step",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: { on: { left: "mid", right: "mid", twice: { target: "mid", actions: raise({ type: "raised" }) } } },
        mid: {
          always: [
            { guard: ({ event }: At) => event.type === "left", target: "l", actions: logType },
            { guard: ({ event }: At) => event.type === "raised", target: "t", actions: logType },
          ],
          on: { right: { target: "l", actions: logType } },
        },
        l: { on: { back: "a" } },
        t: {},
      },
    }),
    events: list("left right twice back"),
    counts: [243, 304, 16],
    outcomes: [
      ["left", 'active "l" {log: "left "}'],
      ["right right", 'active "l" {log: "right "}'],
      ["twice", 'active "t" {log: "raised "}'],
    ],
  },
  {
    name: "at the start the event is xstate.init, with the input",
    machine: chart({
      initial: "a",
      context: ({ input }: { readonly input: { readonly n: number } }) => ({ n: input.n, log: "" }),
      states: {
        a: {
          always: [{ guard: ({ event }: At) => event.input?.n === 2, target: "b", actions: logType }, { target: "c" }],
        },
        b: { on: { go: "a" } },
        c: {},
      },
    }),
    events: list("go"),
    input: { n: 2 },
    counts: [2, 1, 2],
    outcomes: [
      ["", 'active "b" {n: 2, log: "xstate.init "}'],
      ["go", 'active "c" {n: 2, log: "xstate.init "}'],
    ],
  },
  {
    name: "an eventless transition that changes nothing ends the step, and hides the one after it",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: {
          always: [{ actions: "nothing" }, { target: "b" }],
          on: { go: { actions: [raise({ type: "r" }), log("g")] }, r: { actions: log("r") } },
        },
        b: {},
      },
    }),
    events: list("go"),
    counts: [13, 13, 13],
    outcomes: [["go", 'active "a" {log: "gr"}']],
  },
  {
    name: "an eventless transition to itself that does not reenter comes to rest",
    machine: chart({
      initial: "a",
      states: { a: { initial: "x", always: "a", states: { x: { on: { go: "y" } }, y: {} } } },
    }),
    events: list("go"),
    counts: [1, 1, 1],
  },
  {
    name: "eventless transitions go before raised events",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: { on: { go: { target: "b", actions: [raise({ type: "r" }), raise({ type: "s" })] } } },
        b: { always: "c", on: { r: { actions: log("never") } } },
        c: { on: { r: { target: "d", actions: log("r") } } },
        d: { always: { target: "e", actions: log("!") } },
        e: { on: { s: { actions: log("s") }, back: "a" } },
      },
    }),
    events: list("go back"),
    counts: [17, 17, 17],
    outcomes: [["go", 'active "e" {log: "r!s"}']],
  },
];
