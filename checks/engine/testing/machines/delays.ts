import { assign, raise } from "xstate";
import { type At, add, chart, list, log, logType, type Specimen } from "./specimen.js";

/** Delayed (`after`) transitions: taken when their event is listed. */

export const delays: readonly Specimen[] = [
  {
    name: "delayed transitions as events",
    machine: chart({
      id: "light",
      initial: "red",
      states: {
        red: { after: { 1000: "green" } },
        green: { after: { 500: "yellow", 2000: "red" }, on: { hurry: "yellow" } },
        yellow: { after: { 100: { target: "red" } } },
      },
    }),
    events: list(
      "xstate.after.1000.light.red xstate.after.500.light.green xstate.after.2000.light.green xstate.after.100.light.yellow hurry",
    ),
    counts: [3, 5, 3],
  },
  {
    name: "delayed transitions that are not listed are not taken",
    machine: chart({ id: "m", initial: "a", states: { a: { after: { 10: "b" }, on: { go: "c" } }, b: {}, c: {} } }),
    events: list("go"),
    counts: [2, 1, 2],
  },
  {
    name: "named delays, a number and a function",
    machine: chart(
      {
        id: "m",
        initial: "a",
        context: { n: 1 },
        states: {
          a: { after: { fixed: { target: "b", actions: add(1, 3) } } },
          b: {
            after: { computed: [{ guard: ({ context }: At) => context.n === 0, target: "a" }, { actions: add(1, 3) }] },
            on: { back: "a" },
          },
        },
      },
      { delays: { fixed: 10, computed: ({ context }: At) => context.n } },
    ),
    events: list("xstate.after.fixed.m.a xstate.after.computed.m.b back"),
    counts: [6, 9, 5],
  },
  {
    name: "a named delay that is not implemented fires at once",
    machine: chart({
      id: "m",
      initial: "a",
      states: { a: { on: { go: "b" } }, b: { after: { missing: "c" } }, c: { on: { back: "a" } } },
    }),
    events: list("go back xstate.after.missing.m.b"),
    counts: [2, 2, 2],
    outcomes: [["go", 'active "c"']],
  },
  {
    name: "a delay function that answers no number fires at once, depending on the context",
    machine: chart(
      {
        id: "m",
        initial: "a",
        context: { n: 0 },
        states: {
          a: { on: { up: { actions: add(1, 3) }, go: "b" } },
          b: { after: { maybe: "c" }, on: { back: "a" } },
          c: { on: { back: "a" } },
        },
      },
      { delays: { maybe: ({ context }: At) => (context.n === 1 ? undefined : 5) } },
    ),
    events: list("up go back xstate.after.maybe.m.b"),
    counts: [8, 13, 5],
    outcomes: [
      ["go", 'active "b" {n: 0}'],
      ["up go", 'active "c" {n: 1}'],
    ],
  },
  {
    name: "a delayed event that somebody else handles, and one taken by a wildcard",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      states: {
        a: { initial: "x", states: { x: { after: { 5: "y" } }, y: { on: { go: "x" } } } },
        b: {
          initial: "x",
          states: {
            x: { on: { "xstate.after.5.m.a.x": { target: "y", actions: logType } } },
            y: { on: { "xstate.*": { target: "x", actions: log("w") } } },
          },
        },
      },
    }),
    events: list("xstate.after.5.m.a.x go"),
    counts: [9, 13, 6],
  },
  {
    name: "a delayed transition beside an ordinary one on the same event",
    machine: chart({
      id: "m",
      initial: "a",
      context: { n: 0 },
      states: {
        a: {
          on: { "xstate.after.7.m.a": [{ guard: ({ context }: At) => context.n === 0, actions: assign({ n: 1 }) }] },
          after: {
            7: [
              { guard: ({ context }: At) => context.n === 1, actions: [assign({ n: 2 }), raise({ type: "now" })] },
              "b",
            ],
          },
        },
        b: {},
      },
    }),
    events: list("xstate.after.7.m.a"),
    counts: [3, 2, 3],
  },
];
