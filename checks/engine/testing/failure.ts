import type { ExecutionContext } from "ava";
import { type AnyStateMachine, assign, type EventObject, setup } from "xstate";
import { EngineError, type ExploreOptions, explore } from "../index.js";

type AnyOptions = ExploreOptions<AnyStateMachine, readonly EventObject[]>;

/** What `explore` rejects with. `events` may be anything at all: callers without types can give what they like. */
export async function failure(
  t: ExecutionContext,
  machine: AnyStateMachine,
  events: unknown,
  options: Omit<AnyOptions, "events"> = {},
): Promise<EngineError> {
  const given = { ...options, events: events as AnyOptions["events"] };
  const error = await t.throwsAsync<EngineError>(explore(machine, given), { instanceOf: EngineError });
  t.is(error.name, "EngineError");
  return error;
}

export function broken(): never {
  throw new TypeError("no such page");
}

/** A counter in the context, and guards that throw above 1. */
export const counting = setup({
  types: { context: {} as { n: number } },
  actions: { more: assign({ n: ({ context }) => context.n + 1 }) },
  guards: {
    below9: ({ context }) => context.n < 9,
    inRange: ({ context }) => context.n < 2 || broken(),
    tooHigh: ({ context }) => context.n >= 1 && broken(),
  },
});

/** Counts to 9. */
export const counter = counting.createMachine({
  context: { n: 0 },
  on: { up: { guard: "below9", actions: "more" } },
});

export const UP = { type: "up" };
