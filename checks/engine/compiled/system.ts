import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from "xstate";
import { coverageOf } from "../coverage.js";
import { describeThrown } from "../describe.js";
import { EngineError } from "../errors.js";
import { isOutOfMemory } from "../heap.js";
import type { Events, MachineSystem } from "../machine-system.js";
import { referenceSystem } from "../reference.js";
import type { Coverage } from "../result.js";
import { isOurs } from "./interpreter.js";
import { CompiledMachine } from "./machine.js";
import { UNKNOWN } from "./memo.js";
import { Uncompilable } from "./uncompilable.js";

/** How often each transition of the chart was taken, and in how many states each event was enabled, by number. */
export interface Counted {
  readonly taken: readonly number[];
  readonly enabled: readonly number[];
}

/**
 * A compiled machine with XState beside it: XState starts the machine, says what is wrong where something is, and can be
 * asked to confirm a step.
 */
export class CompiledSystem implements MachineSystem<Int32Array> {
  readonly compiled: CompiledMachine;
  readonly #machine: AnyStateMachine;
  readonly #reference: MachineSystem<AnyMachineSnapshot>;
  /** How often each transition was taken when the machine started. */
  #atStart: readonly number[] = [];
  /** What was counted by the run that this one goes on from. */
  #before: Counted = { taken: [], enabled: [] };

  /** @throws Uncompilable, SharedObject, and as `referenceSystem` does */
  constructor(machine: AnyStateMachine, events: Events, input: unknown, leaders: ReadonlyMap<string, string>) {
    this.#reference = referenceSystem(machine, events, input);
    this.compiled = new CompiledMachine(machine, events, leaders);
    this.#machine = machine;
  }

  initial(): Int32Array {
    const snapshot = this.#reference.initial();
    this.#reference.key(snapshot);
    this.#atStart = this.#reference.coverage().transitions.map(({ taken }) => taken);
    return this.compiled.encode(snapshot);
  }

  enabled(given: Int32Array): EventObject[] {
    const { compiled } = this;
    const state = this.sized(given);
    const enabled: EventObject[] = [];
    for (const number of this.offered(state)) {
      const outcome = this.step(state, number);
      if (compiled.outcomes.enabled[outcome] === 1) enabled.push(compiled.event(number));
      else compiled.outcomes.count(outcome);
    }
    return enabled;
  }

  next(given: Int32Array, event: EventObject): Int32Array {
    const state = this.sized(given);
    const outcome = this.step(state, this.compiled.numberOf(event, 0));
    this.compiled.outcomes.count(outcome);
    return this.target(state, outcome);
  }

  /**
   * The state that an outcome of `step` leads to.
   * @param room is written over and returned, if it is large enough
   */
  target(given: Int32Array, outcome: number, room?: Int32Array): Int32Array {
    // Slots may have come up with the step.
    const state = this.sized(given);
    const next = room?.length === state.length ? room : new Int32Array(state.length);
    next.set(state);
    const { writes, pending } = this.compiled.outcomes.of(outcome);
    write(next, writes);
    for (const number of pending) {
      const answer = this.compiled.answerIn(state, this.compiled.pendingFunction(number));
      if (answer === UNKNOWN) throw new Error("a step was found before its functions were asked");
      write(next, this.compiled.outcomes.of(answer).writes);
    }
    return next;
  }

  /** A state with room for the slots that have come up since it was made. */
  sized(state: Int32Array): Int32Array {
    if (state.length === this.compiled.slots) return state;
    const sized = new Int32Array(this.compiled.slots);
    sized.set(state);
    return sized;
  }

  key(state: Int32Array): string {
    let length = state.length;
    // Slots that have come up since are 0 in older states.
    while (length > 0 && state[length - 1] === 0) length -= 1;
    return state.subarray(0, length).join();
  }

  snapshot(state: Int32Array): AnyMachineSnapshot {
    return this.compiled.snapshot(state);
  }

  coverage(): Coverage<EventObject> {
    const { taken, enabled } = this.counted();
    const count = (_: unknown, number: number): number => (taken[number] ?? 0) + (this.#atStart[number] ?? 0);
    const offers = this.compiled.offers().map((offer, number) => ({ ...offer, enabled: enabled[number] ?? 0 }));
    return coverageOf(this.#machine, count, offers);
  }

  /** What was counted so far, the start left out. */
  counted(): Counted {
    const { taken, enabled } = this.#before;
    const { interpreter, outcomes } = this.compiled;
    return {
      taken: outcomes.taken(interpreter.transitions.all.length).map((count, number) => count + (taken[number] ?? 0)),
      enabled: this.compiled.offers().map((offer, number) => offer.enabled + (enabled[number] ?? 0)),
    };
  }

  /** Goes on counting from what another run counted. */
  countFrom(before: Counted): void {
    this.#before = before;
  }

  /** As `CompiledMachine.offered`; what fails is told as the reference engine tells it. */
  offered(state: Int32Array): readonly number[] {
    try {
      return this.compiled.offered(state);
    } catch (thrown) {
      throw this.#explained(state, thrown);
    }
  }

  /** What an event does in a state, worked out if it is not known. Throws as `evaluate` does. */
  step(state: Int32Array, event: number): number {
    const { compiled } = this;
    const known = compiled.find(state, event);
    if (known === UNKNOWN) return this.evaluate(state, event);
    const { pending } = compiled.outcomes.of(known);
    if (pending.length === 0) return known;
    const isOpen = pending.some((number) => compiled.answerIn(state, compiled.pendingFunction(number)) === UNKNOWN);
    return isOpen ? this.evaluate(state, event) : known;
  }

  /** Works out what an event does in a state; what fails is told as the reference engine tells it. */
  evaluate(state: Int32Array, event: number): number {
    try {
      return this.compiled.evaluate(state, event);
    } catch (thrown) {
      throw this.#explained(state, thrown);
    }
  }

  /**
   * What XState makes of a state: throws an `EngineError` unless it offers the same events there and each leads to the
   * same state.
   */
  confirm(state: Int32Array, event: number, next: Int32Array): void {
    const snapshot = this.snapshot(state);
    const object = this.compiled.event(event);
    const expected = this.#reference.key(this.#reference.next(snapshot, object));
    if (this.#reference.key(this.snapshot(next)) === expected) return;
    throw new EngineError("disagreement", "The compiled engine and XState do not agree on a step.", {
      event: object,
      hint: 'This is a fault of the engine: please report it with the machine. Meanwhile use engine: "reference".',
    });
  }

  /** The error that the reference engine gives for what went wrong in a state. */
  #explained(state: Int32Array, thrown: unknown): unknown {
    if (isOurs(thrown) || isOutOfMemory(thrown) || (thrown instanceof EngineError && thrown.code === "impure"))
      return thrown;
    const snapshot = this.snapshot(state);
    for (const event of this.#reference.enabled(snapshot)) {
      try {
        this.#reference.key(this.#reference.next(snapshot, event));
      } catch (error) {
        return error instanceof EngineError ? error.along(undefined, event) : error;
      }
    }
    if (thrown instanceof EngineError) return thrown;
    return new Uncompilable(null, `something fails that does not fail in XState (${describeThrown(thrown)}).`);
  }
}

function write(state: Int32Array, writes: readonly number[]): void {
  for (let at = 0; at < writes.length; at += 2) state[writes[at] ?? 0] = writes[at + 1] ?? 0;
}
