import { type At, add, brief, chart, list, log, type Specimen } from "./specimen.js";

/** Which transitions an event selects: wildcards, forbidden transitions, priority, conflicts between regions. */

export const selection: readonly Specimen[] = [
  {
    name: "the wildcard takes what nothing else does",
    machine: chart({
      initial: "a",
      context: { n: 0 },
      states: { a: { on: { go: "b", "*": { actions: add(1, 3) } } }, b: { on: { "*": "a" } } },
    }),
    events: list("go other else.where"),
    counts: [6, 18, 4],
  },
  {
    name: "partial wildcards, the longer before the shorter",
    machine: chart({
      context: { log: "" },
      on: {
        "*": { actions: brief("* ") },
        "a.*": { actions: brief("a ") },
        "a.b.*": { guard: ({ context }: At) => context.log === "", actions: brief("ab ") },
        "a.b.c": { guard: ({ context }: At) => context.log.startsWith("* "), actions: brief("abc ") },
      },
    }),
    events: list("a a.b a.b.c a.b.c.d ab"),
    counts: [25, 125, 4],
    outcomes: [
      ["a.b.c a.b.c", 'active {} {log: "ab a "}'],
      ["ab a.b.c a.b.c.d", 'active {} {log: "* abc "}'],
      ["a", 'active {} {log: "a "}'],
    ],
  },
  {
    name: "an inner wildcard goes before an outer exact match",
    machine: chart({
      initial: "a",
      context: { log: "" },
      on: { go: { actions: log("outer ", 10) }, stop: ".b" },
      states: {
        a: { on: { stop: "b", "*": { actions: log("inner ", 10) } } },
        b: { on: { "g.*": { actions: log("g ", 10) } } },
      },
    }),
    events: list("go stop g.o"),
    counts: [26, 78, 7],
  },
  {
    name: "forbidden transitions: undefined and an empty object block, an empty array does not",
    machine: chart({
      initial: "undefined",
      context: { n: 0 },
      on: { go: { actions: add(1, 3) }, turn: ".object", "*": { actions: add(2, 3) } },
      states: {
        undefined: { on: { go: undefined } },
        object: { on: { go: {}, turn: "array" } },
        array: { on: { go: [], turn: "guarded" } },
        guarded: { on: { go: [{ guard: ({ context }: At) => context.n === 0 }], turn: "undefined" } },
      },
    }),
    events: list("go turn else"),
    counts: [12, 29, 5],
  },
  {
    name: "a forbidden wildcard",
    machine: chart({
      initial: "deaf",
      on: { go: ".keen" },
      states: {
        deaf: { on: { "*": {}, wake: "awake" } },
        awake: { on: { "x.*": {} } },
        keen: { on: { sleep: "deaf" } },
      },
    }),
    events: list("go wake x.y sleep"),
    counts: [3, 4, 3],
  },
  {
    name: "a forbidden transition in one region keeps the event from the parallel node, not from other regions",
    machine: chart({
      type: "parallel",
      context: { n: 0 },
      on: { go: { actions: add(1, 3) } },
      states: {
        p: { initial: "deaf", states: { deaf: { on: { go: undefined, p: "keen" } }, keen: { on: { p: "deaf" } } } },
        q: { initial: "x", states: { x: { on: { q: "y" } }, y: { on: { go: "x" } } } },
      },
    }),
    events: list("go p q"),
    counts: [12, 27, 6],
  },
  {
    name: "child before parent, at every depth",
    machine: chart({
      initial: "a",
      context: { log: "" },
      on: { e: { actions: log("m") } },
      states: {
        a: {
          initial: "b",
          on: { e: { guard: ({ context }: At) => context.log.length < 6, actions: log("a") } },
          states: {
            b: {
              initial: "c",
              on: { e: { guard: ({ context }: At) => context.log.length < 4, actions: log("b") } },
              states: { c: { on: { e: { guard: ({ context }: At) => context.log.length < 2, actions: log("c") } } } },
            },
          },
        },
      },
    }),
    events: list("e"),
    counts: [25, 25, 25],
    outcomes: [["e e e e e e e e", 'active {a: {b: "c"}} {log: "ccbbaamm"}']],
  },
  {
    name: "a parallel node is asked only if no region answers",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      on: { e: { actions: brief("m ") }, f: { actions: brief("f ") } },
      states: {
        a: { on: { e: { guard: ({ context }: At) => context.log === "", actions: brief("a ") } } },
        b: { initial: "x", states: { x: { on: { f: "y" } }, y: {} } },
      },
    }),
    events: list("e f"),
    counts: [19, 38, 5],
    outcomes: [["e e f f", 'active {a: {}, b: "y"} {log: "a m f "}']],
  },
  {
    name: "of two conflicting transitions the first region's wins",
    machine: chart({
      id: "m",
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          states: {
            a: { initial: "x", states: { x: { on: { e: { target: "#m.l", actions: log("A", 3) }, a: "y" } }, y: {} } },
            b: { initial: "x", states: { x: { on: { e: { target: "#m.r", actions: log("B", 3) }, b: "y" } }, y: {} } },
          },
        },
        l: { on: { back: "p" } },
        r: { on: { back: "p" } },
      },
    }),
    events: list("e a b back"),
    counts: [82, 127, 12],
    outcomes: [
      ["e", 'active "l" {log: "A"}'],
      ["a e", 'active "r" {log: "B"}'],
    ],
  },
  {
    name: "a transition that leaves the parallel node against one that stays in its region, both ways round",
    machine: chart({
      id: "m",
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          states: {
            a: {
              initial: "x",
              states: {
                x: { on: { e: { target: "#m.o", actions: log("A", 3) }, f: { target: "y", actions: log("a", 3) } } },
                y: { on: { f: "x" } },
              },
            },
            b: {
              initial: "x",
              states: {
                x: { on: { e: { target: "y", actions: log("b", 3) }, f: { target: "#m.o", actions: log("B", 3) } } },
                y: {},
              },
            },
          },
        },
        o: { on: { back: "p" } },
      },
    }),
    events: list("e f back"),
    counts: [75, 122, 10],
    outcomes: [
      ["e", 'active "o" {log: "A"}'],
      ["f", 'active {p: {a: "y", b: "x"}} {log: "a"}'],
    ],
  },
  {
    name: "a transition without a target conflicts with nothing",
    machine: chart({
      id: "m",
      initial: "p",
      context: { log: "" },
      states: {
        p: {
          type: "parallel",
          states: {
            a: { on: { e: { actions: log("a") } } },
            b: { on: { e: { target: "#m.o", actions: log("b") } } },
            c: { on: { e: { actions: log("c") } } },
          },
        },
        o: {},
      },
    }),
    events: list("e"),
    counts: [2, 1, 2],
    outcomes: [["e", 'active "o" {log: "abc"}']],
  },
  {
    name: "nested parallel nodes: an inner conflict, and one with the outer region",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      states: {
        p: {
          initial: "in",
          states: {
            in: {
              type: "parallel",
              states: {
                u: { initial: "x", states: { x: { on: { e: { target: "#m.p.out", actions: brief("u") } } } } },
                v: { initial: "x", states: { x: { on: { e: { target: "y", actions: brief("v") } } }, y: {} } },
              },
            },
            out: { on: { back: "in" } },
          },
        },
        q: {
          initial: "x",
          states: {
            x: { on: { e: { target: "y", actions: brief("q") } } },
            y: { on: { e: { target: "#m.p.in", actions: brief("Q") } } },
          },
        },
      },
    }),
    events: list("e back"),
    counts: [32, 43, 11],
    outcomes: [
      ["e", 'active {p: "out", q: "y"} {log: "uq"}'],
      ["e back e", 'active {p: "out", q: "y"} {log: "uqu"}'],
    ],
  },
  {
    name: "a region's own transition may be on the region, the leaf, or both",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      states: {
        a: {
          initial: "x",
          on: { e: { target: ".y", actions: brief("a") } },
          states: { x: {}, y: { on: { e: { actions: brief("y") } } } },
        },
        b: {
          initial: "x",
          on: { e: { actions: brief("t") } },
          states: { x: { on: { f: "y" } }, y: { on: { f: "x", e: undefined } } },
        },
      },
    }),
    events: list("e f"),
    counts: [66, 132, 10],
  },
];
