import { assign, not, raise, stateIn } from "xstate";
import { type At, chart, list, log, logType, type Specimen, traced } from "./specimen.js";

/** Where XState does otherwise than SCXML, or than one would think. Follows from what a state's key holds. */

const o = (...nodes: readonly string[]) => Object.fromEntries(nodes.map((node) => [node, {}]));

export const oddities: readonly Specimen[] = [
  {
    name: "initial actions of a region that is entered because its sibling was targeted do not run",
    machine: chart({
      initial: "o",
      context: { log: "" },
      states: {
        o: { on: { one: "p.a.y", two: { target: ["p.a", "p.b"] }, all: "p" } },
        p: {
          type: "parallel",
          states: {
            a: { initial: { target: "x", actions: log("a") }, states: o("x", "y") },
            b: { initial: { target: "x", actions: log("b") }, states: o("x") },
          },
        },
      },
    }),
    events: list("one two all"),
    counts: [3, 3, 2],
    outcomes: [
      ["one", 'active {p: {a: "y", b: "x"}} {log: ""}'],
      ["two", 'active {p: {a: "x", b: "x"}} {log: "ab"}'],
      ["all", 'active {p: {a: "x", b: "x"}} {log: "ab"}'],
    ],
  },
  {
    name: "initial actions of what shallow history restores do not run",
    machine: chart({
      initial: "w",
      context: { log: "" },
      states: {
        w: {
          initial: "a",
          on: { leave: "o" },
          states: {
            h: { type: "history" },
            a: {
              ...traced("a"),
              initial: { target: "x", actions: log("i") },
              states: { x: { on: { next: "y" } }, y: {} },
            },
          },
        },
        o: { on: { resume: "w.h", fresh: "w" } },
      },
    }),
    events: list("next leave resume fresh"),
    counts: [141, 233, 14],
    outcomes: [
      ["next leave resume", 'active {w: {a: "x"}} {log: "+ai-a+a"}'],
      ["next leave fresh", 'active {w: {a: "x"}} {log: "+ai-a+ai"}'],
    ],
  },
  {
    name: "a default history runs its parent's initial actions, unless the parent stays",
    machine: chart({
      id: "m",
      initial: "o",
      context: { log: "" },
      states: {
        o: { on: { in: "w.h" } },
        w: {
          ...traced("w"),
          initial: { target: "a", actions: log("i") },
          on: { here: ".h", hard: { target: ".h", reenter: true } },
          states: { h: { type: "history" }, a: { on: { next: "b" } }, b: {} },
        },
      },
    }),
    events: list("in here hard next"),
    counts: [21, 48, 9],
    outcomes: [
      ["in", 'active {w: "a"} {log: "+wi"}'],
      ["in next here", 'active {w: "a"} {log: "+wi"}'],
      ["in next hard", 'active {w: "b"} {log: "+wi-w+w"}'],
    ],
  },
  {
    name: "a history node is never what the machine is in",
    machine: chart({
      id: "m",
      initial: "a",
      states: {
        a: {
          on: { in: { guard: stateIn("#m.c.e.h"), target: "b" }, out: { guard: not(stateIn("#m.b.h")), target: "b" } },
        },
        b: {
          type: "parallel",
          on: { in: { guard: stateIn("#m.b.h"), target: "a" } },
          states: { x: {}, y: {}, z: {}, h: { type: "history", target: "x" } },
        },
        c: { initial: "d", states: { d: {}, e: { initial: "f", states: { f: {}, g: {}, h: { type: "history" } } } } },
      },
    }),
    events: list("in out"),
    counts: [2, 1, 2],
  },
  {
    name: "a child that targets the root enters it again without leaving it",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      ...traced("m"),
      states: { a: { ...traced("a"), on: { up: "#m" } } },
    }),
    events: list("up"),
    counts: [5, 5, 5],
    outcomes: [["up", 'active "a" {log: "+m+a-a+m+a"}']],
  },
  {
    name: "a step that is left through its own history remembers what it has just left",
    machine: chart({
      id: "m",
      initial: "w",
      context: { log: "" },
      states: {
        w: {
          ...traced("w"),
          initial: "a",
          states: {
            h: { type: "history" },
            a: { on: { next: "b" } },
            b: { ...traced("b"), on: { self: { target: "#m.w.h", reenter: true }, out: "#m.o" } },
          },
        },
        o: { on: { in: "w" } },
      },
    }),
    events: list("next self out in"),
    counts: [73, 99, 15],
    outcomes: [
      ["next self", 'active {w: "a"} {log: "+w+b-b"}'],
      ["next out in next self", 'active {w: "b"} {log: "+w+b-b-w+w+b-b+b"}'],
    ],
  },
  {
    name: "deep history forgets a parallel node without children",
    machine: chart({
      initial: "w",
      states: {
        w: {
          initial: "a",
          on: { leave: "o" },
          states: { h: { type: "history", history: "deep" }, a: { on: { next: "p" } }, p: { type: "parallel" } },
        },
        o: { on: { resume: "w.h" } },
      },
    }),
    events: list("next leave resume"),
    counts: [6, 8, 4],
    outcomes: [["next leave resume", 'active "o"']],
  },
  {
    name: "the output is computed when the last final node is entered, before later entries and all exits",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      output: ({ context }: At) => context.log,
      states: {
        a: { type: "parallel", ...traced("a"), states: { f: { type: "final", ...traced("f") } } },
        b: { initial: "x", states: { x: { on: { go: "g" } }, g: { type: "final", ...traced("g") } } },
      },
    }),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'done {b: "g", a: {f: {}}} {log: "+a+f+g-g-f-a"} => "+a+f+g"']],
  },
  {
    name: "what a machine that is done does after its end: one microstep, all exits each time",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      ...traced("m"),
      states: { a: { ...traced("a"), on: { x: "f" } }, f: { type: "final", on: { y: "a", z: { actions: log("z") } } } },
      output: ({ context, event }: At) => [context.log, event.type],
    }),
    events: list("x y z"),
    counts: [47, 70, 11],
    outcomes: [
      ["x", 'done "f" {log: "+m+a-a-m"} => ["+m+a-a", "xstate.done.state.m.f"]'],
      ["x z", 'done "f" {log: "+m+a-a-mz-m"} => ["+m+a-a", "xstate.done.state.m.f"]'],
      ["x y", 'done "a" {log: "+m+a-a-m+a-a-m"} => ["+m+a-a", "xstate.done.state.m.f"]'],
      ["x y x", 'done "f" {log: "+m+a-a-m+a-a-m-a-m"} => ["+m+a-a-m+a-a-m-a", "xstate.done.state.m.f"]'],
    ],
  },
  {
    name: "regions of a machine that is done are asked last to first, and the last wins conflicts",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      states: {
        a: { initial: "f", states: { f: { type: "final", on: { x: { actions: log("A") }, c: "#m.b.g" } }, g: {} } },
        b: { initial: "f", states: { f: { type: "final", on: { x: { actions: log("B") }, c: "#m.a.g" } }, g: {} } },
      },
    }),
    events: list("x c"),
    counts: [182, 364, 26],
    outcomes: [
      ["", 'done {b: "f", a: "f"} {log: ""}'],
      ["x", 'done {b: "f", a: "f"} {log: "BA"}'],
      ["c", 'done {b: "f", a: "g"} {log: ""}'],
    ],
  },
  {
    name: "wildcards take done events",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      states: { a: { on: { go: "w" } }, w: { initial: "f", states: { f: { type: "final" } } } },
      on: {
        "*": { actions: logType },
        "xstate.done.*": { guard: ({ context }: At) => context.log === "", actions: log("done ") },
      },
    }),
    events: list("go else"),
    counts: [86, 172, 9],
    outcomes: [
      ["go", 'active {w: "f"} {log: "done "}'],
      ["else", 'active "a" {log: "else "}'],
    ],
  },
  {
    name: "an event of the type xstate.stop stops the machine, one of xstate.init selects nothing",
    machine: chart({
      id: "m",
      initial: "a",
      context: { n: 0 },
      states: {
        a: {
          on: { "*": { actions: assign({ n: 1 }) } },
          always: { guard: ({ context, event }: At) => context.n === 1 && event.type === "xstate.init", target: "b" },
        },
        b: { on: { "xstate.*": "a" } },
      },
    }),
    events: list("go xstate.stop xstate.init"),
    counts: [6, 16, 4],
    outcomes: [
      ["xstate.stop", 'stopped "a" {n: 0}'],
      ["go xstate.init", 'active "b" {n: 1}'],
    ],
  },
  {
    name: "always is asked again after each raised event, handled or not",
    machine: chart(
      {
        initial: "a",
        context: { log: "" },
        states: {
          a: {
            on: { go: { actions: ["r", "s"] } },
            always: { guard: ({ event }: At) => event.type === "s", target: "b", actions: logType },
          },
          b: {},
        },
      },
      { actions: { r: raise({ type: "r" }), s: raise({ type: "s" }) } },
    ),
    events: list("go"),
    counts: [2, 1, 2],
    outcomes: [["go", 'active "b" {log: "s "}']],
  },
  {
    name: "an external event that is handled elsewhere sets off an always that reads it",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      states: {
        a: { on: { go: { actions: "nothing" } } },
        b: {
          initial: "x",
          states: {
            x: { always: { guard: ({ event }: At) => event.type === "go", target: "y", actions: logType } },
            y: {},
          },
        },
      },
    }),
    events: list("go"),
    counts: [2, 2, 2],
    outcomes: [["go", 'active {a: {}, b: "y"} {log: "go "}']],
  },
];
