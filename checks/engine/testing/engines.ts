import type { AnyStateMachine } from "xstate";
import { join } from "../compiled/compile.js";
import { SharedObject } from "../compiled/context.js";
import { CompiledSystem } from "../compiled/system.js";
import { whyNotCompiled } from "../compiled/uncompilable.js";
import { EngineError } from "../errors.js";
import type { Events, MachineSystem } from "../machine-system.js";
import { referenceSystem } from "../reference.js";

/** An engine that is held against the reference. */
export interface Engine {
  readonly name: string;
  readonly system: (machine: AnyStateMachine, events: Events, input?: unknown) => MachineSystem<unknown>;
}

/** All of them. A new engine is one more line here. */
export const engines: readonly Engine[] = [
  { name: "reference", system: (machine, events, input) => hideState(referenceSystem(machine, events, input)) },
  { name: "compiled", system: (machine, events, input) => compiledOrReference(machine, events, input) },
];

/** The machine compiled, or left to the reference engine as `explore` does it. */
function compiledOrReference(machine: AnyStateMachine, events: Events, input: unknown): MachineSystem<unknown> {
  const leaders = new Map<string, string>();
  for (;;) {
    try {
      tryOut(new CompiledSystem(machine, events, input, leaders));
      return hideState(new CompiledSystem(machine, events, input, leaders));
    } catch (thrown) {
      if (thrown instanceof SharedObject) join(leaders, thrown.members);
      else if (whyNotCompiled(thrown) !== null) return hideState(referenceSystem(machine, events, input));
      else if (thrown instanceof EngineError) return hideState(new CompiledSystem(machine, events, input, leaders));
      else throw thrown;
    }
  }
}

const MOST_STATES = 20_000;

/** Expands all states, or very many. */
function tryOut(system: CompiledSystem): void {
  const initial = system.initial();
  const seen = new Set([system.key(initial)]);
  const queue = [initial];
  for (const state of queue) {
    for (const event of system.enabled(state)) {
      const next = system.next(state, event);
      const key = system.key(next);
      if (seen.has(key) || seen.size > MOST_STATES) continue;
      seen.add(key);
      queue.push(next);
    }
  }
}

/** A system whose states nobody looks into. */
export function hideState<State>(system: MachineSystem<State>): MachineSystem<unknown> {
  return {
    initial: () => system.initial(),
    enabled: (state) => system.enabled(state as State),
    next: (state, event) => system.next(state as State, event),
    key: (state) => system.key(state as State),
    snapshot: (state) => system.snapshot(state as State),
    coverage: () => system.coverage(),
  };
}
