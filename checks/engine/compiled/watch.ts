import type { AnyMachineSnapshot, EventObject } from "xstate";
import { checkInvariant, type Invariant } from "../invariants.js";
import type { CompiledMachine, Question } from "./machine.js";

/** An invariant that nothing has broken yet. */
export interface Watched {
  readonly name: string;
  readonly holds: Invariant;
  readonly question: Question<unknown>;
}

/** The invariants that nothing has broken yet. One that was broken is not asked again: its shortest path is known. */
export class Watch {
  readonly #machine: CompiledMachine;
  #unbroken: readonly Watched[];

  constructor(machine: CompiledMachine, invariants: Readonly<Record<string, Invariant>>) {
    this.#machine = machine;
    this.#unbroken = Object.entries(invariants).map(([name, holds]) => ({
      name,
      holds,
      question: machine.question<unknown>(holds as (snapshot: AnyMachineSnapshot) => unknown),
    }));
  }

  get unbroken(): readonly Watched[] {
    return this.#unbroken;
  }

  /** Whether there is nothing left to be asked. */
  get isOver(): boolean {
    return this.#unbroken.length === 0;
  }

  /** Leaves out what was broken before. */
  leaveOut(broken: ReadonlySet<string>): void {
    this.#unbroken = this.#unbroken.filter(({ name }) => !broken.has(name));
  }

  /** Names the invariants that break in a state for the first time. Throws what they throw, with the path. */
  brokenIn(state: Int32Array, path: () => EventObject[]): readonly string[] {
    const broken = this.#unbroken.filter(
      ({ name, question }) => !checkInvariant(name, () => this.#machine.answer(question, state), path),
    );
    if (broken.length > 0) this.#unbroken = this.#unbroken.filter((watched) => !broken.includes(watched));
    return broken.map(({ name }) => name);
  }

  /** Whether it is known of every invariant that it holds: so it is in most states. Takes no memory, unlike `brokenIn`. */
  isKnownToHold(state: Int32Array): boolean {
    for (const { question } of this.#unbroken) if (this.#machine.known(question, state) !== true) return false;
    return true;
  }
}
