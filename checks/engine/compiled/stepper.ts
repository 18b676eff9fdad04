import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition, EventObject } from "xstate";
import { transitionsOf } from "../chart.js";
import { join } from "./compile.js";
import { SharedObject } from "./context.js";
import type { Question } from "./machine.js";
import { type MachineView, plainView } from "./snapshot.js";
import { CompiledSystem } from "./system.js";

/** A state of a machine, as its stepper has it. */
export class MachineState {
  /** The system whose numbers these are. */
  readonly system: CompiledSystem;
  /** A number for each slot. Slots that came up later are 0. */
  slots: Int32Array;
  /** Another state with the same hash. */
  other: MachineState | null = null;
  #view: MachineView | null = null;
  #snapshot: AnyMachineSnapshot | null = null;

  constructor(system: CompiledSystem, slots: Int32Array) {
    this.system = system;
    this.slots = slots;
  }

  /** Becomes another state: its slots were written anew. */
  become(slots: Int32Array): void {
    this.slots = slots;
    this.#view = null;
    this.#snapshot = null;
  }

  /** What of the state's snapshot its owner put into it; made when it is first looked at. */
  get view(): MachineView {
    this.#view ??= plainView(this.system.compiled.interpreter, this.system.sized(this.slots));
    return this.#view;
  }

  /** The snapshot that XState has of it. Takes XState's time. */
  get snapshot(): AnyMachineSnapshot {
    this.#snapshot ??= this.system.snapshot(this.system.sized(this.slots));
    return this.#snapshot;
  }
}

/** What a step of a machine comes to. */
export interface MachineStep {
  /** Lasts until the step after the next one: what is to last longer is kept by `MachineStepper.same`. */
  readonly next: MachineState;
  /**
   * The transitions of the chart that were taken, in order, eventless ones and those of raised events included. Steps of one
   * event that take the same and write the same have the same list.
   */
  readonly taken: readonly AnyTransitionDefinition[];
}

/** Something to be found out about states, from their views, by looking at nothing else. */
export interface StateQuestion<T> {
  readonly ask: (view: MachineView) => T;
}

/**
 * Steps a machine from state to state as XState's `transition` does, by look-up: each combination of what a step
 * reads of the state is worked out once. For machines that `explore` can compile.
 */
export class MachineStepper {
  readonly #machine: AnyStateMachine;
  readonly #transitions: readonly AnyTransitionDefinition[];
  readonly #leaders = new Map<string, string>();
  #system: CompiledSystem;
  /** By outcome. */
  #taken: (readonly AnyTransitionDefinition[])[] = [];
  #questions = new Map<StateQuestion<unknown>, Question<unknown>>();
  #states = new Map<number, MachineState>();
  /** Where steps lead to, in turn: most states are met in passing, and need no memory of their own. */
  #passing: readonly MachineState[] = [];
  #turn = 0;

  /** @throws Uncompilable */
  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
    this.#system = new CompiledSystem(machine, [], undefined, this.#leaders);
    const { nodes } = this.#system.compiled.interpreter.layout;
    this.#transitions = nodes.flatMap(({ state }) => transitionsOf(state).map(({ transition }) => transition));
  }

  /** The state of a snapshot. */
  state(snapshot: AnyMachineSnapshot): MachineState {
    return this.#retried(() => new MachineState(this.#system, this.#system.compiled.encode(snapshot)));
  }

  /** What an event does in a state; null if it is not enabled. @throws EngineError as `explore` does; Uncompilable */
  step(from: MachineState, event: EventObject): MachineStep | null {
    for (;;) {
      try {
        return this.#step(from, event);
      } catch (thrown) {
        this.#join(thrown);
      }
    }
  }

  /** Whether an event does anything in a state. Throws as `step` does. */
  can(from: MachineState, event: EventObject): boolean {
    return this.#retried(() => {
      const { compiled } = this.#system;
      const outcome = this.#system.step(this.#slotsOf(from), compiled.numberOf(event, 0));
      return compiled.outcomes.enabled[outcome] !== 0;
    });
  }

  /** What there is to say of a state: asked once of all that are alike in what it takes to answer. */
  answer<T>(question: StateQuestion<T>, state: MachineState): T {
    return this.#retried(() => this.#system.compiled.answer(this.#asked(question), this.#slotsOf(state)));
  }

  /** The first of all equal states that it was given, as long as it is remembered; or a lasting one that is equal. */
  same(state: MachineState): MachineState {
    const hash = hashOf(state.slots);
    const first = this.#states.get(hash) ?? null;
    for (let known = first; known !== null; known = known.other) {
      if (known.system === state.system && isSame(known.slots, state.slots)) return known;
    }
    const lasting = this.#passing.includes(state) ? new MachineState(state.system, state.slots.slice()) : state;
    lasting.other = first;
    this.#states.set(hash, lasting);
    return lasting;
  }

  /** Forgets which states `same` was given. */
  forget(): void {
    this.#states = new Map();
  }

  #step(from: MachineState, event: EventObject): MachineStep | null {
    const system = this.#system;
    const slots = this.#slotsOf(from);
    const { outcomes } = system.compiled;
    const outcome = system.step(slots, system.compiled.numberOf(event, 0));
    if (outcomes.enabled[outcome] === 0) return null;
    const next = this.#other(from);
    next.become(system.target(slots, outcome, next.slots));
    return { next, taken: this.#takenBy(outcome) };
  }

  /** A state that may be written over while one steps from that one. */
  #other(from: MachineState): MachineState {
    if (this.#passing.length === 0) {
      this.#passing = [0, 1].map(() => new MachineState(this.#system, new Int32Array(this.#system.compiled.slots)));
    }
    this.#turn = 1 - this.#turn;
    if (this.#passing[this.#turn] === from) this.#turn = 1 - this.#turn;
    return this.#passing[this.#turn] as MachineState; // there are two
  }

  #retried<T>(act: () => T): T {
    for (;;) {
      try {
        return act();
      } catch (thrown) {
        this.#join(thrown);
      }
    }
  }

  /** Members of the context that turn out to share an object are kept in one slot, and all numbers change. */
  #join(thrown: unknown): void {
    if (!(thrown instanceof SharedObject)) throw thrown;
    join(this.#leaders, thrown.members);
    this.#system = new CompiledSystem(this.#machine, [], undefined, this.#leaders);
    this.#taken = [];
    this.#questions = new Map();
    this.#states = new Map();
    this.#passing = [];
  }

  #slotsOf(state: MachineState): Int32Array {
    if (state.system === this.#system) return this.#system.sized(state.slots);
    return this.#system.compiled.encode(state.snapshot);
  }

  #takenBy(outcome: number): readonly AnyTransitionDefinition[] {
    let taken = this.#taken[outcome];
    if (taken === undefined) {
      taken = this.#system.compiled.outcomes.of(outcome).taken.flatMap((number) => this.#transitions[number] ?? []);
      this.#taken[outcome] = taken;
    }
    return taken;
  }

  #asked<T>(question: StateQuestion<T>): Question<T> {
    let asked = this.#questions.get(question);
    if (asked === undefined) {
      asked = this.#system.compiled.question(question.ask);
      this.#questions.set(question, asked);
    }
    return asked as Question<T>; // made of this very question
  }
}

function hashOf(slots: Int32Array): number {
  let hash = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    const value = slots[slot] as number; // the loop ends where the array does
    // Slots that have come up since are 0 in older states.
    if (value === 0) continue;
    hash = Math.imul(hash ^ (value + (slot << 16)), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  const length = Math.max(one.length, other.length);
  for (let slot = 0; slot < length; slot++) if ((one[slot] ?? 0) !== (other[slot] ?? 0)) return false;
  return true;
}
