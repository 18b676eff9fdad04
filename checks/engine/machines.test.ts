import test from "ava";
import type { AnyMachineSnapshot } from "xstate";
import type { MachineSystem } from "./machine-system.js";
import { referenceSystem } from "./reference.js";
import { breadthFirst } from "./search.js";
import { agreement } from "./testing/agreement.js";
import { bruteForce } from "./testing/brute-force.js";
import { describeState } from "./testing/describe-state.js";
import { describeDifference } from "./testing/difference.js";
import { engines } from "./testing/engines.js";
import { groups } from "./testing/machines/all.js";
import { list } from "./testing/machines/specimen.js";

/*
 * Small machines, by feature. What the reference engine finds of each is written down beside it and held against an
 * independent explorer; each engine must agree with the reference, edge by edge.
 */

/** The snapshot at the end of a path. Each of its events must be enabled where it is taken. */
function walk<State>(system: MachineSystem<State>, path: string): AnyMachineSnapshot {
  let state = system.initial();
  for (const wanted of list(path)) {
    const enabled = [...system.enabled(state)].find(({ type }) => type === wanted.type);
    if (enabled === undefined) throw new Error(`${wanted.type} is not enabled`);
    state = system.next(state, enabled);
  }
  return system.snapshot(state);
}

for (const [group, specimens] of Object.entries(groups)) {
  for (const { name, machine, events, input, counts, outcomes = [] } of specimens) {
    const [states, transitions, depth] = counts;

    test(`${group}: ${name}: the reference`, async (t) => {
      const found = await breadthFirst(referenceSystem(machine, events, input));
      t.like(found, { states, transitions, depth, complete: true });
      t.like(bruteForce(machine, events, input), { states, transitions, depth });
      for (const [path, state] of outcomes)
        t.is(describeState(walk(referenceSystem(machine, events, input), path)), state);
    });

    for (const { name: engine, system } of engines) {
      // That the reference agrees with itself is no news: `npm run test:deep` shows that the comparison raises no false alarm.
      if (engine === "reference" && process.env.SEGMF_TEST_DEEP !== "1") continue;
      test(`${group}: ${name}: ${engine} agrees`, (t) => {
        const alphabet = typeof events === "function" ? [] : events;
        const result = agreement(referenceSystem(machine, events, input), system(machine, events, input), { alphabet });
        t.is(result.difference && describeDifference(result.difference), undefined);
        t.like(result, { states, transitions, depth, complete: true });
        for (const [path, state] of outcomes) t.is(describeState(walk(system(machine, events, input), path)), state);
      });
    }
  }
}

test("the machines have names of their own, and there are enough of them", (t) => {
  const all = Object.values(groups).flat();
  t.is(all.length, 166);
  t.is(new Set(all.map(({ name }) => name)).size, all.length);
});
