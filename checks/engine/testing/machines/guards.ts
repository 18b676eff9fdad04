import { and, not, or, stateIn } from "xstate";
import { type At, add, chart, list, type Specimen } from "./specimen.js";

/** Guards: named, inline, with params, combined, on where the machine is, and the order of candidates. */

const isN =
  (n: number) =>
  ({ context }: At): boolean =>
    context.n === n;

const implementations = {
  guards: {
    isZero: isN(0),
    below: ({ context }: At, { limit }: { readonly limit: number }) => context.n < limit,
    odd: ({ context }: At) => context.n % 2 === 1,
    combined: and(["odd", not(isN(3))]),
    other: "odd",
    within: and([{ type: "below", params: { limit: 4 } }, "odd"]),
  },
  actions: { more: add(1, 6) },
};

function counting(on: object): object {
  return { context: { n: 0 }, on: { more: { actions: "more" }, ...on } };
}

const hop = (guard: unknown, n = 2) => ({ guard, actions: add(n, 6) });

const regions = {
  left: { initial: "a", states: { a: { id: "left.a", on: { left: "b" } }, b: { on: { left: "a" } } } },
  right: { initial: "c", states: { c: { id: "deep", on: { right: "d" } }, d: { on: { right: "c" } } } },
};

export const guards: readonly Specimen[] = [
  {
    name: "named and inline guards",
    machine: chart(counting({ hop: [hop("isZero"), hop(isN(4), 1)], other: hop("other") }), implementations),
    events: list("more hop other"),
    counts: [6, 11, 4],
  },
  {
    name: "guards with static and with computed params",
    machine: chart(
      counting({
        fixed: hop({ type: "below", params: { limit: 3 } }),
        computed: hop({
          type: "below",
          params: ({ context, event }: At) => ({ limit: context.n === 2 ? 0 : event.type.length }),
        }),
      }),
      implementations,
    ),
    events: list("more fixed computed"),
    counts: [6, 14, 4],
  },
  {
    name: "and, or, not, nested",
    machine: chart(
      counting({
        a: hop(and([not("isZero"), or([isN(1), and(["odd", isN(5)])])])),
        b: hop(not(or(["odd", isN(2)])), 3),
        c: hop(and([])),
        d: hop(or([])),
        e: hop("combined"),
        f: hop("within"),
      }),
      implementations,
    ),
    events: list("more a b c d e f"),
    counts: [6, 20, 3],
  },
  {
    name: "stateIn by id and by value",
    machine: chart({
      id: "m",
      type: "parallel",
      context: { n: 0 },
      states: {
        ...regions,
        gate: {
          initial: "shut",
          states: {
            shut: {
              on: {
                byId: { guard: stateIn("#deep"), target: "open" },
                dotted: { guard: stateIn("#left\\.a"), target: "open" },
                byValue: { guard: stateIn({ left: "b", right: "d" }), target: "open" },
                byText: { guard: stateIn("right.d"), target: "open" },
                nowhere: { guard: stateIn({ left: "x" }), target: "open" },
              },
            },
            open: { on: { shut: { guard: not(and([stateIn("#deep"), stateIn("left.b")])), target: "shut" } } },
          },
        },
      },
    }),
    events: list("left right byId dotted byValue byText nowhere shut"),
    counts: [8, 26, 4],
  },
  {
    name: "stateIn of a parent, and of a state value that says less",
    machine: chart({
      id: "m",
      type: "parallel",
      states: {
        place: {
          initial: "home",
          states: {
            home: { initial: "bed", on: { go: "away" }, states: { bed: { on: { up: "desk" } }, desk: {} } },
            away: { on: { go: "home" } },
          },
        },
        light: {
          initial: "off",
          states: {
            off: { on: { on: { guard: stateIn({ place: "home" }), target: "lit" } } },
            lit: {
              on: {
                off: { guard: stateIn("#m.place.away"), target: "off" },
                dim: { guard: stateIn({ place: { home: "desk" } }), target: "off" },
              },
            },
          },
        },
      },
    }),
    events: list("go up on off dim"),
    counts: [6, 12, 3],
  },
  {
    name: "guards that read the event",
    machine: chart({
      context: { n: 0, last: "" },
      on: {
        put: [
          { guard: ({ event, context }: At) => event.value > context.n, actions: add(1, 4) },
          { guard: ({ event }: At) => event.tags.includes("reset"), actions: add(3, 4) },
        ],
      },
    }),
    events: [
      { type: "put", value: 2, tags: [] },
      { type: "put", value: 0, tags: ["reset"] },
      { type: "put", value: 0, tags: [] },
      { type: "put", value: 1, tags: ["reset", "x"] },
    ],
    counts: [4, 10, 3],
  },
  {
    name: "the first candidate that passes is taken",
    machine: chart({
      initial: "a",
      context: { n: 0 },
      states: {
        a: {
          on: {
            more: { actions: add(1, 4) },
            go: [{ guard: isN(1), target: "b" }, { guard: ({ context }: At) => context.n >= 1, target: "c" }, "d"],
          },
        },
        b: { on: { back: "a" } },
        c: {
          on: {
            back: [
              { guard: isN(9), target: "b" },
              { guard: isN(2), target: "a" },
            ],
          },
        },
        d: { on: { back: ["a", "b"] } },
      },
    }),
    events: list("more go back"),
    counts: [8, 11, 5],
  },
  {
    name: "a guard that answers something truthy, and one that answers something falsy",
    machine: chart(counting({ truthy: hop(({ context }: At) => context.n), falsy: hop(() => null) }), implementations),
    events: list("more truthy falsy"),
    counts: [6, 11, 4],
  },
  {
    name: "a guard of an inner node that fails leaves the event to the outer one",
    machine: chart({
      initial: "out",
      context: { n: 0 },
      on: { go: { actions: add(1, 3) } },
      states: {
        out: {
          initial: "in",
          on: { go: { guard: isN(1), actions: add(1, 3) } },
          states: { in: { on: { go: { guard: isN(0), target: "end" } } }, end: {} },
        },
      },
    }),
    events: list("go"),
    counts: [4, 4, 4],
  },
];
