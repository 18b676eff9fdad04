import { assign, setup } from "xstate";
import { explore } from "../index.js";

const counter = setup({
  types: { context: {} as { n: number }, events: {} as { type: "up" } | { type: "down" } },
  guards: { low: ({ context }) => context.n < 3 },
  actions: {
    more: assign({ n: ({ context }) => context.n + 1 }),
    less: assign({ n: ({ context }) => context.n - 1 }),
  },
}).createMachine({
  context: { n: 0 },
  on: { up: { guard: "low", actions: "more" }, down: { actions: "less" } },
});

const found = await explore(counter, {
  events: [{ type: "up" }, { type: "down" }],
  invariants: { "never negative": (snapshot) => snapshot.context.n >= 0 },
  limits: { states: 1000, seconds: 10 },
});

/** What the example in the documentation of this module finds. */
export const result = found;
