import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition, EventObject } from "xstate";
import { transitionsOf } from "../chart.js";
import { join } from "./compile.js";
import { SharedObject } from "./context.js";
import { CompiledSystem } from "./system.js";

/** What a step of a machine comes to. */
export interface MachineStep {
  /** The same object for the same state, as long as it is remembered; the very one stepped from if the event is not enabled. */
  readonly snapshot: AnyMachineSnapshot;
  /** The transitions of the chart that were taken, in order, eventless ones and those of raised events included. */
  readonly taken: readonly AnyTransitionDefinition[];
}

/** States remembered at a time. */
const MOST_STATES = 20_000;

/**
 * Steps a machine from snapshot to snapshot as XState's `transition` does, by look-up: each combination of what a step
 * reads of the state is worked out once. For machines that `explore` can compile.
 */
export class MachineStepper {
  readonly #machine: AnyStateMachine;
  readonly #transitions: readonly AnyTransitionDefinition[];
  readonly #leaders = new Map<string, string>();
  #system: CompiledSystem;
  #states = new WeakMap<AnyMachineSnapshot, Int32Array>();
  #snapshots = new Map<string, AnyMachineSnapshot>();

  /** @throws Uncompilable */
  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
    this.#system = new CompiledSystem(machine, [], undefined, this.#leaders);
    const { nodes } = this.#system.compiled.interpreter.layout;
    this.#transitions = nodes.flatMap(({ state }) => transitionsOf(state).map(({ transition }) => transition));
  }

  /** @throws EngineError as `explore` does; Uncompilable */
  step(from: AnyMachineSnapshot, event: EventObject): MachineStep {
    try {
      return this.#step(from, event);
    } catch (thrown) {
      if (!(thrown instanceof SharedObject)) throw thrown;
      join(this.#leaders, thrown.members);
      this.#system = new CompiledSystem(this.#machine, [], undefined, this.#leaders);
      this.#states = new WeakMap();
      this.#snapshots = new Map();
      return this.step(from, event);
    }
  }

  #step(from: AnyMachineSnapshot, event: EventObject): MachineStep {
    const { compiled } = this.#system;
    const state = this.#stateOf(from);
    const outcome = this.#system.step(state, compiled.numberOf(event, 0));
    if (compiled.outcomes.enabled[outcome] === 0) return { snapshot: from, taken: [] };
    const { taken } = compiled.outcomes.of(outcome);
    return {
      snapshot: this.#snapshotOf(this.#system.next(state, event)),
      taken: taken.flatMap((number) => this.#transitions[number] ?? []),
    };
  }

  #stateOf(snapshot: AnyMachineSnapshot): Int32Array {
    let state = this.#states.get(snapshot);
    if (state === undefined) {
      state = this.#system.compiled.encode(snapshot);
      this.#states.set(snapshot, state);
    }
    return state;
  }

  #snapshotOf(state: Int32Array): AnyMachineSnapshot {
    const key = this.#system.key(state);
    let snapshot = this.#snapshots.get(key);
    if (snapshot === undefined) {
      if (this.#snapshots.size >= MOST_STATES) this.#snapshots.clear();
      snapshot = this.#system.snapshot(state);
      this.#snapshots.set(key, snapshot);
      this.#states.set(snapshot, state);
    }
    return snapshot;
  }
}
