import fc from "fast-check";
import { type AnyMachineSnapshot, type AnyStateMachine, and, assign, enqueueActions, not, or, stateIn } from "xstate";
import { chart } from "../testing/machines/specimen.js";
import type { Renaming, Symmetry } from "./symmetry.js";

/** A machine of some copies of one region, made at random; what the copies share names them by number. */
export interface Copies {
  readonly copies: number;
  readonly states: number;
  readonly jumps: readonly Jump[];
  /** Whether the last state has states of its own, with a history node. */
  readonly nested: "shallow" | "deep" | null;
}

interface Jump {
  readonly on: string;
  readonly from: number;
  readonly to: number;
  readonly only: "always" | "free" | "mine" | "few" | "nobody else" | "somebody else";
  readonly does: "nothing" | "take" | "free" | "join" | "leave" | "put last" | "kick the holder";
}

const EVENTS = ["a", "b"] as const;

export const copies: fc.Arbitrary<Copies> = fc.record({
  copies: fc.constantFrom(2, 3, 3),
  states: fc.integer({ min: 2, max: 3 }),
  nested: fc.constantFrom(null, "shallow", "deep"),
  jumps: fc.array(
    fc.record({
      on: fc.constantFrom(...EVENTS),
      from: fc.nat(3),
      to: fc.nat(3),
      only: fc.constantFrom("always", "always", "free", "mine", "few", "nobody else", "somebody else"),
      does: fc.constantFrom("nothing", "nothing", "take", "free", "join", "leave", "put last", "kick the holder"),
    } as const),
    { minLength: 2, maxLength: 6 },
  ),
});

export type CopyEvent = { readonly type: string; readonly who: number };

export interface CopyContext {
  readonly holder: number | null;
  readonly members: ReadonlySet<number>;
  /** Who came in which order. */
  readonly order: readonly number[];
}

export function machineOf(shape: Copies): AnyStateMachine {
  const regions = Array.from({ length: shape.copies }, (_, id) => [`r${id}`, region(shape, id)]);
  const context: CopyContext = { holder: null, members: new Set(), order: [] };
  return chart({ id: "m", type: "parallel", context, states: Object.fromEntries(regions) });
}

function region(shape: Copies, id: number) {
  const names = Array.from({ length: shape.states }, (_, at) => `s${at}`);
  const states = names.map((name, at) => {
    const jumps = shape.jumps.filter(({ from }) => from % shape.states === at);
    const on = EVENTS.map((type) => [
      type,
      jumps.filter((jump) => jump.on === type).map((jump) => transition(shape, id, jump)),
    ]);
    const inside = at === shape.states - 1 && shape.nested !== null ? nested(id, shape.nested) : {};
    return [name, { ...inside, on: Object.fromEntries(on) }];
  });
  return { initial: "s0", states: Object.fromEntries(states) };
}

/** States that one changes between, and comes back to. */
function nested(id: number, history: "shallow" | "deep") {
  const mine = ({ event }: { readonly event: CopyEvent }) => event.who === id;
  return {
    initial: "x",
    states: {
      x: { on: { c: { guard: mine, target: "y" } } },
      y: { on: { c: { guard: mine, target: "x" } } },
      back: { type: "history", history },
    },
  };
}

function transition(shape: Copies, id: number, { to, only, does }: Jump) {
  const target = to % shape.states;
  const isBack = target === shape.states - 1 && shape.nested !== null;
  return {
    target: isBack ? `#m.r${id}.s${target}.back` : `#m.r${id}.s${target}`,
    guard: and([({ event }: Given) => event.who === id, condition(shape, id, only) as Predicate]),
    actions: action(does),
  };
}

function condition({ copies: n }: Copies, id: number, only: Jump["only"]) {
  const others = Array.from({ length: n }, (_, other) => other).filter((other) => other !== id);
  const somebody = or(others.map((other) => stateIn({ [`r${other}`]: "s1" })));
  switch (only) {
    case "always":
      return () => true;
    case "free":
      return ({ context }: Given) => context.holder === null;
    case "mine":
      return ({ context }: Given) => context.holder === id;
    case "few":
      return ({ context }: Given) => context.members.size < 2;
    case "nobody else":
      return not(somebody);
    case "somebody else":
      return somebody;
  }
}

/** XState takes guards of its own making, too, and says so in more types than are needed here. */
type Predicate = (given: Given) => boolean;
type Given = { readonly context: CopyContext; readonly event: CopyEvent };

function action(does: Jump["does"]) {
  switch (does) {
    case "nothing":
      return [];
    case "take":
      return [assign({ holder: ({ event }: Given) => event.who })];
    case "free":
      return [assign({ holder: null })];
    case "join":
      return [assign({ members: ({ context, event }: Given) => new Set([...context.members, event.who]) })];
    case "leave":
      return [
        assign({
          members: ({ context, event }: Given) => new Set([...context.members].filter((who) => who !== event.who)),
        }),
      ];
    case "put last":
      return [
        assign({
          order: ({ context, event }: Given) => [...context.order.filter((who) => who !== event.who), event.who],
        }),
      ];
    case "kick the holder":
      return [
        enqueueActions(({ context, enqueue }) => {
          const { holder, members } = context as CopyContext;
          if (holder === null) return;
          enqueue(assign({ holder: null, members: new Set([...members].filter((who) => who !== holder)) }));
        }),
      ];
  }
}

export function eventsOf({ copies: n }: Copies): CopyEvent[] {
  const who = Array.from({ length: n }, (_, id) => id);
  return [...EVENTS, "c"].flatMap((type) => who.map((id) => ({ type, who: id })));
}

export function symmetryOf({ copies: n }: Copies): Symmetry<CopyContext, CopyEvent> {
  return {
    things: n,
    regions: (id) => `r${id}`,
    context: renamed,
    event: (event, to) => ({ ...event, who: to(event.who) }),
  };
}

export function renamed({ holder, members, order }: CopyContext, to: Renaming): CopyContext {
  return { holder: holder === null ? null : to(holder), members: new Set([...members].map(to)), order: order.map(to) };
}

/** What treats all copies alike, and may or may not hold. */
export const invariants: Readonly<Record<string, (snapshot: AnyMachineSnapshot) => boolean>> = {
  "not all in one state": ({ value }) =>
    new Set(Object.values(value as object).map((inner) => JSON.stringify(inner))).size > 1 || hasStart(value),
  "few members": ({ context }) => (context as CopyContext).members.size < 2,
  "the holder is a member": ({ context }) => {
    const { holder, members } = context as CopyContext;
    return holder === null || members.has(holder);
  },
  "first come, first served": ({ context }) => {
    const { holder, order } = context as CopyContext;
    return order.length < 2 || order[0] === holder;
  },
  "nobody elsewhere": ({ value }) => Object.values(value as object).every((inner) => inner !== "s1"),
};

function hasStart(value: unknown): boolean {
  return Object.values(value as object).includes("s0");
}
