import { type AnyStateMachine, assign, fromPromise, sendTo, spawnChild } from "xstate";
import type { EngineErrorCode } from "../../errors.js";
import { type At, chart } from "./specimen.js";

/** A machine that an engine must not approximate: it says which state node it is and why, or leaves it to the reference. */
export interface Refusal {
  readonly name: string;
  /** A new machine each time: some of these change something outside themselves. */
  readonly machine: () => AnyStateMachine;
  readonly events: string;
  /** The code of the reference engine's error, or what it counts; `null` where that depends on how often it asks. */
  readonly reference: EngineErrorCode | readonly [states: number, transitions: number, depth: number] | null;
  /** The id of the state node at fault. */
  readonly at: string;
}

const job = fromPromise(() => Promise.resolve(1));

/** `m`, which starts in `a`; what is wrong stands at `a`. */
const wrong =
  (node: object, implementations: object = {}) =>
  () =>
    chart(
      { id: "m", initial: "a", context: { n: 0, list: [] }, states: { a: node, b: { on: { back: "a" } } } },
      implementations,
    );

const doing = (actions: unknown) => wrong({ on: { go: { actions } } });
const guarded = (guard: unknown) => wrong({ on: { go: { guard, target: "b" } } });

/** A number that is another one each time, like the time of day. */
function ticking(): () => number {
  let now = 0;
  return () => {
    now += 1;
    return now;
  };
}

export const refusals: readonly Refusal[] = [
  {
    name: "an invoked promise",
    machine: wrong({ invoke: { src: job, onDone: "b" } }),
    events: "go",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "an invoked actor without an implementation",
    machine: wrong({ invoke: { src: "later" } }),
    events: "go",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "spawnChild on a transition",
    machine: doing(spawnChild(job)),
    events: "go",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "spawnChild at exit, by name",
    machine: wrong({ exit: "start", on: { go: "b" } }, { actions: { start: spawnChild(job) } }),
    events: "go",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "spawn in an assign",
    machine: doing(assign({ child: ({ spawn }: { readonly spawn: (logic: unknown) => unknown }) => spawn(job) })),
    events: "go",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "sendTo to itself",
    machine: doing(sendTo(({ self }) => self, { type: "later" })),
    events: "go later",
    reference: "not-closed",
    at: "m.a",
  },
  {
    name: "a reference to itself in the context",
    machine: doing(assign({ me: ({ self }: { readonly self: unknown }) => self })),
    events: "go",
    reference: "not-keyable",
    at: "m.a",
  },
  {
    name: "an assign that asks for the system",
    machine: doing(assign({ n: ({ system }: { readonly system: object }) => ("get" in system ? 1 : 2) })),
    events: "go",
    reference: [2, 2, 2],
    at: "m.a",
  },
  {
    name: "an assign that asks for its actor",
    machine: doing(
      assign({ n: ({ self }: { readonly self: { readonly id: string } }) => self.id.length - self.id.length }),
    ),
    events: "go",
    reference: [1, 1, 1],
    at: "m.a",
  },
  {
    name: "a guard that counts how often it is asked",
    machine: () => {
      const tick = ticking();
      return guarded(() => tick() % 2 === 0)();
    },
    events: "go back",
    reference: null,
    at: "m.a",
  },
  {
    name: "an assign of something like the time of day",
    machine: () => {
      const tick = ticking();
      return doing(assign({ n: () => tick() % 3 }))();
    },
    events: "go",
    reference: null,
    at: "m.a",
  },
  {
    name: "an assign that remembers its last answer outside the machine",
    machine: () => {
      const made: number[] = [];
      return doing(
        assign({
          n: ({ context }: At) => {
            made.push(context.n);
            return made.length % 4;
          },
        }),
      )();
    },
    events: "go",
    reference: null,
    at: "m.a",
  },
  {
    name: "a guard that changes the context in place",
    machine: guarded(({ context }: At) => context.list.push(1) > 9),
    events: "go",
    reference: "impure",
    at: "m.a",
  },
  {
    name: "an assign that changes the old context in place",
    machine: doing(
      assign(({ context }: At) => {
        context.n = (context.n + 1) % 3;
        return {};
      }),
    ),
    events: "go",
    reference: "impure",
    at: "m.a",
  },
  {
    name: "an assign that changes the old context's array in place",
    machine: doing(
      assign({
        list: ({ context }: At) => {
          if (context.list.length < 3) context.list.push(1);
          return context.list;
        },
      }),
    ),
    events: "go",
    reference: "impure",
    at: "m.a",
  },
  {
    name: "an assign that changes the event",
    machine: doing(
      assign({
        n: ({ event }: At) => {
          const { n = 0 } = event;
          Object.assign(event, { n: (n + 1) % 3 });
          return n;
        },
      }),
    ),
    events: "go",
    reference: null,
    at: "m.a",
  },
  {
    name: "a promise in the context",
    machine: doing(assign({ n: () => Promise.resolve(1) })),
    events: "go",
    reference: "not-keyable",
    at: "m.a",
  },
  {
    name: "a function in the context",
    machine: doing(assign({ n: () => () => 1 })),
    events: "go",
    reference: "not-keyable",
    at: "m.a",
  },
  {
    name: "a guard that throws",
    machine: guarded(({ context }: At) => context.missing.length > 0),
    events: "go",
    reference: "guard-threw",
    at: "m.a",
  },
  {
    name: "a guard without an implementation",
    machine: guarded("nobody's"),
    events: "go",
    reference: "guard-threw",
    at: "m.a",
  },
  {
    name: "an assign that throws",
    machine: doing(assign({ n: ({ context }: At) => context.missing.length })),
    events: "go",
    reference: "action-threw",
    at: "m.a",
  },
  {
    name: "a step without an end",
    machine: wrong({
      on: { go: "b" },
      always: { guard: ({ context }: At) => context.n === 1, actions: assign({ n: 1 }) },
      exit: assign({ n: 1 }),
    }),
    events: "go back",
    reference: "endless-step",
    at: "m.a",
  },
  {
    name: "something that has no initial state",
    machine: () =>
      chart({
        id: "m",
        context: () => {
          throw new Error("no input");
        },
      }),
    events: "go",
    reference: "initial-state",
    at: "m",
  },
];
