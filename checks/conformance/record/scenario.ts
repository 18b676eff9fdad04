import type { Driver } from "../../../impl/driver.js";
import type { LogEvent } from "../../../traces/log/log.js";
import { answersFrom } from "../../../traces/scenario/record.js";
import type { Scenario } from "../../../traces/scenario/scenario.js";
import { answersOf } from "../../../traces/scenario/script.js";
import { canBeMade } from "../walk.js";

/**
 * Performs a scenario on a new driver and tells what could be seen from outside. Ends after the last step, at a panic, or
 * before a step that can't be made since the driver has made something else of its segment than the scenario says.
 */
export function* scenarioEvents(driver: Driver, scenario: Scenario): Generator<LogEvent> {
  for (const step of scenario.steps) {
    const { call } = step;
    if (!canBeMade(call, driver.observe())) break;
    yield { event: "call", thread: 0, space: spaceOf(call.seg), call };
    const { ret, panic, asked } = driver.perform(call, answersOf(step));
    const answers = answersFrom(asked);
    if (panic !== null) {
      yield { event: "panic", thread: 0, reason: panic, answers };
      break;
    }
    yield { event: "return", thread: 0, ret, answers };
  }
  yield { event: "end" };
}

/** Each segment has an address space of its own: that of a fork is the child's, and one more `create` is in another process (D13). */
export function spaceOf(seg: number): number {
  return seg;
}
