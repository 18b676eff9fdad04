import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import type { AnyStateMachine, EventObject } from "xstate";
import { type Exploration, explore } from "./index.js";
import { referenceSystem } from "./reference.js";
import { agreement } from "./testing/agreement.js";
import { bruteForce } from "./testing/brute-force.js";
import { describeDifference } from "./testing/difference.js";
import { type Engine, engines, hideState } from "./testing/engines.js";
import { machineShape } from "./testing/machine.arbitrary.js";
import { buildMachine } from "./testing/machine-builder.js";
import { EVENTS, type Shape } from "./testing/machine-shape.js";
import { swapping } from "./testing/wrong-systems.js";

/*
 * Machines at random, with everything that a chart may hold: nesting, regions, history, final state nodes and what they
 * set off, eventless transitions, raised events, wildcards and forbidden transitions, guards on the context, the event and
 * on where the machine is, entry and exit actions, several targets, transitions of regions that exclude each other.
 *
 * Seed and number can be given, for a longer search: `SEGMF_TEST_SEED=7 SEGMF_TEST_RUNS=5000 npx ava dist/…`. A failure
 * is reported with both, and with the shape that it shrank to.
 */

const { SEGMF_TEST_SEED: seed = "5", SEGMF_TEST_RUNS: runs = "50" } = process.env;
const chosen = { seed: Number(seed), numRuns: Number(runs) };

/** Larger machines are left to the other runs: they cost more and show no more. */
const MAX_STATES = 80;

/** The number of its own action, of each transition in the coverage that has one. */
function takenByAction(machine: AnyStateMachine, { coverage }: Exploration<EventObject>): Map<string, number> {
  const counts = coverage.transitions.map(({ source, event, candidate, taken }) => {
    const node = machine.getStateNodeById(source);
    const written = event === null ? node.always : node.transitions.get(event);
    const [action] = written?.[candidate]?.actions ?? [];
    return [(action as { readonly type: string } | undefined)?.type ?? "", taken] as const;
  });
  return new Map(counts.filter(([type]) => type !== ""));
}

test("on machines at random the reference agrees with brute force, transition by transition", async (t) => {
  const seen = { single: 0, large: 0, medium: 0, unused: 0, stuck: 0, done: 0 };
  const check = fc.asyncProperty(machineShape, fc.boolean(), async (shape, keyed) => {
    const machine = buildMachine(shape, { keyed });
    const found = await explore(machine, { events: EVENTS, limits: { states: MAX_STATES } });
    seen.large += found.complete ? 0 : 1;
    if (!found.complete) return;
    seen.single += found.states === 1 ? 1 : 0;
    seen.medium += found.states > 10 ? 1 : 0;
    seen.unused += found.coverage.neverTaken.length > 0 ? 1 : 0;
    seen.stuck += found.deadlocks.count > 0 ? 1 : 0;
    const { states, transitions, depth, deadlocks, actions, seen: all } = bruteForce(machine, EVENTS);
    seen.done += all.some(({ snapshot }) => snapshot.status === "done") ? 1 : 0;
    const counts = { states: found.states, transitions: found.transitions, depth: found.depth };
    assert.deepEqual({ ...counts, deadlocks: found.deadlocks.count }, { states, transitions, depth, deadlocks });
    for (const [action, taken] of takenByAction(machine, found)) assert.equal(taken, actions.get(action) ?? 0, action);
  });
  await t.notThrowsAsync(() => fc.assert(check, chosen));
  // The sample is worth something only if it has each sort of machine.
  t.log(chosen, seen);
  for (const many of Object.values(seen)) t.true(many > chosen.numRuns / 50);
  t.true(seen.large + seen.single < chosen.numRuns / 2);
});

/** The property that two engines agree on a machine. */
function agreeing(actual: Engine["system"]) {
  return fc.property(machineShape, (shape) => {
    const machine = buildMachine(shape, { keyed: true });
    const options = { states: MAX_STATES, alphabet: EVENTS };
    const { difference } = agreement(referenceSystem(machine, EVENTS), actual(machine, EVENTS), options);
    assert.ok(difference === undefined, difference && describeDifference(difference));
  });
}

for (const { name, system } of engines) {
  test(`on machines at random the reference agrees with ${name}, edge by edge`, (t) => {
    // That the reference agrees with itself is no news: a few runs show that the comparison raises no false alarm.
    const numRuns = name === "reference" ? 10 : chosen.numRuns;
    t.notThrows(() => fc.assert(agreeing(system), { seed: chosen.seed + 1, numRuns }));
  });
}

test("an engine that takes one event for another is found out, by a small machine", (t) => {
  const wrong: Engine["system"] = (machine, events, input) =>
    hideState(swapping(referenceSystem(machine, events, input), "a", "c"));
  const { failed, counterexample } = fc.check(agreeing(wrong), { seed: 3, numRuns: 100 });
  t.true(failed);
  const [shape] = counterexample ?? [];
  t.true(shape !== undefined && countNodes(shape) <= 6, JSON.stringify(shape));
});

function countNodes({ children }: Shape): number {
  return children.reduce((sum, child) => sum + countNodes(child), 1);
}
