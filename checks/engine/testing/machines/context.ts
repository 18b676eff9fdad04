import { assign } from "xstate";
import { type At, chart, list, type Specimen } from "./specimen.js";

/** What a context may hold, and how values are told apart. */

const toggle = (key: string, from: unknown, to: unknown) =>
  assign({ [key]: ({ context }: At) => (Object.is(context[key], from) ? to : from) });

/** What it looks at depends on what it has seen. */
const extend = assign({
  text: ({ context }: At) => (context.text.length < 2 ? `${context.text}${context.n}` : ""),
});

export const contexts: readonly Specimen[] = [
  {
    name: "sets, whatever the order in which they were filled",
    machine: chart({
      context: { held: new Set() },
      on: {
        toggle: {
          actions: assign({
            held: ({ context, event }: At) => {
              const held = new Set(context.held);
              if (!held.delete(event.item)) held.add(event.item);
              return held;
            },
          }),
        },
        clear: { guard: ({ context }: At) => context.held.size > 1, actions: assign({ held: () => new Set() }) },
      },
    }),
    events: [
      { type: "toggle", item: "a" },
      { type: "toggle", item: "b" },
      { type: "toggle", item: 1 },
      { type: "clear" },
    ],
    counts: [8, 28, 4],
  },
  {
    name: "maps",
    machine: chart({
      context: { owner: new Map([["x", 0]]) },
      on: {
        give: {
          actions: assign({ owner: ({ context, event }: At) => new Map([...context.owner, [event.what, event.to]]) }),
        },
        lose: {
          guard: ({ context }: At) => context.owner.has("y"),
          actions: assign({ owner: ({ context }: At) => new Map([...context.owner].filter(([what]) => what !== "y")) }),
        },
      },
    }),
    events: [
      { type: "give", what: "x", to: 1 },
      { type: "give", what: "y", to: 0 },
      { type: "give", what: "y", to: 2 },
      { type: "lose" },
    ],
    counts: [6, 22, 3],
  },
  {
    name: "dates, and dates in sets",
    machine: chart({
      context: { at: new Date(0), seen: new Set() },
      on: {
        tick: {
          guard: ({ context }: At) => context.at.getTime() < 3,
          actions: assign({ at: ({ context }: At) => new Date(context.at.getTime() + 1) }),
        },
        note: { actions: assign({ seen: ({ context }: At) => new Set([context.at]) }) },
        back: { actions: assign({ at: new Date(0) }) },
      },
    }),
    events: list("tick note back"),
    counts: [20, 55, 8],
  },
  {
    name: "nested arrays and objects",
    machine: chart({
      context: { grid: [[0, 0], [0]], box: { a: { b: [] } } },
      on: {
        set: {
          actions: assign({
            grid: ({ context, event }: At) =>
              context.grid.map((row: number[], y: number) =>
                row.map((cell, x) => (x === event.x && y === event.y ? 1 - cell : cell)),
              ),
          }),
        },
        push: {
          guard: ({ context }: At) => context.box.a.b.length < 2,
          actions: assign({ box: ({ context }: At) => ({ a: { b: [...context.box.a.b, context.grid[0][0]] } }) }),
        },
      },
    }),
    events: [{ type: "set", x: 0, y: 0 }, { type: "set", x: 0, y: 1 }, { type: "push" }],
    counts: [28, 68, 7],
  },
  {
    name: "undefined differs from a member that is not there",
    machine: chart({
      context: {},
      on: {
        undefine: { actions: assign({ x: undefined }) },
        define: { actions: assign({ x: ({ context }: At) => ("x" in context ? 1 : 2) }) },
        nullify: { actions: assign({ x: null }) },
      },
    }),
    events: list("undefine define nullify"),
    counts: [5, 15, 3],
  },
  {
    name: "NaN is one value, -0 and 0 are two",
    machine: chart({
      context: { n: 0, m: Number.NaN },
      on: {
        sign: { actions: toggle("n", 0, -0) },
        nan: { actions: assign({ m: ({ context }: At) => context.m - context.m + Number.NaN }) },
        zero: { actions: assign({ m: ({ context }: At) => context.n * 5 }) },
        invert: { actions: assign({ m: ({ context }: At) => (1 / context.m > 0 ? 1 : 0) }) },
      },
    }),
    events: list("sign nan zero invert"),
    counts: [8, 32, 4],
  },
  {
    name: "bigints, numbers and texts that look alike",
    machine: chart({
      context: { v: 1n },
      on: {
        big: {
          actions: assign({ v: ({ context }: At) => (typeof context.v === "bigint" ? (context.v * 2n) % 7n : 1n) }),
        },
        number: { actions: assign({ v: 1 }) },
        text: { actions: assign({ v: "1" }) },
        textn: { actions: assign({ v: "1n" }) },
        flag: { guard: ({ context }: At) => context.v === 1n, actions: assign({ v: true }) },
      },
    }),
    events: list("big number text textn flag"),
    counts: [7, 29, 3],
  },
  {
    name: "members in another order are the same context",
    machine: chart({
      context: { o: { a: 1, b: 2 } },
      on: {
        turn: { actions: assign({ o: ({ context }: At) => Object.fromEntries(Object.entries(context.o).reverse()) }) },
        swap: { actions: assign({ o: ({ context }: At) => ({ a: context.o.b, b: context.o.a }) }) },
      },
    }),
    events: list("turn swap"),
    counts: [2, 4, 2],
  },
  {
    name: "a context from the input",
    machine: chart({
      context: ({ input }: { readonly input: { readonly size: number } }) => ({ n: input.size, max: input.size * 2 }),
      on: {
        up: {
          guard: ({ context }: At) => context.n < context.max,
          actions: assign({ n: ({ context }: At) => context.n + 1 }),
        },
        down: { guard: ({ context }: At) => context.n > 0, actions: assign({ n: ({ context }: At) => context.n - 1 }) },
      },
    }),
    events: list("up down"),
    input: { size: 3 },
    counts: [7, 12, 4],
  },
  {
    name: "a context without a prototype, and arrays with holes",
    machine: chart({
      context: () => Object.assign(Object.create(null), { list: [undefined] }),
      on: {
        hole: { actions: assign({ list: () => new Array(1) }) },
        fill: { actions: assign({ list: () => [undefined] }) },
        look: { guard: ({ context }: At) => !(0 in context.list), actions: assign({ list: [] }) },
      },
    }),
    events: list("hole fill look"),
    counts: [3, 8, 3],
  },
  {
    name: "no context at all",
    machine: chart({
      initial: "a",
      states: { a: { on: { go: { target: "b", actions: assign({ late: 1 }) } } }, b: { on: { go: "a" } } },
    }),
    events: list("go"),
    counts: [3, 3, 3],
  },
  {
    name: "events with payloads that are structurally equal are one event",
    machine: chart({
      context: { last: null },
      on: { put: { actions: assign({ last: ({ event }: At) => event.value }) } },
    }),
    events: [
      { type: "put", value: { a: 1, b: [2] } },
      { type: "put", value: { b: [2], a: 1 } },
      { b: 0, type: "put", value: null },
      { type: "put", value: new Set([1]) },
    ],
    counts: [3, 9, 2],
  },
  {
    name: "what an assign has just set is looked at by the next one only where a third member says so",
    machine: chart({
      context: { n: 0, text: "xx", quiet: false },
      on: {
        hush: { actions: assign({ text: "", quiet: true }) },
        go: [
          { guard: ({ context }: At) => context.quiet, actions: [extend, assign({ quiet: false })] },
          { actions: [assign({ n: 1 }), extend, assign({ n: 0 })] },
        ],
      },
    }),
    events: list("hush go"),
    counts: [7, 14, 4],
    outcomes: [["go go", 'active {} {n: 0, text: "1", quiet: false}']],
  },
];
