import { chart, list, type Specimen, traced } from "./specimen.js";

/** History state nodes: shallow, deep, with defaults, in parallel nodes, several, restored after re-entry. */

const deepStates = {
  a: { initial: "a1", states: { a1: { on: { next: "a2" } }, a2: { on: { next: "a1", over: "#m.work.b" } } } },
  b: { initial: "b1", states: { b1: { on: { next: "b2" } }, b2: { on: { over: "#m.work.a" } } } },
};

function working(nodes: object, resume: object): object {
  return {
    id: "m",
    initial: "work",
    states: {
      work: { initial: "a", on: { leave: "away" }, states: { ...deepStates, ...nodes } },
      away: { on: resume },
    },
  };
}

const switches = {
  p: { initial: "off", states: { off: { on: { p: "on" } }, on: { on: { p: "off" } } } },
  q: { initial: "off", states: { off: { on: { q: "on" } }, on: { on: { q: "off" } } } },
};

const STEPS = "next over leave resume";

export const history: readonly Specimen[] = [
  {
    name: "shallow history",
    machine: chart(working({ h: { type: "history" } }, { resume: "work.h" })),
    events: list(STEPS),
    counts: [14, 29, 8],
    outcomes: [
      ["next over leave resume", 'active {work: {b: "b1"}}'],
      ["next over next leave resume", 'active {work: {b: "b1"}}'],
    ],
  },
  {
    name: "deep history",
    machine: chart(working({ h: { type: "history", history: "deep" } }, { resume: "work.h" })),
    events: list(STEPS),
    counts: [24, 49, 9],
    outcomes: [["next over next leave resume", 'active {work: {b: "b2"}}']],
  },
  {
    name: "history: true is shallow, and a history node by its property alone",
    machine: chart(working({ h: { history: true }, d: { history: "deep" } }, { resume: "work.h", deep: "work.d" })),
    events: list(`${STEPS} deep`),
    counts: [24, 53, 8],
  },
  {
    name: "history with a default target, entered before anything is remembered",
    machine: chart({
      id: "m",
      initial: "away",
      states: {
        away: { on: { resume: "work.h", start: "work" } },
        work: {
          initial: "a",
          on: { leave: "away" },
          states: { ...deepStates, h: { type: "history", history: "deep", target: "b.b2" } },
        },
      },
    }),
    events: list(`${STEPS} start`),
    counts: [25, 55, 7],
    outcomes: [["resume", 'active {work: {b: "b2"}}']],
  },
  {
    name: "history without a default target falls back to the initial state node",
    machine: chart({
      initial: "away",
      context: { log: "" },
      states: {
        away: { on: { resume: "work.h" } },
        work: {
          ...traced("w"),
          initial: "a",
          on: { leave: "away" },
          states: { a: { ...traced("a"), on: { next: "b" } }, b: traced("b"), h: { type: "history" } },
        },
      },
    }),
    events: list("resume next leave"),
    counts: [24, 28, 11],
    outcomes: [["resume next leave resume", 'active {work: "b"} {log: "+w+a-a+b-b-w+w+b"}']],
  },
  {
    name: "deep history of a parallel node",
    machine: chart({
      initial: "on",
      states: {
        on: {
          type: "parallel",
          on: { leave: "away" },
          states: { ...switches, h: { type: "history", history: "deep" } },
        },
        away: { on: { resume: "on.h", restart: "on" } },
      },
    }),
    events: list("p q leave resume restart"),
    counts: [24, 68, 6],
    outcomes: [["p leave resume", 'active {on: {p: "on", q: "off"}}']],
  },
  {
    name: "shallow history of a parallel node remembers regions, not what is in them",
    machine: chart({
      initial: "on",
      states: {
        on: { type: "parallel", on: { leave: "away" }, states: { ...switches, h: { type: "history" } } },
        away: { on: { resume: "on.h" } },
      },
    }),
    events: list("p q leave resume"),
    counts: [9, 25, 5],
    outcomes: [["p leave resume", 'active {on: {p: "off", q: "off"}}']],
  },
  {
    name: "history of one region, while the other goes on",
    machine: chart({
      type: "parallel",
      states: {
        left: {
          initial: "work",
          states: {
            work: {
              initial: "a",
              on: { leave: "away" },
              states: { a: { on: { next: "b" } }, b: {}, h: { history: true } },
            },
            away: { on: { resume: "work.h" } },
          },
        },
        right: switches.p,
      },
    }),
    events: list("next leave resume p"),
    counts: [14, 32, 5],
  },
  {
    name: "shallow and deep history of the same node, and one further in",
    machine: chart({
      id: "m",
      initial: "out",
      states: {
        out: { on: { shallow: "big.s", deep: "big.d", inner: "#m.big.mid.s", fresh: "big" } },
        big: {
          initial: "mid",
          on: { leave: "out" },
          states: {
            s: { type: "history" },
            d: { type: "history", history: "deep" },
            mid: {
              initial: "x",
              states: { s: { type: "history", target: "y" }, x: { on: { next: "y" } }, y: {} },
              on: { go: "end" },
            },
            end: { on: { go: "mid" } },
          },
        },
      },
    }),
    events: list("shallow deep inner fresh leave next go"),
    counts: [31, 81, 8],
  },
  {
    name: "what is remembered lasts until the node is left again",
    machine: chart({
      initial: "work",
      context: { log: "" },
      states: {
        work: {
          initial: "a",
          on: { leave: "away", self: { target: "work.h", reenter: true } },
          states: { a: { ...traced("a", 13), on: { next: "b" } }, b: { ...traced("b", 13) }, h: { type: "history" } },
        },
        away: { on: { resume: "work.h", fresh: "work" } },
      },
    }),
    events: list("next leave resume fresh self"),
    counts: [62, 144, 9],
    outcomes: [
      ["next self", 'active {work: "b"} {log: "+a-a+b-b+b"}'],
      ["next leave fresh leave resume", 'active {work: "a"} {log: "+a-a+b-b+a-a+a"}'],
    ],
  },
  {
    name: "two targets, one of them a history node",
    machine: chart({
      id: "m",
      initial: "away",
      states: {
        away: { on: { resume: { target: ["both.p.h", "both.q.on"] }, fresh: "both" } },
        both: {
          type: "parallel",
          on: { leave: "away" },
          states: {
            p: { ...switches.p, states: { ...switches.p.states, h: { type: "history" } } },
            q: switches.q,
          },
        },
      },
    }),
    events: list("resume fresh leave p q"),
    counts: [15, 42, 6],
  },
  {
    name: "history as the initial state node",
    machine: chart({
      initial: "work",
      states: {
        work: {
          initial: "h",
          on: { leave: "away" },
          states: { h: { type: "history", target: "b" }, a: {}, b: { on: { next: "a" } } },
        },
        away: { on: { resume: "work" } },
      },
    }),
    events: list("next leave resume"),
    counts: [7, 9, 4],
    outcomes: [
      ["", 'active {work: "b"}'],
      ["next leave resume", 'active {work: "a"}'],
    ],
  },
  {
    name: "history of the root",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      on: { back: { target: ".h", reenter: true }, stay: ".h" },
      ...traced("m"),
      states: { a: { on: { next: "b" } }, b: {}, h: { type: "history" } },
    }),
    events: list("next back stay"),
    counts: [20, 47, 8],
    outcomes: [
      ["next back", 'active "b" {log: "+m-m+m"}'],
      ["next stay", 'active "a" {log: "+m"}'],
    ],
  },
];
