import { assign, stateIn } from "xstate";
import { type At, chart, list, log, type Specimen, traced } from "./specimen.js";

/**
 * Machines in which XState's snapshots carry more than status, state value, history, context and output: the order of the
 * active state nodes, or which of them there are, depends on the way to the state and shows later. Two states with the
 * same key may then go on differently; which of them is explored is the one that is reached first. An engine must agree
 * with the reference, or leave the machine to it.
 */

const go = ({ context }: At): boolean => context.go;
const start = { go: { actions: assign({ go: true }) } };

export const hidden: readonly Specimen[] = [
  {
    name: "eventless transitions of two regions run in the order in which their state nodes were entered",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "", go: false },
      on: start,
      states: {
        a: {
          initial: "x",
          states: {
            x: { on: { a: "y" }, always: { guard: go, target: "z", actions: log("A") } },
            y: { on: { a: "x" } },
            z: {},
          },
        },
        b: { initial: "x", states: { x: { always: { guard: go, target: "z", actions: log("B") } }, z: {} } },
      },
    }),
    events: list("a go"),
    counts: [5, 8, 4],
    outcomes: [
      ["go", 'active {a: "z", b: "z"} {log: "AB", go: true}'],
      ["a a go", 'active {a: "z", b: "z"} {log: "BA", go: true}'],
    ],
  },
  {
    name: "of conflicting eventless transitions the one whose state node was entered first wins",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { go: false },
      on: start,
      states: {
        a: {
          initial: "x",
          states: { x: { on: { a: "y" }, always: { guard: go, target: "#m.b.z" } }, y: { on: { a: "x" } }, z: {} },
        },
        b: { initial: "x", states: { x: { always: { guard: go, target: "#m.a.z" } }, z: {} } },
      },
    }),
    events: list("a go"),
    counts: [5, 9, 3],
    outcomes: [
      ["go", 'active {a: "x", b: "z"} {go: true}'],
      ["a a go", 'active {a: "z", b: "x"} {go: true}'],
    ],
  },
  {
    name: "a step that enters what it leaves, and nothing else, keeps the order",
    machine: chart({
      type: "parallel",
      context: { log: "", go: false },
      on: start,
      states: {
        a: {
          initial: "x",
          states: {
            x: { on: { a: { target: "x", reenter: true } }, always: { guard: go, target: "z", actions: log("A") } },
            z: {},
          },
        },
        b: { initial: "x", states: { x: { always: { guard: go, target: "z", actions: log("B") } }, z: {} } },
      },
    }),
    events: list("a go"),
    counts: [2, 3, 2],
    outcomes: [["a go", 'active {a: "z", b: "z"} {log: "AB", go: true}']],
  },
  {
    name: "a parallel node left from inside by its own history, before it has any, is lost",
    machine: chart({
      id: "m",
      initial: "o",
      context: { log: "" },
      states: {
        o: { on: { in: "p" } },
        p: {
          type: "parallel",
          ...traced("p"),
          tags: ["p"],
          on: { out: "o" },
          states: { h: { type: "history" }, a: { initial: "x", states: { x: { on: { back: "#m.p.h" } } } }, b: {} },
        },
      },
    }),
    events: list("in back out"),
    counts: [14, 21, 14],
    outcomes: [
      ["in back", 'active "o" {log: "+p-p"}'],
      ["in back in", 'active {p: {a: "x", b: {}}} {log: "+p-p+p"}'],
      ["in out in", 'active {p: {a: "x", b: {}}} {log: "+p-p+p"}'],
    ],
  },
  {
    name: "a parallel root left by its own history, before it has any, is lost: no exit, no tag",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      tags: ["root"],
      ...traced("m", 8),
      states: {
        h: { type: "history" },
        a: {
          initial: "x",
          states: {
            x: {
              on: {
                hard: { target: "#m.h", reenter: true },
                soft: "#m.h",
                look: { guard: stateIn("#m"), actions: log("!", 8) },
              },
            },
          },
        },
        b: {},
      },
    }),
    events: list("hard soft look"),
    counts: [82, 205, 8],
    outcomes: [
      ["hard", 'active {a: "x", b: {}} {log: "+m-m"}'],
      ["soft", 'active {a: "x", b: {}} {log: "+m+m"}'],
      ["hard hard", 'active {a: "x", b: {}} {log: "+m-m"}'],
      ["look", 'active {a: "x", b: {}} {log: "+m!"}'],
    ],
  },
  {
    name: "a parallel node that goes to its own history is entered again without being left, while there is none",
    machine: chart({
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          ...traced("p"),
          on: { soft: ".h", hard: { target: ".h", reenter: true } },
          states: { h: { type: "history" }, a: traced("a"), b: {} },
        },
      },
    }),
    events: list("soft hard"),
    counts: [20, 40, 5],
    outcomes: [
      ["soft", 'active {p: {a: {}, b: {}}} {log: "+p+a-a+p+a"}'],
      ["hard soft", 'active {p: {a: {}, b: {}}} {log: "+p+a-a-p+p+a-a+a"}'],
    ],
  },
  {
    name: "two targets in one compound node: both are entered, the first is shown",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: { on: { x: { target: ["c", "b"] } } },
        b: { ...traced("b"), on: { y: "a" } },
        c: { ...traced("c"), on: { y: "b", z: "a" } },
      },
    }),
    events: list("x y z"),
    counts: [8, 8, 8],
    outcomes: [
      ["x", 'active "b" {log: "+b+c"}'],
      ["x y", 'active "a" {log: "+b+c-c-b"}'],
    ],
  },
  {
    name: "a region whose child goes to itself by history, while another region enters all anew, becomes the last",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { first: "" },
      states: {
        a: {
          initial: "x",
          on: { pick: { target: "#m", actions: assign({ first: "a" }) } },
          states: { x: { on: { back: "h" } }, h: { type: "history" } },
        },
        b: { on: { back: "#m", pick: { target: "#m", actions: assign({ first: "b" }) } } },
      },
    }),
    events: list("pick back"),
    counts: [4, 8, 3],
    outcomes: [
      ["pick", 'active {a: "x", b: {}} {first: "a"}'],
      ["pick back pick", 'active {a: "x", b: {}} {first: "b"}'],
    ],
  },
];
