import test, { type ExecutionContext } from "ava";
import { type AnyMachineSnapshot, type AnyStateMachine, assign, type EventObject, setup } from "xstate";
import type { PackedOptions } from "../compiled/search.js";
import { diningPhilosophers, dinnerEvents } from "../examples/dining-philosophers.js";
import { commitEvents, consistent, twoPhaseCommit } from "../examples/two-phase-commit.js";
import { EngineError, type Exploration, explore, valueKey } from "../index.js";
import type { Events } from "../machine-system.js";
import { referenceSystem } from "../reference.js";
import { brief, exploreBy } from "./testkit.js";

/*
 * What several threads find is what one finds. They are started after a few states here, so that they have most of the
 * work, and whatever the tables don't know is set aside and told.
 */

/** `npm run test:deep` has more of everything. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

const COMMITS: readonly (readonly [managers: number, states: number, transitions: number, depth: number])[] = [
  [3, 288, 1145, 11],
  [4, 1568, 8257, 14],
  [5, 8832, 58_145, 17],
];

for (const workers of [2, 3]) {
  test(`two-phase commit, by ${workers} threads`, async (t) => {
    for (const [n, states, transitions, depth] of IS_DEEP ? COMMITS : COMMITS.slice(0, 2)) {
      const invariants = { consistent, undecided: ({ value }: AnyMachineSnapshot) => value.tm !== "committed" };
      const one = await exploreBy(1, twoPhaseCommit(n), commitEvents(n), { invariants });
      const several = await exploreBy(workers, twoPhaseCommit(n), commitEvents(n), { invariants });
      t.like(several, { states, transitions, depth, complete: true });
      t.deepEqual(brief(several), brief(one));
      t.like(several.engine, { kind: "compiled", workers, because: null });
      // Every manager prepares, and is heard of, before the decision.
      t.deepEqual(
        several.violations.map(({ invariant, path }) => [invariant, path.length]),
        [["undecided", 2 * n + 1]],
      );
      replay(t, several, twoPhaseCommit(n), commitEvents(n), invariants);
    }
  });

  test(`dining philosophers, and how they are stuck, by ${workers} threads`, async (t) => {
    const one = await exploreBy(1, diningPhilosophers(7), dinnerEvents(7));
    const several = await exploreBy(workers, diningPhilosophers(7), dinnerEvents(7));
    t.deepEqual(brief(several), brief(one));
    t.is(several.deadlocks.count, 1);
    t.deepEqual(
      several.deadlocks.paths.map((path) => path.length),
      [7],
    );
  });

  test(`values that come up late, by ${workers} threads: states are packed anew, and tables get long`, async (t) => {
    const many = IS_DEEP || workers === 2 ? 9000 : 900;
    const one = await exploreBy(1, numbers(many), STEPS);
    const several = await exploreBy(workers, numbers(many), STEPS);
    t.is(several.states, many);
    t.deepEqual(brief(several), brief(one));
  });
}

test("events that depend on the state", async (t) => {
  const events = ({ value }: AnyMachineSnapshot) =>
    commitEvents(3).filter(({ type }) => type !== "tm.abort" || value.tm === "undecided");
  const several = await exploreBy(2, twoPhaseCommit(3), events as Events);
  t.deepEqual(brief(several), brief(await exploreBy(1, twoPhaseCommit(3), events as Events)));
  t.is(several.states, 288);
});

test("a limit on states, by several threads", async (t) => {
  const stopped = await exploreBy(2, twoPhaseCommit(4), commitEvents(4), { limits: { states: 1000 } });
  t.like(stopped, { states: 1000, complete: false, stopped: "states" });
  const exact = await exploreBy(2, twoPhaseCommit(4), commitEvents(4), { limits: { states: 1568 } });
  t.like(exact, { states: 1568, transitions: 8257, complete: true });
});

test("a signal and a limit on seconds, by several threads, and what is told meanwhile", async (t) => {
  const controller = new AbortController();
  const told: number[] = [];
  const aborted = await exploreBy(2, numbers(Number.POSITIVE_INFINITY), STEPS, {
    limits: { signal: controller.signal },
    progress({ states }) {
      told.push(states);
      if (states >= 2000 && told.length >= 2) controller.abort();
    },
  });
  t.like(aborted, { complete: false, stopped: "aborted" });
  t.true(aborted.states >= 2000 && told.length >= 2);
  const late = await exploreBy(2, numbers(Number.POSITIVE_INFINITY), STEPS, { limits: { seconds: 0.1 } });
  t.like(late, { complete: false, stopped: "seconds" });
  const broken = new Error("no terminal");
  const progress = () => {
    throw broken;
  };
  t.is(await t.throwsAsync(exploreBy(2, twoPhaseCommit(3), commitEvents(3), { progress })), broken);
});

test("a guard that throws in a worker's share: with a shortest path", async (t) => {
  for (const workers of [1, 2, 3]) {
    const error = await t.throwsAsync<EngineError>(exploreBy(workers, numbers(900, 100), STEPS), {
      instanceOf: EngineError,
    });
    t.like(error, { code: "guard-threw", at: "(inline)" });
    const path = (error?.path ?? []) as readonly EventObject[];
    t.is(numberAt(path), 100);
    t.is(path.length, 6);
  }
});

test("an invariant that throws in a worker's share: with a shortest path", async (t) => {
  const fine = ({ context }: AnyMachineSnapshot): boolean => {
    if (context.n === 100) throw new Error("a hundred");
    return true;
  };
  for (const workers of [1, 2, 3]) {
    const found = exploreBy(workers, numbers(900), STEPS, { invariants: { fine } });
    const error = await t.throwsAsync<EngineError>(found, { instanceOf: EngineError });
    t.like(error, { code: "invariant-threw", at: "fine" });
    t.is(error?.event, undefined);
    t.is(numberAt((error?.path ?? []) as readonly EventObject[]), 100);
  }
});

test("why there are fewer threads than were asked for", async (t) => {
  const machine = twoPhaseCommit(3);
  const small = await explore(machine, { events: commitEvents(3), workers: 2 });
  t.like(small, { states: 288, engine: { workers: 1 } });
  t.regex((small.engine.kind === "compiled" && small.engine.because) || "", /^there are no more than 100000 states/);
  const checked = await exploreBy(2, machine, commitEvents(3), { selfCheck: 1 });
  t.like(checked, { states: 288, engine: { workers: 1, confirmed: 1145 } });
  const alone = await explore(machine, { events: commitEvents(3) });
  t.like(alone.engine, { workers: 1, because: null });
  for (const workers of [0, 1.5, 65, Number.NaN]) {
    const refused = explore(machine, { events: commitEvents(3), workers });
    t.is((await t.throwsAsync<EngineError>(refused, { instanceOf: EngineError }))?.code, "bad-option");
  }
});

test("threads are started by themselves where a machine is large", async (t) => {
  const found = await explore(diningPhilosophers(14), { events: dinnerEvents(14), workers: 2 });
  t.like(found, { states: 228_486, complete: true, engine: { workers: 2, because: null } });
});

const STEPS = [{ type: "left" }, { type: "right" }, { type: "back" }] as const;

/** Numbers below a bound: from each to twice that and a bit more, as in a heap. A guard throws at one of them. */
function numbers(bound: number, bad = -1) {
  const heap = setup({
    types: { context: {} as { n: number; far?: number }, events: {} as (typeof STEPS)[number] },
    actions: {
      go: assign(({ context }, { by }: { by: number }) => ({
        n: 2 * context.n + by,
        // A member of the context that comes up late.
        ...(context.n > 300 ? { far: context.n % 2 } : {}),
      })),
    },
  });
  const step = (by: number) => ({
    guard: ({ context: { n } }: { readonly context: { readonly n: number } }) => {
      if (n === bad) throw new Error("bad number");
      return 2 * n + by < bound;
    },
    actions: { type: "go", params: { by } } as const,
  });
  return heap.createMachine({ context: { n: 0 }, on: { left: step(1), right: step(2) } });
}

function numberAt(path: readonly EventObject[]): number {
  return path.reduce((n, { type }) => 2 * n + (type === "left" ? 1 : 2), 0);
}

/** Takes each violation's path step by step: it must lead to a state that breaks the invariant. */
function replay(
  t: ExecutionContext,
  { violations }: Exploration<EventObject>,
  machine: AnyStateMachine,
  events: Events,
  invariants: PackedOptions["invariants"],
): void {
  for (const { invariant, path } of violations) {
    const system = referenceSystem(machine, events);
    let state = system.initial();
    for (const event of path) {
      t.true([...system.enabled(state)].some((enabled) => valueKey(enabled) === valueKey(event)));
      state = system.next(state, event);
    }
    t.false(invariants[invariant]?.(state));
  }
}
