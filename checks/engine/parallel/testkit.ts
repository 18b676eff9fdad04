import type { AnyStateMachine, EventObject } from "xstate";
import { withCompiled } from "../compiled/compile.js";
import { explorePacked, type PackedOptions } from "../compiled/search.js";
import { valueKey } from "../key.js";
import type { Events } from "../machine-system.js";
import type { Exploration } from "../result.js";
import { exploreParallel } from "./explore.js";

/** What so many threads find; more than one are started as soon as there are a few states. */
export function exploreBy(
  workers: number,
  machine: AnyStateMachine,
  events: Events,
  options: Partial<PackedOptions> & { readonly input?: unknown } = {},
): Promise<Exploration<EventObject>> {
  const { input, ...given } = options;
  const whole: PackedOptions = { invariants: {}, limits: {}, selfCheck: 0, ...given };
  return withCompiled(machine, events, input, (system) =>
    workers === 1 ? explorePacked(system, whole) : exploreParallel(system, whole, { workers, from: 2 }),
  );
}

/** What must be the same with any number of threads. */
export function brief({ violations, deadlocks, coverage, engine, ...counts }: Exploration<EventObject>) {
  const byKey = coverage.events.map(({ event, enabled }) => [valueKey(event), enabled] as const);
  return {
    ...counts,
    kind: engine.kind,
    violations: violations.map(({ invariant, path }) => `${path.length} ${invariant}`).sort(),
    deadlocks: [deadlocks.count, ...deadlocks.paths.map((path) => path.length)],
    transitions: coverage.transitions,
    events: Object.fromEntries(byKey),
    neverEnabled: coverage.neverEnabled.map((event) => valueKey(event)).sort(),
  };
}
