/**
 * Explores XState v5 machines: every reachable state, every transition, exactly once, breadth first.
 *
 * For machines that are closed (no actors) and whose guards and assigns are pure. Say what may happen and what must
 * always hold; learn whether it does, and if not, by which shortest way it is broken:
 *
 * ```ts
 * import { explore } from "segmf/engine";
 * import { assign, setup } from "xstate";
 *
 * const counter = setup({
 *   types: { context: {} as { n: number }, events: {} as { type: "up" } | { type: "down" } },
 *   guards: { low: ({ context }) => context.n < 3 },
 *   actions: {
 *     more: assign({ n: ({ context }) => context.n + 1 }),
 *     less: assign({ n: ({ context }) => context.n - 1 }),
 *   },
 * }).createMachine({
 *   context: { n: 0 },
 *   on: { up: { guard: "low", actions: "more" }, down: { actions: "less" } },
 * });
 *
 * const found = await explore(counter, {
 *   events: [{ type: "up" }, { type: "down" }],
 *   invariants: { "never negative": (snapshot) => snapshot.context.n >= 0 },
 *   limits: { states: 1000, seconds: 10 },
 * });
 * // found.complete is false (it counts down for ever), found.stopped is "states", and
 * // found.violations is [{ invariant: "never negative", path: [{ type: "down" }] }]
 * ```
 *
 * What is exact: states are told apart by their whole content, never by a hash; counts are those of the machine; every
 * path is a shortest one. What is not seen: effects (custom actions, emitted events, `sendTo` other actors) are not
 * executed; time does not pass, so a delay is an event that you list or that never comes; two maps or sets that differ
 * only in the order of insertion are one; whether two references lead to one object or to two equal ones makes no
 * difference.
 *
 * `explore` is made of parts that serve other systems as well: `breadthFirst` searches any `TransitionSystem`.
 */

export type { CheckpointOptions } from "./checkpoint/index.js";
export { type MachineState, type MachineStep, MachineStepper, type StateQuestion } from "./compiled/stepper.js";
export { EngineError, type EngineErrorCode } from "./errors.js";
export { type EventList, type ExploredEvent, type ExploreOptions, explore, type SystemEvent } from "./explore.js";
export { stateKey, valueKey } from "./key.js";
export type { Limits, StopReason } from "./limits.js";
export { type PathOptions, type ReplayPath, type ReplayStep, shortestPaths, simplePaths } from "./paths.js";
export type { Coverage, Deadlocks, EventCoverage, Exploration, TransitionCoverage, Violation } from "./result.js";
export { breadthFirst, type Place, type Progress, type Search, type SearchOptions } from "./search.js";
export type { RenamedMembers, Renaming, Symmetry, SymmetryUsed } from "./symmetry/symmetry.js";
export type { Key, TransitionSystem } from "./system.js";
