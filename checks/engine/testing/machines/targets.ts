import { chart, list, log, type Specimen, traced } from "./specimen.js";

/** Where transitions go: internal and external, self, ancestors, the root, several targets, relative ones and ids. */

const nest = (on: object, inner: object = {}): object => ({
  id: "m",
  initial: "a",
  context: { log: "" },
  states: {
    a: {
      ...traced("a"),
      initial: { target: "x", actions: log("i") },
      on,
      states: { x: { ...traced("x"), on: { next: "y", ...inner } }, y: traced("y") },
    },
    o: { on: { in: "a" } },
  },
});

const pair = (on: object): object => ({
  id: "m",
  initial: "o",
  context: { log: "" },
  states: {
    o: { on },
    p: {
      type: "parallel",
      ...traced("p"),
      on: { out: "o" },
      states: {
        a: {
          ...traced("a"),
          initial: { target: "x", actions: log("ia") },
          states: { x: traced("ax"), y: traced("ay") },
        },
        b: {
          ...traced("b"),
          initial: { target: "x", actions: log("ib") },
          states: { x: traced("bx"), y: traced("by") },
        },
      },
    },
  },
});

export const targets: readonly Specimen[] = [
  {
    name: "self, with and without reenter",
    machine: chart(nest({ self: "a", again: { target: "a", reenter: true } })),
    events: list("next self again"),
    counts: [117, 299, 7],
    outcomes: [
      ["next self", 'active {a: "x"} {log: "+ai+x-x+y-y+x"}'],
      ["next again", 'active {a: "x"} {log: "+ai+x-x+y-y-a+ai+x"}'],
    ],
  },
  {
    name: "a child, with and without reenter",
    machine: chart(nest({ child: ".y", again: { target: ".y", reenter: true }, named: "a.y" })),
    events: list("child again named"),
    counts: [25, 75, 6],
    outcomes: [
      ["child", 'active {a: "y"} {log: "+ai+x-x+y"}'],
      ["again", 'active {a: "y"} {log: "+ai+x-x-a+a+y"}'],
      ["named", 'active {a: "y"} {log: "+ai+x-x+y"}'],
    ],
  },
  {
    name: "from a child to itself, to its parent, to its sibling",
    machine: chart(
      nest(
        {},
        {
          self: "x",
          again: { target: "x", reenter: true },
          up: "#m.a",
          over: { target: "#m.a", reenter: true },
          side: "y",
          hard: { target: "y", reenter: true },
        },
      ),
    ),
    events: list("self again up over side hard"),
    counts: [38, 126, 7],
    outcomes: [
      ["self", 'active {a: "x"} {log: "+ai+x"}'],
      ["again", 'active {a: "x"} {log: "+ai+x-x+x"}'],
      ["up", 'active {a: "x"} {log: "+ai+x-x-a+ai+x"}'],
      ["over", 'active {a: "x"} {log: "+ai+x-x-a+ai+x"}'],
      ["side", 'active {a: "y"} {log: "+ai+x-x+y"}'],
      ["hard", 'active {a: "y"} {log: "+ai+x-x+y"}'],
    ],
  },
  {
    name: "the root to its child, with and without reenter",
    machine: chart({
      initial: "a",
      context: { log: "" },
      ...traced("m"),
      on: { b: ".b", again: { target: ".b", reenter: true }, deep: ".c.d" },
      states: {
        a: traced("a"),
        b: traced("b"),
        c: { ...traced("c"), initial: "e", states: { d: traced("d"), e: {} } },
      },
    }),
    events: list("b again deep"),
    counts: [112, 336, 7],
    outcomes: [
      ["b", 'active "b" {log: "+m+a-a+b"}'],
      ["again", 'active "b" {log: "+m+a-a-m+m+b"}'],
      ["deep", 'active {c: "d"} {log: "+m+a-a+c+d"}'],
    ],
  },
  {
    name: "the root as a target",
    machine: chart({
      id: "m",
      initial: { target: "a", actions: log("i") },
      context: { log: "" },
      ...traced("m"),
      on: { self: "#m", again: { target: "#m", reenter: true } },
      states: { a: { ...traced("a"), on: { up: "#m", hard: { target: "#m", reenter: true }, next: "b" } }, b: {} },
    }),
    events: list("self again up hard next"),
    counts: [111, 399, 7],
    outcomes: [
      ["self", 'active "a" {log: "+mi+a-a+a"}'],
      ["again", 'active "a" {log: "+mi+a-a-m+mi+a"}'],
      ["up", 'active "a" {log: "+mi+a-a+mi+a"}'],
      ["hard", 'active "a" {log: "+mi+a-a-m+mi+a"}'],
      ["next self", 'active "a" {log: "+mi+a-a+a"}'],
    ],
  },
  {
    name: "several targets, one for each region",
    machine: chart(pair({ both: { target: ["p.a.y", "p.b.y"] }, mixed: { target: ["#m.p.b.y", "p.a"] } })),
    events: list("both mixed out"),
    counts: [9, 12, 4],
    outcomes: [
      ["both", 'active {p: {a: "y", b: "y"}} {log: "+p+a+ay+b+by"}'],
      ["mixed", 'active {p: {a: "x", b: "y"}} {log: "+p+aia+ax+b+by"}'],
    ],
  },
  {
    name: "one target in one region: the others are entered by default",
    machine: chart(pair({ one: "p.b.y", all: "p" })),
    events: list("one all out"),
    counts: [9, 12, 4],
    outcomes: [
      ["one", 'active {p: {a: "x", b: "y"}} {log: "+p+a+ax+b+by"}'],
      ["all", 'active {p: {a: "x", b: "x"}} {log: "+p+aia+ax+bib+bx"}'],
    ],
  },
  {
    name: "from one region into the other: the whole parallel node's inside is left",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      states: {
        a: {
          ...traced("a"),
          initial: "x",
          states: { x: { ...traced("x"), on: { cross: "#m.b.v", next: "y" } }, y: { on: { cross: "#m.b.v" } } },
        },
        b: { ...traced("b"), initial: "u", states: { u: {}, v: { on: { home: "u" } } } },
      },
    }),
    events: list("cross next home"),
    counts: [26, 51, 7],
    outcomes: [["next cross", 'active {a: "x", b: "v"} {log: "+a+x+b-x-b-a+a+x+b"}']],
  },
  {
    name: "a parallel node's own transition into one region sets the others back",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { log: "" },
      on: { into: ".a.y", hard: { target: ".a.y", reenter: true }, two: { target: [".a.y", ".b.y"] } },
      ...traced("m"),
      states: {
        a: { initial: "x", states: { x: traced("ax"), y: traced("ay") } },
        b: { initial: "x", states: { x: { ...traced("bx"), on: { b: "y" } }, y: {} } },
      },
    }),
    events: list("into hard two b"),
    counts: [16, 55, 4],
    outcomes: [
      ["b into", 'active {a: "y", b: "x"} {log: "+m+ax+bx-bx-ax+ay+bx"}'],
      ["b hard", 'active {a: "y", b: "x"} {log: "+m+ax+bx-bx-ax-m+m+ay+bx"}'],
      ["two", 'active {a: "y", b: "y"} {log: "+m+ax+bx-bx-ax+ay"}'],
    ],
  },
  {
    name: "a parallel region to itself",
    machine: chart({
      type: "parallel",
      context: { log: "" },
      states: {
        a: {
          ...traced("a", 10),
          initial: "x",
          on: { self: "a", again: { target: "a", reenter: true } },
          states: { x: { on: { a: "y" } }, y: traced("y", 10) },
        },
        b: { initial: "x", states: { x: { on: { b: "y" } }, y: traced("z", 10) } },
      },
    }),
    events: list("self again a b"),
    counts: [81, 244, 7],
    outcomes: [
      ["a b self", 'active {a: "x", b: "y"} {log: "+a+y+z-y"}'],
      ["a b again", 'active {a: "x", b: "x"} {log: "+a+y+z-z-y"}'],
    ],
  },
  {
    name: "ids, ids with dots, paths below an id",
    machine: chart({
      id: "m",
      initial: "a",
      states: {
        a: { id: "first", on: { id: "#second", dots: "#some\\.dotted\\.id", below: "#second.in", far: "b.in" } },
        b: { id: "second", initial: "at", on: { back: "#first" }, states: { at: {}, in: {} } },
        c: { id: "some.dotted.id", on: { back: "#m.a" } },
      },
    }),
    events: list("id dots below far back"),
    counts: [4, 7, 2],
  },
  {
    name: "a list of transitions is a list of candidates, an empty list of targets goes nowhere",
    machine: chart({
      initial: "a",
      context: { log: "" },
      states: {
        a: {
          ...traced("a"),
          on: { list: ["b", "c"], none: { target: [] }, bare: { reenter: true, actions: log("r") } },
        },
        b: { on: { none: { target: [], actions: log("n") } } },
        c: {},
      },
    }),
    events: list("list none bare"),
    counts: [256, 302, 24],
    outcomes: [["bare none list", 'active "b" {log: "+ar-a"}']],
  },
  {
    name: "state nodes and regions with numbers for names",
    machine: chart({
      type: "parallel",
      states: {
        2: { initial: "10", states: { 9: { on: { e: "10" } }, 10: { on: { e: "9" } } } },
        1: { initial: "0", states: { 0: { on: { e: "1", f: "1" } }, 1: {} } },
        x: { initial: "1", states: { 1: {}, "-1": {} }, on: { f: ".-1" } },
      },
    }),
    events: list("e f"),
    counts: [5, 10, 3],
  },
];
