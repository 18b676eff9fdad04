import { assign, cancel, emit, log as logs } from "xstate";
import { type At, add, chart, list, log, type Specimen, traced } from "./specimen.js";

/** Entry, exit, transition and initial actions and their order; the forms of assign; actions without effect on the state. */

const settings = {
  actions: {
    setTo: assign({ n: (_: At, { value }: { readonly value: number }) => value }),
    grow: assign(({ context }: At, { by }: { readonly by: number }) => ({ n: (context.n + by) % 7 })),
    more: add(1, 7),
  },
};

export const actions: readonly Specimen[] = [
  {
    name: "exit inside out, then the transition's, then entry outside in",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      ...traced("m"),
      states: {
        a: {
          ...traced("a"),
          initial: { target: "a1", actions: log("ia") },
          states: { a1: { ...traced("a1"), on: { go: { target: "#m.b.b1.c1", actions: [log("t"), log("u")] } } } },
        },
        b: {
          ...traced("b"),
          initial: { target: "b1", actions: log("ib") },
          states: {
            b1: { ...traced("b1"), initial: { target: "c1", actions: log("ib1") }, states: { c1: traced("c1") } },
          },
          on: { go: { target: "a", actions: log("v") } },
        },
      },
    }),
    events: list("go"),
    counts: [3, 3, 3],
    outcomes: [
      ["", 'active {a: "a1"} {log: "+m+aia+a1"}'],
      ["go", 'active {b: {b1: "c1"}} {log: "+m+aia+a1-a1-atu+b+b1+c1"}'],
      ["go go", 'active {a: "a1"} {log: "+m+aia+a1-a1-atu+b+b1+c1"}'],
    ],
  },
  {
    name: "initial actions run on the way in by default only",
    machine: chart({
      initial: "o",
      context: { log: "" },
      states: {
        o: { on: { outer: "a", middle: "a.b", inner: "a.b.c" } },
        a: {
          initial: { target: "b", actions: log("ia ") },
          states: { b: { initial: { target: "c", actions: [log("ib "), log("jb ")] }, states: { c: {} } } },
        },
      },
    }),
    events: list("outer middle inner"),
    counts: [4, 3, 2],
    outcomes: [
      ["outer", 'active {a: {b: "c"}} {log: "ia ib jb "}'],
      ["middle", 'active {a: {b: "c"}} {log: "ib jb "}'],
      ["inner", 'active {a: {b: "c"}} {log: ""}'],
    ],
  },
  {
    name: "regions are left last to first and entered first to last",
    machine: chart({
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          ...traced("p"),
          states: { a: { ...traced("a"), initial: "x", states: { x: traced("x") } }, b: traced("b") },
          on: { go: "z" },
        },
        z: { on: { go: "p" } },
      },
    }),
    events: list("go"),
    counts: [4, 4, 4],
    outcomes: [
      ["", 'active {p: {a: "x", b: {}}} {log: "+p+a+x+b"}'],
      ["go", 'active "z" {log: "+p+a+x+b-b-x-a-p"}'],
    ],
  },
  {
    name: "transitions of several regions: all exits, all their actions, all entries",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      states: {
        a: {
          initial: "x",
          states: { x: { ...traced("x"), on: { go: { target: "y", actions: log("A") } } }, y: traced("y") },
        },
        b: {
          initial: "x",
          states: { x: { ...traced("u"), on: { go: { target: "y", actions: log("B") } } }, y: traced("v") },
        },
      },
    }),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'active {a: "y", b: "y"} {log: "+x+u-u-xAB+y+v"}']],
  },
  {
    name: "assigns of property functions, values, and of a whole object",
    machine: chart({
      context: { n: 0, m: 0, label: "" },
      on: {
        swap: { actions: assign({ n: ({ context }: At) => context.m, m: ({ context }: At) => context.n }) },
        fixed: { actions: assign({ n: 2, label: "two" }) },
        whole: { actions: assign(({ context }: At) => ({ ...context, m: (context.n + context.m) % 3 })) },
        partly: { actions: assign(() => ({ label: "x" })) },
        nothing: { actions: assign({}) },
        less: { actions: assign({ label: undefined }) },
      },
    }),
    events: list("swap fixed whole partly nothing less"),
    counts: [27, 162, 8],
    outcomes: [
      ["fixed swap", 'active {} {n: 0, m: 2, label: "two"}'],
      ["less", "active {} {n: 0, m: 0, label: undefined}"],
    ],
  },
  {
    name: "an assign sees what the one before it assigned",
    machine: chart({
      initial: "a",
      context: { n: 1 },
      exit: [],
      states: {
        a: {
          exit: add(1, 100),
          on: {
            go: {
              target: "b",
              actions: [
                assign({ n: ({ context }: At) => context.n * 3 }),
                assign({ n: ({ context }: At) => context.n - 1 }),
              ],
            },
          },
        },
        b: { entry: assign({ n: ({ context }: At) => context.n * 2 }) },
      },
    }),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'active "b" {n: 10}']],
  },
  {
    name: "assigns with params, static and computed",
    machine: chart(
      {
        context: { n: 0 },
        on: {
          set: { actions: { type: "setTo", params: { value: 5 } } },
          grow: { actions: { type: "grow", params: ({ context }: At) => ({ by: context.n === 5 ? 3 : 2 }) } },
          both: {
            actions: [
              { type: "grow", params: { by: 1 } },
              { type: "grow", params: ({ context }: At) => ({ by: context.n }) },
              "more",
            ],
          },
        },
      },
      settings,
    ),
    events: list("set grow both"),
    counts: [7, 21, 3],
  },
  {
    name: "assigns that read the event",
    machine: chart({
      context: { held: [] },
      on: {
        take: {
          guard: ({ context, event }: At) => !context.held.includes(event.item),
          actions: assign({ held: ({ context, event }: At) => [...context.held, event.item] }),
        },
        drop: {
          actions: assign({
            held: ({ context, event }: At) => context.held.filter((item: unknown) => item !== event.item),
          }),
        },
      },
    }),
    events: [
      { type: "take", item: "a" },
      { type: "take", item: "b" },
      { type: "take", item: 3 },
      { type: "drop", item: "b" },
    ],
    counts: [16, 31, 4],
  },
  {
    name: "transitions without a target leave and enter nothing",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: {
          ...traced("a"),
          initial: "x",
          on: { outer: { actions: log("o", 8) } },
          states: {
            x: {
              ...traced("x"),
              on: {
                inner: { actions: log("i", 8) },
                outer: { guard: ({ context }: At) => context.log.length > 5, actions: log("x", 8) },
              },
            },
          },
        },
      },
    }),
    events: list("inner outer"),
    counts: [31, 62, 5],
    outcomes: [["inner outer outer", 'active {a: "x"} {log: "+a+xiox"}']],
  },
  {
    name: "custom actions, log, emit and cancel change nothing",
    machine: chart({
      initial: "a",
      context: { n: 0 },
      states: {
        a: {
          entry: ["unknown", { type: "alsoUnknown", params: { x: 1 } }, () => undefined],
          exit: cancel("something"),
          on: {
            go: { target: "b", actions: [logs(({ context }: At) => context.n), emit({ type: "gone" }), "unknown"] },
            stay: { actions: "unknown" },
          },
        },
        b: {
          on: {
            go: { target: "a", actions: [emit(({ context }: At) => ({ type: "back", n: context.n })), add(1, 2)] },
          },
        },
      },
    }),
    events: list("go stay"),
    counts: [4, 6, 4],
  },
  {
    name: "a named action that is an assign, used at entry, exit and on a transition",
    machine: chart(
      {
        initial: "a",
        context: { n: 0 },
        states: {
          a: {
            entry: "more",
            exit: ["more", { type: "more" }],
            on: { go: "b", self: { target: "a", reenter: true, actions: "more" } },
          },
          b: { on: { go: { target: "a", actions: { type: "grow", params: { by: 3 } } } } },
        },
      },
      settings,
    ),
    events: list("go self"),
    counts: [14, 21, 6],
  },
];
