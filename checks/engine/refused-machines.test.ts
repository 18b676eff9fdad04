import test from "ava";
import { stateNodes } from "./chart.js";
import { EngineError } from "./errors.js";
import { explore } from "./index.js";
import { refusals } from "./testing/machines/refused.js";
import { list } from "./testing/machines/specimen.js";

/*
 * Machines that no engine may approximate. Here is what the reference answers; an engine that compiles machines must say
 * that it can't compile these, and name the state node `at` which it is.
 */

for (const { name, machine, events, reference, at } of refusals) {
  test(`${name}: the reference`, async (t) => {
    t.true(stateNodes(machine()).some(({ id }) => id === at));
    const found = await explore(machine(), { events: list(events), limits: { states: 50 } }).catch((thrown) => thrown);
    if (typeof reference === "string") {
      t.true(found instanceof EngineError, String(found));
      t.is(found.code, reference);
    } else if (reference !== null) {
      t.like(found, { states: reference[0], transitions: reference[1], depth: reference[2], complete: true });
    }
  });
}
