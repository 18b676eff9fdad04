import { type AnyMachineSnapshot, assign, createMachine, setup } from "xstate";
import { commitEvents, consistent, twoPhaseCommit } from "../examples/two-phase-commit.js";
import type { Invariant } from "../invariants.js";
import type { Case } from "./testkit.js";

/** An invariant of snapshots that are looked into by name. */
function invariant(holds: (snapshot: AnyMachineSnapshot) => boolean): Invariant {
  return holds;
}

/** Two-phase commit with a true belief about it and two false ones. */
export function commit(managers: number): Case {
  const invariants = {
    consistent: invariant(consistent),
    "nobody gives up": invariant(({ value }) => Reflect.get(value, "rm1") !== "aborted"),
    "nobody commits": invariant(({ value }) => !Object.values(value).includes("committed")),
  };
  return { machine: twoPhaseCommit(managers), events: commitEvents(managers), invariants, input: undefined };
}

interface LateContext {
  readonly n: number;
  /** Comes up after some states. */
  readonly late?: { readonly seen: readonly number[] };
  /** Comes up after more, and makes a state's key longer. */
  readonly wide?: string;
}

const late = setup({
  types: {
    context: {} as LateContext,
    input: {} as { readonly from: number },
    events: {} as
      | { type: "up"; by: number }
      | { type: "note" }
      | { type: "widen" }
      | { type: "pause" }
      | { type: "back" },
  },
}).createMachine({
  context: ({ input }) => ({ n: input.from }),
  initial: "on",
  states: {
    on: {
      initial: "one",
      states: {
        one: { always: { guard: ({ context }) => context.n >= 3, target: "two" } },
        two: { on: { note: "three" } },
        three: {},
        past: { type: "history" },
      },
      on: {
        up: {
          guard: ({ context, event }) => context.n + event.by <= 9,
          actions: assign({ n: ({ context, event }) => context.n + event.by }),
        },
        note: {
          guard: ({ context }) => context.n > 4 && (context.late?.seen.length ?? 0) < 2,
          actions: assign({ late: ({ context }) => ({ seen: [...(context.late?.seen ?? []), context.n] }) }),
        },
        widen: {
          guard: ({ context }) => context.late !== undefined,
          actions: assign({ wide: ({ context }) => `${context.n} of ${context.late?.seen.join()}` }),
        },
        pause: "off",
      },
    },
    off: { on: { back: "on.past" } },
  },
});

/** Events that depend on the state, some of which come up late; members of the context that come up late; history. */
export const lateComers: Case = {
  machine: late,
  input: { from: 0 },
  events: ({ context }: AnyMachineSnapshot) => {
    const n: number = context.n;
    const up = { type: "up", by: n > 6 ? n - 5 : 1 };
    if (n < 4) return [up, { type: "pause" }, { type: "back" }];
    return [{ type: "widen" }, { type: "note" }, up, { type: "pause" }, { type: "back" }];
  },
  invariants: {
    "few notes": invariant(({ context }) => (context.late?.seen.length ?? 0) < 2),
    small: invariant(({ context }) => context.n < 8),
  },
  selfCheck: 0.3,
};

/** Seven ways into a deadlock. */
export const deadlocks: Case = {
  machine: createMachine({
    context: { at: 0 },
    on: { to: { guard: ({ context }) => context.at === 0, actions: assign({ at: ({ event }) => event.n }) } },
  }),
  events: [1, 2, 3, 4, 5, 6, 7].map((n) => ({ type: "to", n })),
  invariants: {},
  input: undefined,
};

const shared = { count: 0 };

/** Two members that share an object after some steps: the exploration starts again with the two in one slot. */
export const sharing: Case = {
  machine: createMachine({
    context: { n: 0, left: shared, right: { count: 1 } },
    on: {
      up: { guard: ({ context }) => context.n < 9, actions: assign({ n: ({ context }) => context.n + 1 }) },
      share: { guard: ({ context }) => context.n > 5, actions: assign({ right: ({ context }) => context.left }) },
    },
  }),
  events: [{ type: "up" }, { type: "share" }],
  invariants: { "not shared": invariant(({ context }) => context.right.count === 1) },
  input: undefined,
};
