import type { Driver } from "../../../impl/driver.js";
import { type Came, logOf } from "../../../traces/log/convert.js";
import type { LogEvent } from "../../../traces/log/log.js";
import { answersFrom } from "../../../traces/scenario/record.js";
import type { Scenario, Step } from "../../../traces/scenario/scenario.js";
import { answersOf } from "../../../traces/scenario/script.js";
import { canBeMade } from "../walk.js";

/**
 * Performs a scenario on a new driver and tells what could be seen from outside. Ends after the last step, at a panic, or
 * before a step that can't be made since the driver has made something else of its segment than the scenario says.
 */
export function scenarioEvents(driver: Driver, scenario: Scenario): readonly LogEvent[] {
  const made: Step[] = [];
  const came: Came[] = [];
  for (const step of scenario.steps) {
    const { call } = step;
    if (!canBeMade(call, driver.observe())) break;
    const outcome = driver.perform(call, answersOf(step));
    made.push({ call, answers: answersFrom(outcome.asked) });
    came.push(outcome);
    if (outcome.panic !== null) break;
  }
  const { events } = logOf({ ...scenario, steps: made }, came);
  return events.map((event) => (event.event === "call" ? { ...event, space: spaceOf(event.call.seg) } : event));
}

/** Each segment has an address space of its own: that of a fork is the child's, and one more `create` is in another process (D13). */
export function spaceOf(seg: number): number {
  return seg;
}
