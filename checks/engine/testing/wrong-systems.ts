import type { AnyMachineSnapshot, EventObject } from "xstate";
import type { MachineSystem } from "../machine-system.js";

type System = MachineSystem<AnyMachineSnapshot>;

/** Systems that each do one thing otherwise than the one that they wrap. */

/** `system` with some of its functions replaced. */
export function altered(system: System, change: Partial<System>): System {
  return {
    initial: change.initial ?? (() => system.initial()),
    enabled: change.enabled ?? ((state) => system.enabled(state)),
    next: change.next ?? ((state, event) => system.next(state, event)),
    key: change.key ?? ((state) => system.key(state)),
    snapshot: change.snapshot ?? ((state) => system.snapshot(state)),
    coverage: change.coverage ?? (() => system.coverage()),
  };
}

/** Shows snapshots with some members replaced. */
export function showing(system: System, change: (snapshot: AnyMachineSnapshot) => object): System {
  return altered(system, { snapshot: (state) => ({ ...state, ...change(state) }) });
}

/** Does not offer an event in states whose value is `where`. */
export function dropping(system: System, type: string, where: string): System {
  const keep = (state: AnyMachineSnapshot) => (event: EventObject) => event.type !== type || state.value !== where;
  return altered(system, { enabled: (state) => [...system.enabled(state)].filter(keep(state)) });
}

/** Takes one event for another wherever the other is enabled too. */
export function swapping(system: System, type: string, other: string): System {
  return altered(system, {
    next: (state, event) =>
      system.next(state, event.type === type && state.can({ type: other }) ? { type: other } : event),
  });
}

/** Counts one more for a transition. */
export function miscounting(system: System, source: string): System {
  return altered(system, {
    coverage: () => {
      const coverage = system.coverage();
      const transitions = coverage.transitions.map((each) =>
        each.source === source ? { ...each, taken: each.taken + 1 } : each,
      );
      return { ...coverage, transitions };
    },
  });
}
