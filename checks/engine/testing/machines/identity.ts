import { assign } from "xstate";
import { type At, chart, list, type Specimen } from "./specimen.js";

/**
 * Guards and assigns that ask which object something is, or what members there are and in which order: where an engine
 * hands them an equal context instead of the very one, or one that only notes what is read, they may answer otherwise.
 */

const A = { name: "a" };
const B = { name: "b" };

export const identity: readonly Specimen[] = [
  {
    name: "one object in two places",
    machine: chart({
      context: () => {
        const items = [{ n: 0 }, { n: 0 }];
        return { items, selected: items[0] };
      },
      on: {
        other: {
          actions: assign({
            selected: ({ context }: At) => context.items[context.selected === context.items[0] ? 1 : 0],
          }),
        },
        first: { guard: ({ context }: At) => context.selected === context.items[0], actions: assign({ hit: 1 }) },
        second: { guard: ({ context }: At) => context.selected === context.items[1], actions: assign({ hit: 2 }) },
      },
    }),
    events: list("first second other"),
    counts: [2, 4, 2],
  },
  {
    name: "a constant compared by identity",
    machine: chart({
      context: { at: A, n: 0 },
      on: {
        turn: { actions: assign({ at: ({ context }: At) => (context.at === A ? B : A) }) },
        count: {
          guard: ({ context }: At) => context.at === A,
          actions: assign({ n: ({ context }: At) => (context.n + 1) % 3 }),
        },
      },
    }),
    events: list("turn count"),
    counts: [6, 9, 4],
  },
  {
    name: "an array searched for an object",
    machine: chart({
      context: { all: [A, B], at: A },
      on: {
        next: { actions: assign({ at: ({ context }: At) => context.all[(context.all.indexOf(context.at) + 1) % 2] }) },
        has: { guard: ({ context }: At) => context.all.includes(context.at), actions: assign({ found: true }) },
      },
    }),
    events: list("next has"),
    counts: [4, 8, 3],
  },
  {
    name: "an assign that clones the context",
    machine: chart({
      context: { list: [1, new Map([["k", new Set([0])]])], n: 0 },
      on: {
        clone: { actions: assign(({ context }: At) => ({ ...structuredClone(context), n: (context.n + 1) % 3 })) },
        same: {
          guard: ({ context }: At) => structuredClone(context).list.length === 2,
          actions: assign({ list: ({ context }: At) => [...context.list, 1] }),
        },
      },
    }),
    events: list("clone same"),
    counts: [6, 9, 4],
  },
  {
    name: "the names of the context's members",
    machine: chart({
      context: { a: 1 },
      on: {
        add: {
          guard: ({ context }: At) => Object.keys(context).length < 3,
          actions: assign(({ context }: At) => ({ [`m${Object.keys(context).length}`]: 0 })),
        },
        entries: { actions: assign(({ context }: At) => ({ a: Object.entries(context).length })) },
        own: { guard: ({ context }: At) => Object.hasOwn(context, "m1"), actions: assign({ m1: 1 }) },
        loop: {
          actions: assign(({ context }: At) => {
            let a = "";
            for (const name in context) a += name;
            return { a: a.length };
          }),
        },
      },
    }),
    events: list("add entries own loop"),
    counts: [15, 51, 5],
  },
  {
    name: "a spread of the context, and of a part of it",
    machine: chart({
      context: { o: { a: 0 }, n: 0 },
      on: {
        spread: { actions: assign(({ context }: At) => ({ ...context, n: (context.n + 1) % 3 })) },
        part: { actions: assign({ o: ({ context }: At) => ({ ...context.o, [`k${context.n}`]: true }) }) },
        rest: {
          actions: assign({
            o: ({
              context: {
                o: { a, ...rest },
              },
            }: At) => ({ a, size: Object.keys(rest).length }),
          }),
        },
      },
    }),
    events: list("spread part rest"),
    counts: [144, 432, 15],
  },
  {
    name: "whether a member is there",
    machine: chart({
      context: { o: {} },
      on: {
        put: { actions: assign({ o: { x: undefined } }) },
        drop: {
          actions: assign({
            o: ({ context }: At) => {
              const { x: _, ...rest } = context.o;
              return rest;
            },
          }),
        },
        has: { guard: ({ context }: At) => "x" in context.o, actions: assign({ seen: true }) },
        lacks: { guard: ({ context }: At) => !("seen" in context), actions: assign({ seen: false }) },
      },
    }),
    events: list("put drop has lacks"),
    counts: [6, 17, 4],
  },
  {
    name: "a member deleted from a copy",
    machine: chart({
      context: { held: { a: 1, b: 2 } },
      on: {
        drop: {
          actions: assign({
            held: ({ context, event }: At) => {
              const held = { ...context.held };
              delete held[event.name];
              return held;
            },
          }),
        },
        put: { actions: assign({ held: ({ context }: At) => ({ ...context.held, a: 1 }) }) },
      },
    }),
    events: [{ type: "drop", name: "a" }, { type: "drop", name: "b" }, { type: "put" }],
    counts: [4, 12, 3],
  },
  {
    name: "the context as JSON",
    machine: chart({
      context: { a: [1, { b: 2 }], n: 0 },
      on: {
        count: { actions: assign({ n: ({ context }: At) => JSON.stringify(context).length % 5 }) },
        turn: { actions: assign({ a: ({ context }: At) => JSON.parse(JSON.stringify(context.a)).reverse() }) },
      },
    }),
    events: list("count turn"),
    counts: [4, 8, 3],
  },
  {
    name: "the order of a context's members is not part of the state",
    machine: chart({
      context: { o: { a: 1, b: 2 }, first: "" },
      on: {
        turn: { actions: assign({ o: ({ context }: At) => Object.fromEntries(Object.entries(context.o).reverse()) }) },
        sum: { actions: assign({ first: ({ context }: At) => Object.keys(context.o).sort().join("") }) },
      },
    }),
    events: list("turn sum"),
    counts: [2, 4, 2],
  },
  {
    name: "the event kept in the context, whole",
    machine: chart({
      context: { last: null as unknown, same: false },
      on: {
        put: {
          actions: assign({ same: ({ context, event }: At) => context.last === event, last: ({ event }: At) => event }),
        },
      },
    }),
    events: [
      { type: "put", x: 1 },
      { type: "put", x: 2 },
    ],
    counts: [5, 10, 3],
  },
];
