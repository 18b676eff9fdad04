import type { AnyMachineSnapshot, EventObject } from "xstate";
import { EngineError } from "../errors.js";
import { checkInvariant, type Invariant } from "../invariants.js";
import type { Limits, StopReason } from "../limits.js";
import { Clock } from "../clock.js";
import { type Exploration, MAX_DEADLOCK_PATHS, type Violation } from "../result.js";
import type { Progress } from "../search.js";
import { ACTIVE, STATUS_SLOT } from "./layout.js";
import type { Question } from "./machine.js";
import { PackedStates } from "./packed-states.js";
import type { CompiledSystem } from "./system.js";

export interface PackedOptions {
  readonly invariants: Readonly<Record<string, Invariant>>;
  readonly limits: Limits;
  /** The share of steps that XState is asked to confirm, 0 to 1. */
  readonly selfCheck: number;
  readonly progress?: (progress: Progress) => void;
}

/** Breadth-first search over packed states: the same order, counts and paths as `breadthFirst` over the reference engine. */
export async function explorePacked(
  system: CompiledSystem,
  options: PackedOptions,
): Promise<Exploration<EventObject>> {
  const search = new PackedSearch(system, options);
  await search.all();
  return search.result();
}

interface Watched {
  readonly name: string;
  readonly holds: Invariant;
  readonly question: Question<unknown>;
}

/** The initial state; what goes wrong before it is reached has an empty path. */
function started(system: CompiledSystem): Int32Array {
  try {
    return system.initial();
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.along([], undefined) : thrown;
  }
}

/** The clock is looked at once in so many states, plus 1. */
const STATES_BETWEEN_LOOKS = 127;

class PackedSearch {
  readonly #system: CompiledSystem;
  readonly #options: PackedOptions;
  readonly #clock: Clock;
  readonly #states: PackedStates;
  readonly #violations: Violation<EventObject>[] = [];
  readonly #deadlocks = { count: 0, paths: [] as EventObject[][] };
  #unbroken: Watched[];
  #transitions = 0;
  #confirmed = 0;
  #depth = 1;
  /** Where the level of the state that is being expanded ends. */
  #levelEnd = 1;
  #stopped: StopReason | undefined;
  /** The state that is being expanded, unpacked and packed; and the one that a step leads to. */
  #state: Int32Array;
  #key: Int32Array;
  #next: Int32Array;
  #nextState: Int32Array;

  constructor(system: CompiledSystem, options: PackedOptions) {
    this.#system = system;
    this.#options = options;
    this.#clock = new Clock(options.limits);
    const initial = started(system);
    this.#states = new PackedStates(system.compiled, initial);
    this.#unbroken = Object.entries(options.invariants).map(([name, holds]) => ({
      name,
      holds,
      question: system.compiled.question<unknown>(holds as (snapshot: AnyMachineSnapshot) => unknown),
    }));
    this.#state = initial;
    this.#nextState = initial.slice();
    this.#key = new Int32Array(this.#states.packing.words);
    this.#next = this.#key.slice();
  }

  async all(): Promise<void> {
    const states = this.#states;
    this.#judge(0, this.#state);
    for (let id = 0; id < states.store.size; id += 1) {
      if (id === this.#levelEnd) {
        this.#levelEnd = states.store.size;
        this.#depth += 1;
      }
      this.#stopped = this.#clock.stopReason();
      if (this.#stopped === undefined) this.#expand(id);
      if (this.#stopped !== undefined) return;
      if ((id & STATES_BETWEEN_LOOKS) !== 0 || !this.#clock.isTurnDue()) continue;
      this.#report(id + 1);
      await this.#clock.turn();
    }
  }

  result(): Exploration<EventObject> {
    const { size, bytes } = this.#states.store;
    return {
      states: size,
      transitions: this.#transitions,
      depth: this.#depth + (size > this.#levelEnd ? 1 : 0),
      complete: this.#stopped === undefined,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      violations: this.#violations,
      deadlocks: this.#deadlocks,
      coverage: this.#system.coverage(),
      engine: { kind: "compiled", bytes, confirmed: this.#confirmed },
    };
  }

  #expand(id: number): void {
    const { compiled } = this.#system;
    const { outcomes } = compiled;
    this.#load(id);
    const before = this.#transitions;
    let current: number | undefined;
    try {
      const offered = this.#system.offered(this.#state);
      for (let index = 0; index < offered.length; index += 1) {
        // The index is below the length.
        const event = offered[index] as number;
        current = event;
        const outcome = this.#system.step(this.#state, event);
        if (outcomes.enabled[outcome] === 0) outcomes.count(outcome);
        else if (!this.#take(id, event, outcome)) return;
      }
    } catch (thrown) {
      throw this.#located(thrown, id, current);
    }
    if (this.#transitions > before || this.#state[STATUS_SLOT] !== ACTIVE) return;
    this.#deadlocks.count += 1;
    if (this.#deadlocks.paths.length < MAX_DEADLOCK_PATHS) this.#deadlocks.paths.push(this.#pathTo(id));
  }

  /** Takes one step. False if it would go past the limit on states. */
  #take(id: number, event: number, outcome: number): boolean {
    const states = this.#states;
    while (!states.prepare(outcome)) this.#load(id);
    if (states.apply(outcome, this.#key, this.#next)) {
      if (this.#isFull()) {
        this.#stopped = "states";
        return false;
      }
      const to = states.store.add(this.#next, 0, id, event);
      if (to < 0) this.#reached(~to);
    }
    this.#transitions += 1;
    this.#system.compiled.outcomes.count(outcome);
    if (this.#options.selfCheck > 0) this.#confirm(event);
    return true;
  }

  #isFull(): boolean {
    const { store } = this.#states;
    const { states: most } = this.#options.limits;
    return most !== undefined && store.size >= most && store.find(this.#next, 0) < 0;
  }

  #reached(id: number): void {
    if (this.#unbroken.length === 0) return;
    this.#states.packing.unpack(this.#next, 0, this.#nextState);
    this.#judge(id, this.#nextState);
  }

  #judge(id: number, state: Int32Array): void {
    for (const { name, holds, question } of this.#unbroken) {
      const path = (): EventObject[] => this.#pathTo(id);
      if (checkInvariant(name, () => this.#system.compiled.answer(question, state), path)) continue;
      this.#unbroken = this.#unbroken.filter((watched) => watched.holds !== holds || watched.name !== name);
      this.#violations.push({ invariant: name, path: path() });
    }
  }

  #confirm(event: number): void {
    if (Math.floor(this.#transitions * this.#options.selfCheck) <= this.#confirmed) return;
    this.#confirmed += 1;
    this.#states.packing.unpack(this.#next, 0, this.#nextState);
    this.#system.confirm(this.#state, event, this.#nextState);
  }

  /** Reads a state to be expanded, in whatever layout the states are now. */
  #load(id: number): void {
    const { packing } = this.#states;
    const { slots } = this.#system.compiled;
    if (this.#state.length < slots || this.#key.length !== packing.words) {
      this.#state = new Int32Array(slots);
      this.#nextState = new Int32Array(slots);
      this.#key = new Int32Array(packing.words);
      this.#next = new Int32Array(packing.words);
    }
    this.#states.read(id, this.#key, this.#state);
  }

  #pathTo(id: number): EventObject[] {
    return this.#states.store.path(id).map((event) => this.#system.compiled.event(event));
  }

  #located(thrown: unknown, id: number, event: number | undefined): unknown {
    if (!(thrown instanceof EngineError) || thrown.path !== undefined) return thrown;
    return thrown.along(this.#pathTo(id), event === undefined ? undefined : this.#system.compiled.event(event));
  }

  #report(expanded: number): void {
    const { size, bytes } = this.#states.store;
    this.#options.progress?.({
      states: size,
      transitions: this.#transitions,
      depth: this.#depth,
      waiting: size - expanded,
      seconds: this.#clock.seconds,
      bytes,
    });
  }
}
