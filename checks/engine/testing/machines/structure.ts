import { type At, add, chart, list, type Specimen } from "./specimen.js";

/** Atomic, compound, parallel and final state nodes, nested. */

const turn = { initial: "off", states: { off: { on: { flip: "on" } }, on: { on: { flip: "off" } } } };

export const structure: readonly Specimen[] = [
  { name: "a single atomic root", machine: chart({ id: "m" }), events: list("go"), counts: [1, 0, 1] },
  {
    name: "an atomic root that counts",
    machine: chart({ context: { n: 0 }, on: { up: { actions: add(1, 5) } } }),
    events: list("up"),
    counts: [5, 5, 5],
  },
  {
    name: "a ring of three",
    machine: chart({
      initial: "a",
      states: { a: { on: { next: "b" } }, b: { on: { next: "c", back: "a" } }, c: { on: { next: "a", back: "b" } } },
    }),
    events: list("next back"),
    counts: [3, 5, 3],
  },
  {
    name: "compound in compound in compound",
    machine: chart({
      initial: "a",
      states: {
        a: {
          initial: "b",
          on: { out: "z" },
          states: {
            b: { initial: "c", on: { up: "e" }, states: { c: { on: { step: "d" } }, d: { on: { step: "c" } } } },
            e: { on: { down: "b" } },
          },
        },
        z: { on: { in: "a.b.d" } },
      },
    }),
    events: list("out up step down in"),
    counts: [4, 9, 2],
  },
  {
    name: "three switches side by side, one event each",
    machine: chart({
      type: "parallel",
      states: {
        a: { initial: "x", states: { x: { on: { a: "y" } }, y: { on: { a: "x" } } } },
        b: { initial: "x", states: { x: { on: { b: "y" } }, y: { on: { b: "x" } } } },
        c: { initial: "x", states: { x: { on: { c: "y" } }, y: { on: { c: "z" } }, z: {} } },
      },
    }),
    events: list("a b c"),
    counts: [12, 32, 5],
  },
  {
    name: "switches that share one event",
    machine: chart({ type: "parallel", states: { a: turn, b: turn, c: { ...turn, initial: "on" } } }),
    events: list("flip"),
    counts: [2, 2, 2],
  },
  {
    name: "a parallel node in a region of a parallel node",
    machine: chart({
      type: "parallel",
      states: {
        left: {
          initial: "idle",
          states: {
            idle: { on: { start: "both" } },
            both: { type: "parallel", on: { stop: "idle" }, states: { p: turn, q: { ...turn, initial: "on" } } },
          },
        },
        right: { initial: "r1", states: { r1: { on: { start: "r2" } }, r2: { on: { stop: "r1", flip: "r1" } } } },
      },
    }),
    events: list("start stop flip"),
    counts: [5, 11, 4],
  },
  {
    name: "a parallel node directly in a parallel node, beside atomic regions",
    machine: chart({
      type: "parallel",
      states: { still: {}, both: { type: "parallel", states: { p: turn, still: {} } }, q: turn },
    }),
    events: list("flip"),
    counts: [2, 2, 2],
  },
  {
    name: "a parallel node with a single region",
    machine: chart({
      initial: "one",
      states: { one: { type: "parallel", on: { flip: "gone" }, states: { only: turn } }, gone: {} },
    }),
    events: list("flip"),
    counts: [2, 2, 2],
  },
  {
    name: "a parallel node without children",
    machine: chart({
      initial: "empty",
      states: { empty: { type: "parallel", always: "never", on: { go: "never" } }, never: { on: { back: "empty" } } },
    }),
    events: list("go back"),
    counts: [2, 2, 2],
  },
  {
    name: "final state nodes that end nothing, with transitions of their own",
    machine: chart({
      initial: "work",
      states: {
        work: { initial: "a", states: { a: { on: { end: "z" } }, z: { type: "final", on: { again: "a" } } } },
      },
    }),
    events: list("end again"),
    counts: [2, 2, 2],
  },
  {
    name: "a machine that is done at once",
    machine: chart({ initial: "z", output: 7, states: { z: { type: "final" } } }),
    events: list("go"),
    counts: [1, 0, 1],
  },
  {
    name: "a dead end that is no end",
    machine: chart({ initial: "a", states: { a: { on: { go: "b", end: "z" } }, b: {}, z: { type: "final" } } }),
    events: list("go end"),
    counts: [3, 2, 2],
  },
  {
    name: "a counter for each of two regions, in one context",
    machine: chart({
      type: "parallel",
      context: { n: 0, m: 0 },
      states: {
        a: { on: { both: { actions: add(1, 3) }, n: { actions: add(2, 3) } } },
        b: { on: { both: { guard: ({ context }: At) => context.n !== 1, actions: add(1, 3) } } },
      },
    }),
    events: list("both n"),
    counts: [3, 6, 3],
  },
];
