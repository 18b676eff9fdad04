import { type AnyMachineSnapshot, assign, setup } from "xstate";
import { type At, add, chart, list, log, type Specimen, traced } from "./specimen.js";

/** How machines are put together: setup, provide, tags, meta, alphabets that depend on the state. */

const counting = setup({
  types: { context: {} as { readonly n: number }, events: {} as { type: "go" } | { type: "by"; step: number } },
  guards: { small: ({ context }, { limit }: { limit: number }) => context.n < limit },
  actions: {
    bump: assign({ n: ({ context }) => context.n + 1 }),
    by: assign({ n: ({ event }, { times }: { times: number }) => (event.type === "by" ? event.step * times : 0) }),
  },
});
const waiting = counting.createStateConfig({
  tags: ["idle"],
  on: { go: { guard: { type: "small", params: { limit: 3 } }, target: "running", actions: "bump" } },
});
const running = counting.createStateConfig({
  on: { go: "waiting", by: { actions: { type: "by", params: ({ context }) => ({ times: context.n === 1 ? 2 : 1 }) } } },
});
const assembled = counting.createMachine({ context: { n: 0 }, initial: "waiting", states: { waiting, running } });

const bare = chart(
  {
    initial: "a",
    context: { n: 0 },
    states: { a: { on: { go: { guard: "may", target: "b", actions: "do" } } }, b: { on: { go: "a" } } },
  },
  { guards: { may: () => true }, actions: { do: add(1, 2) } },
);

export const setups: readonly Specimen[] = [
  {
    name: "setup, createStateConfig, params",
    machine: assembled,
    events: [{ type: "go" }, { type: "by", step: 1 }, { type: "by", step: 2 }],
    counts: [9, 15, 6],
  },
  { name: "implementations as they were given first", machine: bare, events: list("go"), counts: [4, 4, 4] },
  {
    name: "implementations provided later",
    machine: bare.provide({ guards: { may: ({ context }: At) => context.n < 3 }, actions: { do: add(1, 5) } }),
    events: list("go"),
    counts: [7, 6, 7],
  },
  {
    name: "tags, meta data, descriptions",
    machine: chart({
      id: "m",
      initial: "a",
      description: "a machine",
      tags: ["root"],
      meta: { of: "root" },
      states: {
        a: { tags: "one", meta: { n: 1 }, on: { go: { target: "b", description: "goes", meta: { x: 1 } } } },
        b: {
          tags: ["one", "two"],
          description: "b",
          initial: "c",
          states: { c: { tags: ["three"], meta: [3] } },
          on: { go: "a" },
        },
      },
    }),
    events: list("go"),
    counts: [2, 2, 2],
  },
  {
    name: "an alphabet that depends on the snapshot",
    machine: chart({
      context: { n: 0 },
      on: {
        to: { guard: ({ event }: At) => event.n !== 3, actions: assign({ n: ({ event }: At) => event.n }) },
        never: {},
      },
    }),
    events: ({ context }: AnyMachineSnapshot) =>
      [
        { type: "to", n: context.n + 1 },
        { type: "to", n: Math.max(0, context.n - 1) },
        { type: "to", n: context.n + 1 },
        { type: "to", n: context.n === 2 ? 5 : 0 },
        { type: "never" },
        ...(context.n > 6 ? [] : [{ type: "to", n: 4 }]),
      ].filter(({ n = 0 }: { readonly n?: number }) => n < 8),
    counts: [7, 21, 5],
  },
  {
    name: "an alphabet that depends on where the machine is, and is empty somewhere",
    machine: chart({
      initial: "a",
      states: { a: { on: { go: "b", jump: "c" } }, b: { on: { go: "c" } }, c: { on: { go: "a" } } },
    }),
    events: (snapshot: AnyMachineSnapshot) => (snapshot.matches("b") ? [] : list("go jump")),
    counts: [3, 3, 2],
  },
  {
    name: "the options of the machine: a limit on microsteps that is not reached",
    machine: chart({
      initial: "a",
      context: { n: 0 },
      options: { maxIterations: 9 },
      states: {
        a: {
          always: { guard: ({ context }: At) => context.n < 5, actions: add(1, 6) },
          on: { go: { actions: assign({ n: 2 }) } },
        },
      },
    }),
    events: list("go"),
    counts: [1, 1, 1],
  },
  {
    name: "routes",
    machine: chart({
      id: "m",
      initial: "a",
      context: { log: "" },
      states: {
        a: { id: "here", route: {}, ...traced("a") },
        b: {
          id: "there",
          route: { guard: ({ context }: At) => context.log.length < 6, actions: log("t") },
          ...traced("b"),
        },
      },
    }),
    events: [
      { type: "xstate.route", to: "#there" },
      { type: "xstate.route", to: "#here" },
      { type: "xstate.route", to: "#m" },
    ],
    counts: [13, 14, 7],
  },
];
