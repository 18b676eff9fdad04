import type { CompiledSystem } from "../compiled/system.js";

/** The state where an event leads; `null` if it is not enabled. Counts as no step. */
export function after(system: CompiledSystem, given: Int32Array, event: number): Int32Array | null {
  const state = system.sized(given);
  const outcome = system.step(state, event);
  return system.compiled.outcomes.enabled[outcome] === 1 ? system.target(state, outcome) : null;
}
