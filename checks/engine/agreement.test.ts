import test from "ava";
import { type AnyMachineSnapshot, assign, createMachine, type EventObject } from "xstate";
import { EngineError } from "./errors.js";
import type { MachineSystem } from "./machine-system.js";
import { referenceSystem } from "./reference.js";
import { agreement } from "./testing/agreement.js";
import { bruteForce } from "./testing/brute-force.js";
import { describeDifference } from "./testing/difference.js";
import { altered, dropping, miscounting, showing, swapping } from "./testing/wrong-systems.js";

/** A lamp that remembers how it shone: history, context, tags, meta, a final state node with an output. */
const lamp = createMachine({
  id: "lamp",
  initial: "off",
  context: { switched: 0 },
  output: ({ context }) => context,
  states: {
    off: {
      tags: "dark",
      on: {
        on: { target: "lit.again", actions: assign({ switched: ({ context }) => (context.switched + 1) % 3 }) },
        drop: "broken",
      },
    },
    lit: {
      meta: { watts: 7 },
      initial: "dim",
      on: { off: "off" },
      states: {
        dim: { on: { turn: "bright" } },
        bright: { on: { turn: "dim", burn: { guard: ({ context }) => context.switched === 2, target: "#lamp.off" } } },
        again: { type: "history" },
      },
    },
    broken: { type: "final" },
  },
});
const EVENTS = ["on", "off", "turn", "burn", "drop"].map((type): EventObject => ({ type }));
const COUNTS = { states: 28, transitions: 44, depth: 10, deadlocks: 0 };

const reference = () => referenceSystem(lamp, EVENTS);
const against = (actual: MachineSystem<AnyMachineSnapshot>, states?: number) =>
  agreement(reference(), actual, { alphabet: EVENTS, ...(states === undefined ? {} : { states }) });

test("the reference agrees with itself, and what was seen is everything", (t) => {
  t.deepEqual(against(reference()), { ...COUNTS, complete: true });
  t.like(bruteForce(lamp, EVENTS), COUNTS);
});

test("a comparison that the limit stops is not complete", (t) => {
  t.deepEqual(against(reference(), 5), { states: 6, transitions: 5, depth: 4, deadlocks: 0, complete: false });
});

const fake = (snapshot: AnyMachineSnapshot) => snapshot.value === "off";

for (const [what, wrong, difference] of [
  ["drops an event", dropping(reference(), "on", "off"), "enabled event 0"],
  [
    "offers the events in another order",
    altered(reference(), { enabled: (state) => [...reference().enabled(state)].reverse() }),
    "enabled event 0",
  ],
  ["swaps a target", swapping(reference(), "drop", "on"), "status"],
  ["forgets the history", showing(reference(), () => ({ historyValue: {} })), "history"],
  ["shows another state value", showing(reference(), (s) => (fake(s) ? { value: "lit" } : {})), "state value"],
  ["shows another context", showing(reference(), () => ({ context: { switched: 0, more: undefined } })), "context"],
  ["loses the output", showing(reference(), () => ({ output: undefined })), "output"],
  ["loses the tags", showing(reference(), () => ({ tags: new Set() })), "tags"],
  ["loses the meta data", showing(reference(), () => ({ getMeta: () => ({}) })), "meta"],
  ["never comes to an end", showing(reference(), () => ({ status: "active" })), "status"],
  ["answers can wrongly", showing(reference(), () => ({ can: () => true })), 'can({4:type="3:off,})'],
  [
    "merges states",
    altered(reference(), { key: (s) => JSON.stringify(s.value) }),
    "partner of the key, of a state that is new,",
  ],
  ["splits states", altered(reference(), { key: nextNumber() }), "keys after the state's edges were taken"],
  [
    "miscounts transitions",
    miscounting(reference(), "lamp.lit.dim"),
    "coverage of candidate 0 of turn at 'lamp.lit.dim'",
  ],
  [
    "miscounts events",
    altered(reference(), { coverage: () => ({ ...reference().coverage(), events: [] }) }),
    "coverage of candidate 0 of on at 'lamp.off'",
  ],
  [
    "throws",
    altered(reference(), {
      next: () => {
        throw new EngineError("action-threw", "no");
      },
    }),
    "error",
  ],
] as const) {
  test(`a system that ${what} is caught`, (t) => {
    t.is(against(wrong).difference?.what, difference);
  });
}

function nextNumber(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

test("states that are split only by the way to them are caught", (t) => {
  const numbers = new WeakMap<object, number>();
  const next = nextNumber();
  const numbered = (state: object): number => {
    const number = numbers.get(state) ?? next();
    numbers.set(state, number);
    return number;
  };
  t.is(against(altered(reference(), { key: numbered })).difference?.what, "key, of a state that was reached before,");
});

test("events that are counted wrongly are caught", (t) => {
  const system = reference();
  const wrong = altered(system, {
    coverage: () => {
      const coverage = system.coverage();
      return { ...coverage, events: coverage.events.map(({ event }) => ({ event, enabled: 1 })) };
    },
  });
  t.is(against(wrong).difference?.what, 'coverage of event {4:type="2:on,}');
});

test("errors of the same code agree", (t) => {
  const failing = () =>
    referenceSystem(
      createMachine({
        on: {
          go: {
            actions: assign(() => {
              throw new Error("no");
            }),
          },
        },
      }),
      [{ type: "go" }],
    );
  t.deepEqual(agreement(failing(), failing()), {
    states: 1,
    transitions: 0,
    depth: 1,
    deadlocks: 0,
    complete: false,
    error: "action-threw",
  });
});

test("a difference reads as what, where, expected and got", (t) => {
  const { difference } = against(showing(reference(), (s) => (s.matches("lit") ? { tags: new Set(["lit"]) } : {})));
  t.is(
    difference && describeDifference(difference),
    `tags differs
  path: (the initial state), then on
  expected: []
  got: ["lit"]`,
  );
});
