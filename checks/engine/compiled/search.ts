import type { AnyMachineSnapshot, EventObject } from "xstate";
import { EngineError } from "../errors.js";
import { checkInvariant, type Invariant } from "../invariants.js";
import type { Limits, StopReason } from "../limits.js";
import { Clock } from "../clock.js";
import { type Deadlocks, type Exploration, MAX_DEADLOCK_PATHS, type Violation } from "../result.js";
import type { Progress } from "../search.js";
import type { FunctionMemo } from "./functions.js";
import { ACTIVE, STATUS_SLOT } from "./layout.js";
import { LiveEvents } from "./live-events.js";
import type { Question } from "./machine.js";
import { findLeaf, UNKNOWN } from "./memo.js";
import { DISABLED, ONE_PENDING, PackedStates, SIMPLE, UNPREPARED } from "./packed-states.js";
import type { Store } from "../store/index.js";
import type { Packing } from "./packing.js";
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
  larger: Larger | null = null,
): Promise<Exploration<EventObject>> {
  const search = new PackedSearch(system, options);
  await search.all(larger?.from ?? Number.POSITIVE_INFINITY);
  return larger !== null && search.isLarge ? larger.explore(search.found()) : search.result();
}

/** Who goes on, from the end of a level, once so many states were reached. */
export interface Larger {
  readonly from: number;
  readonly explore: (found: Found) => Promise<Exploration<EventObject>>;
}

/** What a search has found at the end of a level. */
export interface Found {
  readonly store: Store;
  readonly packing: Packing;
  /** The first state that is not expanded; all before it are. */
  readonly next: number;
  readonly transitions: number;
  readonly depth: number;
  readonly unbroken: readonly Watched[];
  readonly violations: readonly Violation<EventObject>[];
  readonly deadlocks: Deadlocks<EventObject>;
  readonly clock: Clock;
}

/** An invariant that nothing has broken yet. */
export interface Watched {
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

const SAME = 0;
const CHANGED = 1;

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
  #levelStart = 0;
  /** Whether the search has been left to somebody else. */
  isLarge = false;
  #stopped: StopReason | undefined;
  /** The state that is being expanded, unpacked and packed; and the one that a step leads to. */
  #state: Int32Array;
  #key: Int32Array;
  #next: Int32Array;
  #nextState: Int32Array;
  /** The events to look at in the state that is being expanded. */
  #events: Int32Array;
  /** How many they are, and which one is next. */
  #count = 0;
  #index = 0;
  readonly #live: LiveEvents | null;
  /** The layout that the arrays above are for. */
  #layout = -1;
  /** Whether there is a limit on states, and whether steps are confirmed: looked at for every step. */
  readonly #isLimited: boolean;
  readonly #isChecked: boolean;

  constructor(system: CompiledSystem, options: PackedOptions) {
    this.#system = system;
    this.#options = options;
    this.#clock = new Clock(options.limits);
    this.#isLimited = options.limits.states !== undefined;
    this.#isChecked = options.selfCheck > 0;
    const initial = started(system);
    this.#states = new PackedStates(system.compiled, initial);
    this.#unbroken = Object.entries(options.invariants).map(([name, holds]) => ({
      name,
      holds,
      question: system.compiled.question<unknown>(holds as (snapshot: AnyMachineSnapshot) => unknown),
    }));
    const { fixed } = system.compiled;
    this.#live = fixed === null ? null : new LiveEvents(system.compiled, fixed);
    this.#events = new Int32Array(fixed?.length ?? 0);
    this.#state = initial;
    this.#nextState = initial.slice();
    this.#key = new Int32Array(this.#states.packing.words);
    this.#next = this.#key.slice();
  }

  /** @param large at the end of a level with so many states it is left to somebody else to go on */
  async all(large: number): Promise<void> {
    const states = this.#states;
    this.#judge(0, this.#state);
    for (let id = 0; id < states.store.size; id += 1) {
      if (id === this.#levelEnd) {
        this.#levelStart = id;
        this.#levelEnd = states.store.size;
        this.#depth += 1;
        this.isLarge = this.#levelEnd >= large;
        if (this.isLarge) return;
      }
      this.#stopped = this.#clock.stopReason();
      if (this.#stopped === undefined) this.#expand(id);
      if (this.#stopped !== undefined) return;
      if ((id & STATES_BETWEEN_LOOKS) !== 0 || !this.#clock.isTurnDue()) continue;
      this.#report(id + 1);
      await this.#clock.turn();
    }
  }

  found(): Found {
    const { store, packing } = this.#states;
    return {
      store,
      packing,
      next: this.#levelStart,
      transitions: this.#transitions,
      depth: this.#depth,
      unbroken: this.#unbroken,
      violations: this.#violations,
      deadlocks: this.#deadlocks,
      clock: this.#clock,
    };
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
      engine: { kind: "compiled", bytes, confirmed: this.#confirmed, workers: 1, because: null },
    };
  }

  #expand(id: number): void {
    this.#load(id);
    const before = this.#transitions;
    this.#index = 0;
    try {
      this.#count = this.#collect();
      while (this.#index < this.#count) {
        this.#takeKnown(id);
        if (this.#index < this.#count && !this.#takeUnknown(id)) return;
      }
    } catch (thrown) {
      throw this.#located(thrown, id, this.#index < this.#count ? this.#events[this.#index] : undefined);
    }
    if (this.#transitions > before || this.#state[STATUS_SLOT] !== ACTIVE) return;
    this.#deadlocks.count += 1;
    if (this.#deadlocks.paths.length < MAX_DEADLOCK_PATHS) this.#deadlocks.paths.push(this.#pathTo(id));
  }

  /** Collects the events to look at in the state. Returns how many they are. */
  #collect(): number {
    if (this.#live !== null) return this.#live.collect(this.#state, this.#events);
    const offered = this.#system.offered(this.#state);
    if (offered.length > this.#events.length) this.#events = new Int32Array(2 * offered.length);
    this.#events.set(offered);
    return offered.length;
  }

  /**
   * Takes one step after the other as long as there is nothing to be worked out: all of it look-ups in arrays of integers.
   * Stops at the event (`#index`) that has more to it. Places in these arrays are below their lengths.
   */
  #takeKnown(id: number): void {
    const { pool, roots, outcomes } = this.#system.compiled;
    const states = this.#states;
    const { store, keep, set, kinds } = states;
    const { words } = states.packing;
    const { hits } = outcomes;
    const state = this.#state;
    const key = this.#key;
    const next = this.#next;
    const events = this.#events;
    const mayAdd = !this.#isLimited;
    for (let index = this.#index; index < this.#count; index += 1) {
      const event = events[index] as number;
      const outcome = findLeaf(pool, roots[event] as number, state);
      let kind = outcome < 0 ? UNPREPARED : (kinds[outcome] as number);
      if (kind === DISABLED) {
        hits[outcome] = (hits[outcome] as number) + 1;
        continue;
      }
      let last = outcome;
      if (kind === ONE_PENDING) {
        const { number, outcomes: answers } = states.functions[outcome] as FunctionMemo;
        const answer = findLeaf(pool, number, state);
        last = answer < 0 ? UNKNOWN : (answers[answer] ?? UNKNOWN);
        kind = last < 0 || (kinds[last] ?? UNPREPARED) === UNPREPARED ? UNPREPARED : SIMPLE;
      }
      if (kind !== SIMPLE || this.#isChecked) {
        this.#index = index;
        return;
      }
      const at = outcome * words;
      const lastAt = last * words;
      let changed = 0;
      for (let word = 0; word < words; word += 1) {
        const was = key[word] as number;
        let is = (was & (keep[at + word] as number)) | (set[at + word] as number);
        is = (is & (keep[lastAt + word] as number)) | (set[lastAt + word] as number);
        next[word] = is;
        changed |= was ^ is;
      }
      if (changed !== 0) {
        if (!mayAdd) {
          this.#index = index;
          return;
        }
        const to = store.add(next, 0, id, event);
        if (to < 0) this.#reached(~to);
      }
      hits[outcome] = (hits[outcome] as number) + 1;
      this.#transitions += 1;
    }
    this.#index = this.#count;
  }

  /** Takes the step at `#index`, whatever it needs. False if it would go past the limit on states. */
  #takeUnknown(id: number): boolean {
    const event = this.#events[this.#index] as number;
    const { compiled } = this.#system;
    const { outcomes } = compiled;
    let outcome = compiled.find(this.#state, event);
    if (outcome === UNKNOWN) {
      outcome = this.#system.evaluate(this.#state, event);
      if (outcome === outcomes.nothing) this.#live?.forget(event, this.#state);
    }
    if (outcomes.enabled[outcome] === 0) {
      this.#states.prepare(outcome);
      outcomes.count(outcome);
    } else if (!this.#take(id, event, outcome)) {
      return false;
    }
    this.#index += 1;
    return true;
  }

  /** Takes one step. False if it would go past the limit on states. */
  #take(id: number, event: number, found: number): boolean {
    let outcome = found;
    let applied = this.#apply(id, outcome);
    while (applied === UNKNOWN) {
      outcome = this.#system.evaluate(this.#state, event);
      applied = this.#apply(id, outcome);
    }
    if (applied === CHANGED) {
      if (this.#isLimited && this.#isFull()) {
        this.#stopped = "states";
        return false;
      }
      const to = this.#states.store.add(this.#next, 0, id, event);
      if (to < 0) this.#reached(~to);
    }
    this.#transitions += 1;
    this.#system.compiled.outcomes.count(outcome);
    if (this.#isChecked) this.#confirm(event);
    return true;
  }

  /** Packs the state that the step leads to. Returns whether it is another one; `UNKNOWN`: a function has to be asked. */
  #apply(id: number, outcome: number): number {
    const states = this.#states;
    while (!states.prepare(outcome)) this.#load(id);
    this.#patch(outcome, this.#key);
    if ((states.kinds[outcome] ?? UNPREPARED) >= ONE_PENDING) {
      const { compiled } = this.#system;
      for (const number of compiled.outcomes.of(outcome).pending) {
        const answer = compiled.answerIn(this.#state, compiled.pendingFunction(number));
        if (answer === UNKNOWN) return UNKNOWN;
        if (!states.prepare(answer)) {
          this.#load(id);
          return this.#apply(id, outcome);
        }
        this.#patch(answer, this.#next);
      }
    }
    return isSame(this.#key, this.#next) ? SAME : CHANGED;
  }

  /** Writes into `#next` what an outcome makes of a packed state. */
  #patch(outcome: number, key: Int32Array): void {
    const { keep, set, packing } = this.#states;
    const at = outcome * packing.words;
    for (let word = 0; word < packing.words; word += 1) {
      this.#next[word] = ((key[word] as number) & (keep[at + word] as number)) | (set[at + word] as number);
    }
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
    if (this.#layout !== this.#states.layout) this.#adopt();
    this.#states.read(id, this.#key, this.#state);
  }

  /** Makes room for states in the layout as it is now. */
  #adopt(): void {
    const { packing, layout } = this.#states;
    const { slots } = this.#system.compiled;
    this.#layout = layout;
    this.#state = new Int32Array(slots);
    this.#nextState = new Int32Array(slots);
    packing.begin(this.#state);
    packing.begin(this.#nextState);
    this.#key = new Int32Array(packing.words);
    this.#next = new Int32Array(packing.words);
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

function isSame(left: Int32Array, right: Int32Array): boolean {
  for (let word = 0; word < left.length; word += 1) if (left[word] !== right[word]) return false;
  return true;
}
