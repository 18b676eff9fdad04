import { and, not, setup, stateIn } from "xstate";

/**
 * Dining philosophers: `n` of them around a table, a fork between each two; each takes the left fork, then the right one,
 * eats, and puts both back. There is no context: who holds which fork follows from where the philosophers are.
 *
 * Whoever eats has a right neighbour who thinks, and nothing else is excluded, so the states are the closed walks of
 * length n: 6, 14, 34, 82 for 2, 3, 4, 5 (each twice the one before plus the one before that). One of them is the deadlock
 * in which everybody holds the left fork; it takes n steps.
 */

export type DinnerEvent =
  | { readonly type: "take left"; readonly seat: number }
  | { readonly type: "take right"; readonly seat: number }
  | { readonly type: "put back"; readonly seat: number };

export function dinnerEvents(n: number): DinnerEvent[] {
  return Array.from({ length: n }, (_, seat): DinnerEvent[] => [
    { type: "take left", seat },
    { type: "take right", seat },
    { type: "put back", seat },
  ]).flat();
}

const table = setup({
  types: { events: {} as DinnerEvent },
  guards: { at: ({ event }, { seat }: { seat: number }) => event.seat === seat },
});

export function diningPhilosophers(n: number) {
  const seats = Array.from({ length: n }, (_, seat) => [`seat${seat}`, philosopher(seat, n)] as const);
  return table.createMachine({ id: "table", type: "parallel", states: Object.fromEntries(seats) });
}

function philosopher(seat: number, n: number) {
  const at = { type: "at", params: { seat } } as const;
  const left = `seat${(seat + n - 1) % n}`;
  const right = `seat${(seat + 1) % n}`;
  return table.createStateConfig({
    initial: "thinking",
    states: {
      thinking: {
        on: { "take left": { guard: and([at, not(stateIn({ [left]: "eating" }))]), target: "holding left" } },
      },
      "holding left": {
        on: { "take right": { guard: and([at, stateIn({ [right]: "thinking" })]), target: "eating" } },
      },
      eating: { on: { "put back": { guard: at, target: "thinking" } } },
    },
  });
}
