import test from "ava";
import { assign, type EventObject, setup } from "xstate";
import { type DinnerEvent, diningPhilosophers, dinnerEvents } from "../examples/dining-philosophers.js";
import { type CommitEvent, commitEvents, consistent, twoPhaseCommit } from "../examples/two-phase-commit.js";
import { explore } from "../index.js";
import { bruteForce } from "../testing/brute-force.js";
import { type At, chart, list } from "../testing/machines/specimen.js";
import type { Renaming } from "./symmetry.js";
import { allPermutations, countOrbits, follow, managers } from "./testkit.js";

/** `npm run test:deep` has more resource managers; each run of the tests as many as show what there is to show. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

const commits = [
  { n: 2, states: 56, orbits: 34 },
  { n: 3, states: 288, orbits: 80 },
  { n: 4, states: 1568, orbits: 166 },
  ...(IS_DEEP ? [{ n: 5, states: 8832, orbits: 314 }] : []),
];

for (const { n, states, orbits } of commits) {
  test(`two-phase commit with ${n} resource managers: ${orbits} states stand for ${states}`, async (t) => {
    const events = commitEvents(n);
    const full = await explore(twoPhaseCommit(n), { events });
    t.is(full.states, states);
    t.is(full.symmetry, undefined);
    const invariants = { consistent };
    const found = await explore(twoPhaseCommit(n), { events, invariants, symmetry: [managers(n)] });
    const order = [1, 1, 2, 6, 24, 120][n];
    t.like(found, { states: orbits, complete: true, depth: full.depth, violations: [] });
    t.deepEqual(found.symmetry, { order, represents: states, proven: true });
  });
}

test("two-phase commit with 3 resource managers has the orbits that renaming all states in all ways finds", async (t) => {
  const { seen } = bruteForce(twoPhaseCommit(3), commitEvents(3));
  const { context = {} } = managers(3);
  t.is(typeof context, "object");
  const renamed = (given: unknown, to: Renaming) =>
    Object.entries(given as Readonly<Record<string, unknown>>).map(([name, value]) =>
      Reflect.get(context, name)(value, to),
    );
  const snapshots = seen.map(({ snapshot }) => snapshot);
  const found = await explore(twoPhaseCommit(3), { events: commitEvents(3), symmetry: [managers(3)] });
  t.is(found.states, countOrbits(snapshots, allPermutations(3), "rm", renamed));
});

if (IS_DEEP) {
  test("two-phase commit with 7 resource managers: 920 states stand for 296,448", async (t) => {
    const found = await explore(twoPhaseCommit(7), { events: commitEvents(7), symmetry: [managers(7)] });
    t.like(found, { states: 920, complete: true });
    t.like(found.symmetry, { order: 5040, represents: 296_448, proven: false });
  });
}

const dinners = [
  { n: 2, states: 6, orbits: 4 },
  { n: 3, states: 14, orbits: 6 },
  { n: 4, states: 34, orbits: 11 },
  { n: 5, states: 82, orbits: 18 },
  { n: 6, states: 198, orbits: 38 },
];

const seats = (n: number) => ({
  things: n,
  under: "rotations" as const,
  regions: (seat: number) => `seat${seat}`,
  event: (event: DinnerEvent, to: Renaming) => ({ ...event, seat: to(event.seat) }),
});

for (const { n, states, orbits } of dinners) {
  test(`${n} philosophers at a table that turns: ${orbits} states stand for ${states}`, async (t) => {
    const machine = diningPhilosophers(n);
    const found = await explore(machine, { events: dinnerEvents(n), symmetry: [seats(n)] });
    t.like(found, { states: orbits, complete: true, symmetry: { order: n, represents: states, proven: true } });
    const { seen } = bruteForce(machine, dinnerEvents(n));
    const turns = Array.from({ length: n }, (_, by) => Array.from({ length: n }, (_, seat) => (seat + by) % n));
    t.is(
      orbits,
      countOrbits(
        seen.map(({ snapshot }) => snapshot),
        turns,
        "seat",
        (context) => context,
      ),
    );
    // Everybody holds the left fork.
    t.is(found.deadlocks.count, 1);
    const [path = []] = found.deadlocks.paths;
    t.is(path.length, n);
    t.deepEqual(
      Object.values(follow(t, machine, path).value),
      Array.from({ length: n }, () => "holding left"),
    );
  });
}

test("counterexamples are the machine's own, and as short as without symmetry", async (t) => {
  const invariants = {
    "nobody commits": ({ value }: { readonly value: object }) =>
      !Object.entries(value).some(([key, state]) => key !== "tm" && state === "committed"),
    "two never give up": ({ value }: { readonly value: object }) =>
      Object.values(value).filter((state) => state === "aborted").length < 3,
    "few prepared": ({ context }: { readonly context: { readonly prepared: ReadonlySet<number> } }) =>
      context.prepared.size < 3,
    "nobody commits alone": ({ value }: { readonly value: object }) =>
      Object.values(value).filter((state) => state === "committed").length !== 4,
  };
  const machine = twoPhaseCommit(4);
  const full = await explore(machine, { events: commitEvents(4), invariants });
  const reduced = await explore(machine, { events: commitEvents(4), invariants, symmetry: [managers(4)] });
  const lengths = ({ violations }: typeof full) => violations.map(({ invariant, path }) => [invariant, path.length]);
  t.is(full.violations.length, 4);
  t.deepEqual(lengths(reduced).sort(), lengths(full).sort());
  for (const { invariant, path } of reduced.violations) {
    const holds = Object.entries(invariants).find(([name]) => name === invariant)?.[1];
    t.false(holds?.(follow(t, machine, path) as never), invariant);
  }
});

test("what the things share is in the context only, with more than one declaration", async (t) => {
  type Event = { readonly type: "send"; readonly from: number; readonly to: number } | { readonly type: "drop" };
  const machine = setup({
    types: { context: {} as { sent: ReadonlyMap<number, number> }, events: {} as Event },
  }).createMachine({
    context: { sent: new Map<number, number>() },
    on: {
      send: {
        actions: assign({
          sent: ({ context, event }) => new Map(context.sent).set(event.from, event.to),
        }),
      },
      drop: { actions: assign({ sent: new Map<number, number>() }) },
    },
  });
  const numbers = [0, 1, 2];
  const sends = numbers.flatMap((from) => numbers.map((to): Event => ({ type: "send", from, to })));
  const events: readonly Event[] = [...sends, { type: "drop" }];
  const found = await explore(machine, {
    events,
    symmetry: [
      {
        things: 3,
        context: ({ sent }, to) => ({ sent: new Map([...sent].map(([from, by]) => [to(from), by])) }),
        event: (event, to) => (event.type === "send" ? { ...event, from: to(event.from) } : event),
      },
      {
        things: 3,
        context: ({ sent }, to) => ({ sent: new Map([...sent].map(([from, by]) => [from, to(by)])) }),
        event: (event, to) => (event.type === "send" ? { ...event, to: to(event.to) } : event),
      },
    ],
  });
  // Partial functions from 3 to 3 are 4 ** 3; up to both renamings they are the partitions of at most 3: 1 + 1 + 2 + 3.
  t.is(found.states, 7);
  t.deepEqual(found.symmetry, { order: 36, represents: 64, proven: true });
});

test("a listed group is what its permutations make", async (t) => {
  const turn = [1, 2, 3, 4, 0];
  const found = await explore(diningPhilosophers(5), {
    events: dinnerEvents(5),
    symmetry: [{ ...seats(5), under: [turn] }],
  });
  t.like(found, { states: 18, symmetry: { order: 5, represents: 82 } });
});

test("a limit stops it, and what was seen stands for as many", async (t) => {
  const found = await explore(twoPhaseCommit(3), {
    events: commitEvents(3),
    symmetry: [managers(3)],
    limits: { states: 2 },
  });
  t.like(found, { states: 2, complete: false, stopped: "states" });
});

test("XState confirms a share of the steps", async (t) => {
  const events: readonly CommitEvent[] = commitEvents(3);
  const found = await explore(twoPhaseCommit(3), { events, symmetry: [managers(3)], selfCheck: 1 });
  t.like(found.engine, { kind: "compiled", confirmed: found.transitions });
});

test("history nodes around the regions remember renamed state nodes", async (t) => {
  const region = (id: number) => {
    const go = (target: string) => ({ go: { guard: ({ event }: At) => event.id === id, target } });
    return { initial: "a", states: { a: { on: go("b") }, b: { on: go("c") }, c: { on: go("a") } } };
  };
  const machine = chart({
    initial: "work",
    states: {
      work: {
        initial: "all",
        on: { stop: "rest" },
        states: {
          all: { type: "parallel", states: { r0: region(0), r1: region(1), r2: region(2) } },
          last: { type: "history", history: "deep" },
        },
      },
      rest: { on: { resume: "work.last", anew: "work" } },
    },
  });
  const events = [...[0, 1, 2].map((id) => ({ type: "go", id })), ...list("stop resume anew")];
  const symmetry = [
    {
      things: 3,
      regions: (id: number) => `work.all.r${id}`,
      event: (event: EventObject, to: Renaming) => ("id" in event ? { ...event, id: to(Number(event.id)) } : event),
    },
  ];
  const full = await explore(machine, { events });
  const found = await explore(machine, { events, symmetry });
  // Working with nothing remembered, working with each of 27 remembered, and resting with each of them.
  t.is(full.states, 27 + 27 * 27 + 27);
  // Of n kinds of states that things may be in there are (n + 2)! / (n - 1)! / 3! for 3 things: n is 3, 9, 3.
  t.is(found.states, 10 + 165 + 10);
  t.deepEqual(found.symmetry, { order: 6, represents: full.states, proven: true });
});
