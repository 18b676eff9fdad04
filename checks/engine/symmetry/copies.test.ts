import test from "ava";
import fc from "fast-check";
import type { EventObject } from "xstate";
import { type Coverage, explore } from "../index.js";
import { bruteForce } from "../testing/brute-force.js";
import {
  type Copies,
  type CopyContext,
  copies,
  eventsOf,
  invariants,
  machineOf,
  renamed,
  symmetryOf,
} from "./copies.arbitrary.js";
import { allPermutations, countOrbits, follow } from "./testkit.js";

const lengths = (violations: readonly { readonly invariant: string; readonly path: readonly unknown[] }[]) =>
  violations.map(({ invariant, path }) => `${invariant}: ${path.length}`).sort();

/** What was done by anybody: who it was depends on which states stand for all. */
const enabledTypes = ({ events }: Coverage<EventObject>) =>
  [...new Set(events.filter(({ enabled }) => enabled > 0).map(({ event }) => event.type))].sort();

const limits = { states: 3000 };

/** Machines at random, of the first property, and how many of them have fewer states with symmetry; more in `npm run test:deep`. */
const [MACHINES, REDUCED] = process.env.SEGMF_TEST_DEEP === "1" ? [150, 82] : [40, 21];

test("machines of like regions: as many states stand for all, and paths are as short and the machine's own", async (t) => {
  let reduced = 0;
  const check = async (shape: Copies): Promise<void> => {
    const machine = machineOf(shape);
    const events = eventsOf(shape);
    const full = await explore(machine, { events, invariants, limits });
    fc.pre(full.complete);
    const found = await explore(machine, { events, invariants, symmetry: [symmetryOf(shape)] });
    t.is(found.symmetry?.represents, full.states);
    t.true(found.complete && found.symmetry?.proven);
    t.is(found.depth, full.depth);
    t.deepEqual(lengths(found.violations), lengths(full.violations));
    for (const { invariant, path } of found.violations) t.false(invariants[invariant]?.(follow(t, machine, path)));
    t.is(found.deadlocks.count > 0, full.deadlocks.count > 0);
    t.is(found.deadlocks.paths[0]?.length, full.deadlocks.paths[0]?.length);
    t.deepEqual(enabledTypes(found.coverage), enabledTypes(full.coverage));
    if (found.states < full.states) reduced += 1;
  };
  await fc.assert(fc.asyncProperty(copies, check), { numRuns: MACHINES, seed: 7 });
  t.is(reduced, REDUCED);
});

test("machines of like regions without history have the orbits that renaming all states in all ways finds", async (t) => {
  const check = async (given: Copies): Promise<void> => {
    const shape = { ...given, nested: null };
    const machine = machineOf(shape);
    const events = eventsOf(shape);
    const full = await explore(machine, { events, limits: { states: 150 } });
    fc.pre(full.complete);
    const snapshots = bruteForce(machine, events).seen.map(({ snapshot }) => snapshot);
    const orbits = countOrbits(snapshots, allPermutations(shape.copies), "r", (context, to) =>
      renamed(context as CopyContext, to),
    );
    const found = await explore(machine, { events, symmetry: [symmetryOf(shape)] });
    t.is(found.states, orbits);
  };
  await fc.assert(fc.asyncProperty(copies, check), { numRuns: 40, seed: 11 });
});
