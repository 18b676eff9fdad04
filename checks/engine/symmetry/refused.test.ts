import test, { type ExecutionContext } from "ava";
import { assign, initialTransition, setup, transition } from "xstate";
import { diningPhilosophers, dinnerEvents } from "../examples/dining-philosophers.js";
import { type CommitEvent, commitEvents, twoPhaseCommit } from "../examples/two-phase-commit.js";
import { EngineError, type EngineErrorCode, explore } from "../index.js";
import { managers } from "./testkit.js";

/** What an exploration rejects with. */
async function refused(t: ExecutionContext, code: EngineErrorCode, run: () => Promise<unknown>): Promise<EngineError> {
  return await t.throwsAsync<EngineError>(run, { instanceOf: EngineError, code });
}

interface Odd {
  readonly n: number;
  /** Who can't be seen by others to behave as they do. */
  readonly limit?: (id: number, count: number) => boolean;
  readonly initial?: (id: number) => string;
  readonly count?: number;
}

type Tick = { readonly type: "tick"; readonly id: number };
const clock = setup({ types: { context: {} as { count: number; last: number | null }, events: {} as Tick } });

/** Regions that are on or off, and a count of ticks. */
function machineOf({ n, limit = () => true, initial = () => "off", count = 0 }: Odd) {
  const region = (id: number) =>
    clock.createStateConfig({
      initial: initial(id),
      states: {
        off: {
          on: {
            tick: {
              guard: ({ event, context }) => event.id === id && context.count < 4 && limit(id, context.count),
              target: "on",
              actions: assign({ count: ({ context }) => context.count + 1, last: ({ event }) => event.id }),
            },
          },
        },
        on: { on: { tick: { guard: ({ event }) => event.id === id, target: "off" } } },
      },
    });
  const states = Object.fromEntries(Array.from({ length: n }, (_, id) => [`r${id}`, region(id)]));
  return clock.createMachine({ id: "m", type: "parallel", context: { count, last: null }, states });
}

const ticks = (n: number): Tick[] => Array.from({ length: n }, (_, id) => ({ type: "tick", id }));
type Context = { readonly count: number; readonly last: number | null };
const regions = (n: number) => ({
  things: n,
  regions: (id: number) => `m.r${id}`,
  context: ({ count, last }: Context, to: (id: number) => number) => ({ count, last: last === null ? null : to(last) }),
  event: (event: Tick, to: (id: number) => number) => ({ ...event, id: to(event.id) }),
});

test("the machine is symmetric as long as nothing is changed in it", async (t) => {
  const found = await explore(machineOf({ n: 3 }), { events: ticks(3), symmetry: [regions(3)] });
  const full = await explore(machineOf({ n: 3 }), { events: ticks(3) });
  t.deepEqual(found.symmetry, { order: 6, represents: full.states, proven: true });
  t.true(found.states < full.states);
});

test("a guard that treats one thing otherwise, far from the start", async (t) => {
  const machine = machineOf({ n: 3, limit: (id, count) => id !== 1 || count !== 2 });
  const error = await refused(t, "not-symmetric", () => explore(machine, { events: ticks(3), symmetry: [regions(3)] }));
  t.regex(error.headline, /^An event is (?:not )?enabled in a state, but is (?:not )?when things are renamed/);
  t.regex(error.at ?? "", /^symmetry\[0\]: /);
  t.is(error.path?.length, 2);
  t.true("type" in (error.event as object));
});

test("an assign that treats one thing otherwise", async (t) => {
  const machine = setup({ types: { context: {} as { a: number; b: number }, events: {} as Tick } }).createMachine({
    context: { a: 0, b: 0 },
    on: {
      tick: {
        actions: assign(({ event }) => (event.id === 0 ? { a: 1 } : { b: 2 })),
      },
    },
  });
  const error = await refused(t, "not-symmetric", () =>
    explore(machine, {
      events: ticks(2),
      symmetry: [
        {
          things: 2,
          context: ({ a, b }, to) => (to(0) === 0 ? { a, b } : { a: b, b: a }),
          event: (event, to) => ({ ...event, id: to(event.id) }),
        },
      ],
    }),
  );
  t.regex(error.headline, /^An event leads to another state when things are renamed/);
  t.deepEqual(error.path, []);
  t.deepEqual(error.event, { type: "tick", id: 0 });
});

test("an initial state that is not the same for all", async (t) => {
  const machine = machineOf({ n: 2, initial: (id) => (id === 0 ? "on" : "off") });
  const error = await refused(t, "not-symmetric", () => explore(machine, { events: ticks(2), symmetry: [regions(2)] }));
  t.regex(error.headline, /^The initial state is another one/);
  t.deepEqual(error.path, []);
});

test("events that are not closed under renaming", async (t) => {
  const run = () => explore(machineOf({ n: 3 }), { events: ticks(2), symmetry: [regions(3)] });
  const error = await refused(t, "not-symmetric", run);
  t.is(
    error.headline,
    "`events` lacks tick {id: 2}, which is tick {id: 1} with things renamed (symmetry[0]: 1 → 2 → 1).",
  );
});

test("a renaming of events that makes two into one", async (t) => {
  const symmetry = [{ ...regions(2), event: (event: Tick) => ({ ...event, id: 0 }) }];
  const error = await refused(t, "not-symmetric", () => explore(machineOf({ n: 2 }), { events: ticks(2), symmetry }));
  t.regex(error.headline, /^Two events become tick/);
});

test("a renaming of the context that forgets something", async (t) => {
  const symmetry = [{ ...regions(2), context: ({ count }: Context) => ({ count, last: null }) }];
  const error = await refused(t, "not-symmetric", () => explore(machineOf({ n: 2 }), { events: ticks(2), symmetry }));
  t.regex(error.headline, /^`context` of the symmetry is not undone by the opposite renaming/);
});

test("a context that names things, and no renaming of it", async (t) => {
  const { context: _, ...symmetry } = regions(2);
  const run = () => explore(machineOf({ n: 2 }), { events: ticks(2), symmetry: [symmetry] });
  const error = await refused(t, "not-symmetric", run);
  t.regex(error.headline, /^An event leads to another state/);
});

test("renamings of events of which two do not come to the same as the one that both come to", async (t) => {
  // Knows only of swaps of 0 and 1: each renaming is undone by the opposite one, but swapping 1 and 2 before and after is not
  // the same as swapping 0 and 1 before and after.
  const event = (given: Tick, to: (id: number) => number) => (to(2) === 2 ? { ...given, id: to(given.id) } : given);
  const symmetry = [{ ...regions(3), event }];
  const error = await refused(t, "not-symmetric", () => explore(machineOf({ n: 3 }), { events: ticks(3), symmetry }));
  t.regex(error.headline, /^`event` of the symmetry does not come to the same by two ways of renaming/);
});

test("a renaming that throws", async (t) => {
  const symmetry = [
    {
      ...regions(2),
      event: (): Tick => {
        throw new TypeError("no such event");
      },
    },
  ];
  const error = await refused(t, "not-symmetric", () => explore(machineOf({ n: 2 }), { events: ticks(2), symmetry }));
  t.is(error.headline, "`event` of the symmetry threw: TypeError: no such event (symmetry[0]: 0 → 1 → 0).");
});

test("an invariant that treats one thing otherwise", async (t) => {
  const invariants = {
    "rm1 never gives up": ({ value }: { readonly value: object }) => Reflect.get(value, "rm1") !== "aborted",
  };
  const run = () => explore(twoPhaseCommit(3), { events: commitEvents(3), invariants, symmetry: [managers(3)] });
  const error = await refused(t, "not-symmetric", run);
  t.regex(error.headline, /^Invariant 'rm1 never gives up' is (?:true|false) of a state, but (?:true|false) when/);
  t.deepEqual(
    error.path?.map((event) => (event as CommitEvent).type),
    ["rm.give up"],
  );
});

test("a guard that throws: the path is the machine's own", async (t) => {
  const machine = machineOf({
    n: 3,
    limit(_, count) {
      if (count === 2) throw new TypeError("no such count");
      return true;
    },
  });
  const error = await refused(t, "guard-threw", () => explore(machine, { events: ticks(3), symmetry: [regions(3)] }));
  t.is(error.path?.length, 2);
  let [snapshot] = initialTransition(machine);
  for (const event of error.path ?? []) [snapshot] = transition(machine, snapshot, event as Tick);
  t.is(snapshot.context.count, 2);
  t.throws(() => snapshot.can(error.event as Tick), { message: /no such count/ });
});

test("an invariant that throws: the path is the machine's own", async (t) => {
  const invariants = {
    fine({ context }: { readonly context: Context }) {
      if (context.count === 2) throw new TypeError("no such count");
      return true;
    },
  };
  const run = () => explore(machineOf({ n: 3 }), { events: ticks(3), invariants, symmetry: [regions(3)] });
  const error = await refused(t, "invariant-threw", run);
  t.deepEqual(
    error.path?.map((event) => (event as Tick).type),
    ["tick", "tick"],
  );
});

test("philosophers can't be swapped, only turned", async (t) => {
  const event = (given: ReturnType<typeof dinnerEvents>[number], to: (seat: number) => number) => ({
    ...given,
    seat: to(given.seat),
  });
  const symmetry = [{ things: 4, regions: (seat: number) => `seat${seat}`, event }];
  const run = () => explore(diningPhilosophers(4), { events: dinnerEvents(4), symmetry });
  const error = await refused(t, "not-symmetric", run);
  t.is(error.path?.length, 2);
});

test("what symmetry would make wrong", async (t) => {
  const symmetry = [regions(2)];
  const machine = machineOf({ n: 2 });
  const message = async (options: object) =>
    (await refused(t, "bad-option", () => explore(machine, { events: ticks(2), symmetry, ...options }))).headline;
  t.is(await message({ engine: "reference" }), "`symmetry` can't be had together with the reference engine.");
  t.is(await message({ events: () => ticks(2) }), "`symmetry` can't be had together with a function as `events`.");
  t.is(await message({ events: [() => ticks(2)] }), "`symmetry` can't be had together with a function as `events`.");
  t.is(await message({ workers: 2 }), "`symmetry` can't be had together with `workers`.");
  t.is(await message({ checkpoint: "file" }), "`symmetry` can't be had together with `checkpoint`.");
});

test("declarations that make no sense", async (t) => {
  const machine = machineOf({ n: 2 });
  const message = async (change: object) =>
    (
      await refused(t, "bad-option", () =>
        explore(machine, { events: ticks(2), symmetry: [{ ...regions(2), ...change }] }),
      )
    ).headline;
  t.is(await message({ things: 0 }), "symmetry[0].things must be a whole number of at least 1, not 0.");
  t.is(await message({ under: [[0, 0]] }), "symmetry[0].under: [0,0] is no permutation of 0 to 1.");
  t.is(
    await message({ regions: () => "r0" }),
    "symmetry[0].regions: state node 'm.r0' belongs to two things (symmetry[0], thing 0; symmetry[0], thing 1).",
  );
  t.is(await message({ regions: (id: number) => `x${id}` }), "symmetry[0].regions(0): there is no state node 'x0'.");
  t.is(
    await message({ regions: (id: number) => `r${id}.off` }),
    "symmetry[0].regions(0): state node 'r0.off' is no region of a parallel one.",
  );
  t.is(
    await message({
      things: 7,
      regions: undefined,
      under: [
        [1, 0, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6, 0],
      ],
    }),
    'symmetry[0].under makes more than 1000 permutations: give fewer, or "all" if it is all.',
  );
});

test("regions that don't look alike", async (t) => {
  const machine = setup({}).createMachine({
    id: "m",
    type: "parallel",
    states: { a: { initial: "x", states: { x: {}, y: {} } }, b: { initial: "x", states: { x: {}, z: {} } } },
  });
  const symmetry = [{ things: 2, regions: (id: number) => "ab".charAt(id) }];
  const error = await refused(t, "bad-option", () => explore(machine, { events: [], symmetry }));
  t.is(error.headline, "symmetry[0].regions: state nodes 'm.a.y' and 'm.b.z' don't look alike.");
});

test("a machine that can't be compiled is not explored otherwise", async (t) => {
  const machine = setup({}).createMachine({
    type: "parallel",
    states: { a: {}, b: {} },
    on: { go: { actions: assign(({ self }) => ({ id: self.id })) } },
  });
  const symmetry = [{ things: 2, regions: (id: number) => "ab".charAt(id) }];
  await refused(t, "not-compilable", () => explore(machine, { events: [{ type: "go" }], symmetry }));
});
