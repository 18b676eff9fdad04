import type { EventObject } from "xstate";
import type { Checkpoint, Rederiving, Saver, Standing } from "../checkpoint/index.js";
import { Clock } from "../clock.js";
import { EngineError } from "../errors.js";
import { HeapWatch, isOutOfMemory } from "../heap.js";
import type { Invariant } from "../invariants.js";
import { stateKey } from "../key.js";
import type { Limits, StopReason } from "../limits.js";
import type { Exploration } from "../result.js";
import type { Progress } from "../search.js";
import { Budget, StoreError } from "../store/index.js";
import { StateAtHand } from "./at-hand.js";
import { Findings } from "./findings.js";
import type { Found, Larger } from "./found.js";
import { ACTIVE, STATUS_SLOT } from "./layout.js";
import { LiveEvents } from "./live-events.js";
import { UNKNOWN } from "./memo.js";
import { PackedStates } from "./packed-states.js";
import { withRoom } from "./room.js";
import { SUCCESSOR, Successors } from "./successors.js";
import type { CompiledSystem } from "./system.js";
import { Watch } from "./watch.js";

export interface PackedOptions {
  readonly invariants: Readonly<Record<string, Invariant>>;
  readonly limits: Limits;
  /** The share of steps that XState is asked to confirm, 0 to 1. */
  readonly selfCheck: number;
  readonly progress?: (progress: Progress) => void;
  /** Writes checkpoints, if there are to be any. */
  readonly saver?: Saver;
  /** The checkpoint to go on from. */
  readonly from?: Checkpoint;
}

/** Breadth-first search over packed states: the same order, counts and paths as `breadthFirst` over the reference engine. */
export async function explorePacked(
  system: CompiledSystem,
  options: PackedOptions,
  larger: Larger | null = null,
): Promise<Exploration<EventObject>> {
  const { from, saver } = options;
  const search = await withRoom(options.limits, "the first state", () => new PackedSearch(system, options));
  await withRoom(options.limits, "the states of the checkpoint", () => search.start(from));
  if (saver !== undefined) search.save(saver);
  await search.all(larger?.from ?? Number.POSITIVE_INFINITY);
  if (saver !== undefined) search.save(saver);
  return larger !== null && search.isLarge ? larger.explore(search.found()) : search.result();
}

/** The initial state; what goes wrong before it is reached has an empty path. */
function started(system: CompiledSystem): Int32Array {
  try {
    return system.initial();
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.along([], undefined) : thrown;
  }
}

/** The clock is looked at once in so many states, plus 1; and after so many transitions, if there are many a state. */
const STATES_BETWEEN_LOOKS = 127;
const TRANSITIONS_BETWEEN_LOOKS = 5000;

const { NO_STEP, CHANGE } = SUCCESSOR;

class PackedSearch implements Rederiving {
  readonly #system: CompiledSystem;
  readonly #options: PackedOptions;
  readonly #clock: Clock;
  readonly #heap: HeapWatch;
  /** `null`: there is no limit on memory. */
  readonly #budget: Budget | null;
  readonly #states: PackedStates;
  readonly #findings = new Findings((id) => this.#pathTo(id));
  /** The state to be expanded next; or, if it was begun already, from which event on. */
  #at = 0;
  #halfway: Standing["halfway"] = null;
  /** Whether it stopped where it can't be gone on from. */
  #isTorn = false;
  #isHeapFull = false;
  /** How many transitions there were when the clock was last looked at. */
  #lookedAt = 0;
  readonly #watch: Watch;
  #transitions = 0;
  #confirmed = 0;
  #depth = 1;
  /** Where the level of the state that is being expanded ends. */
  #levelEnd = 1;
  #levelStart = 0;
  /** Whether the search has been left to somebody else. */
  isLarge = false;
  #stopped: StopReason | undefined;
  readonly #hand: StateAtHand;
  /** The events to look at in the state that is being expanded. */
  #events: Int32Array;
  /** How many they are, and which one is next. */
  #count = 0;
  #index = 0;
  readonly #live: LiveEvents | null;
  readonly #successors = new Successors();
  /** How many states there may be, and whether steps are confirmed. */
  readonly #most: number;
  readonly #isChecked: boolean;

  constructor(system: CompiledSystem, options: PackedOptions) {
    this.#system = system;
    this.#options = options;
    this.#clock = new Clock(options.limits);
    const { memory } = options.limits;
    this.#heap = new HeapWatch(memory);
    this.#budget = memory === undefined ? null : new Budget(memory, () => system.compiled.bytes);
    this.#most = options.limits.states ?? Number.POSITIVE_INFINITY;
    this.#isChecked = options.selfCheck > 0;
    const initial = started(system);
    this.#states = new PackedStates(system.compiled, initial, this.#budget);
    this.#hand = new StateAtHand(system, this.#states, initial);
    this.#watch = new Watch(system.compiled, options.invariants);
    const { fixed } = system.compiled;
    this.#live = fixed === null ? null : new LiveEvents(system.compiled, fixed);
    this.#events = new Int32Array(fixed?.length ?? 0);
  }

  /** Judges the initial state, or goes to where a checkpoint stands. Throws as `rederive` does. */
  async start(from: Checkpoint | undefined): Promise<void> {
    if (from === undefined) {
      this.#judge(0, this.#hand.state);
      return;
    }
    const { standing } = from;
    // Loaded by those who need it only, as is all that has to do with checkpoints: loading takes its time too.
    const { rederive } = await import("../checkpoint/index.js");
    await rederive(this, from);
    this.#at = standing.next;
    this.#halfway = standing.halfway;
    this.#transitions = standing.transitions;
    this.#confirmed = standing.confirmed;
    this.#findings.takeOver(standing);
    this.#watch.leaveOut(new Set(standing.violations.map(({ invariant }) => invariant)));
    this.#system.countFrom(standing);
  }

  /** @param large at the end of a level with so many states it is left to somebody else to go on */
  async all(large: number): Promise<void> {
    const { saver } = this.#options;
    const between = saver?.everyState === true ? 0 : STATES_BETWEEN_LOOKS;
    for (; this.#at < this.#states.store.size; this.#at += 1) {
      const id = this.#at;
      if (this.#enterLevel(id) && this.#levelEnd >= large) {
        this.isLarge = true;
        return;
      }
      this.#stopped = this.#clock.stopReason() ?? this.#memoryStop(id);
      if (this.#stopped === undefined) this.#expand(id);
      if (this.#stopped !== undefined) return;
      if ((id & between) !== 0 && this.#transitions - this.#lookedAt < TRANSITIONS_BETWEEN_LOOKS) continue;
      this.#lookedAt = this.#transitions;
      if (saver?.isDue() === true) saver.save(this.#standing(saver, id + 1), this.#states.store);
      if (!this.#clock.isTurnDue()) continue;
      this.#isHeapFull = this.#heap.isFull();
      this.#report(id + 1);
      await this.#clock.turn();
    }
  }

  /** Writes a checkpoint of where it has come to, if that is a place to go on from. */
  save(saver: Saver): void {
    if (!this.#isTorn) saver.save(this.#standing(saver, this.#at), this.#states.store);
  }

  get size(): number {
    return this.#states.store.size;
  }

  open(id: number): void {
    this.#enterLevel(id);
    this.#hand.load(id);
    if (this.#live === null) this.#collect();
  }

  derive(id: number, event: number): boolean {
    const { outcomes, events } = this.#system.compiled;
    if (event >= events.length) return false;
    const outcome = this.#system.step(this.#hand.state, event);
    if (outcomes.enabled[outcome] === 0) return false;
    const { isChange } = this.#hand.take(id, event, outcome);
    return isChange && this.#states.store.add(this.#hand.next, 0, id, event) < 0;
  }

  keyOf(id: number): string {
    this.#hand.load(id);
    return stateKey(this.#system.snapshot(this.#hand.state));
  }

  turn(): Promise<void> | null {
    if (!this.#clock.isTurnDue()) return null;
    if (this.#heap.isFull()) throw new StoreError("no-memory", "V8's heap is nearly full.");
    this.#report(0);
    return this.#clock.turn();
  }

  found(): Found {
    const { store, packing } = this.#states;
    return {
      store,
      packing,
      next: this.#levelStart,
      transitions: this.#transitions,
      depth: this.#depth,
      unbroken: this.#watch.unbroken,
      violations: this.#findings.violations,
      deadlocks: this.#findings.deadlocks,
      clock: this.#clock,
    };
  }

  result(): Exploration<EventObject> {
    const { bytes, size } = this.#states;
    return {
      states: size,
      transitions: this.#transitions,
      depth: this.#depth + (size > this.#levelEnd ? 1 : 0),
      complete: this.#stopped === undefined,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      violations: this.#findings.violations,
      deadlocks: this.#findings.deadlocks,
      coverage: this.#system.coverage(),
      engine: { kind: "compiled", bytes, confirmed: this.#confirmed, workers: 1, because: null },
    };
  }

  /** Notes where a level ends, if the state is the first of the next one. Returns whether it is. */
  #enterLevel(id: number): boolean {
    if (id !== this.#levelEnd) return false;
    this.#levelStart = id;
    this.#levelEnd = this.#states.store.size;
    this.#depth += 1;
    return true;
  }

  #memoryStop(id: number): StopReason | undefined {
    if (this.#isHeapFull) return "memory";
    if (this.#budget === null || (id & STATES_BETWEEN_LOOKS) !== 0) return undefined;
    return this.#budget.isOverdrawn ? "memory" : undefined;
  }

  /** Where it stands, for a checkpoint. */
  #standing(saver: Saver, next: number): Standing {
    return {
      next,
      halfway: this.#halfway,
      transitions: this.#transitions,
      confirmed: this.#confirmed,
      ...this.#findings.standing(),
      ...this.#system.counted(),
      ends: [saver.hash(this.keyOf(0)), saver.hash(this.keyOf(this.size - 1))],
    };
  }

  /** Where in the events that were collected a state that was begun before is gone on with. */
  #resumedIndex(count: number): number {
    const event = this.#halfway?.event ?? -1;
    if (event < 0) return 0;
    const events = this.#events.subarray(0, count);
    // Events of a list are in order; some may be left out now that were looked at then.
    const index = this.#live === null ? events.indexOf(event) : events.findIndex((other) => other >= event);
    return index < 0 ? count : index;
  }

  #expand(id: number): void {
    this.#hand.load(id);
    const before = this.#halfway?.before ?? this.#transitions;
    this.#index = 0;
    this.#count = 0;
    try {
      this.#count = this.#collect();
      if (this.#halfway !== null) this.#index = this.#resumedIndex(this.#count);
      while (this.#index < this.#count) {
        if (this.#isPlain()) this.#takeKnown(id);
        if (this.#index < this.#count && !this.#takeUnknown(id)) {
          this.#halfway = { event: this.#events[this.#index] as number, before };
          return;
        }
      }
    } catch (thrown) {
      if (isOutOfMemory(thrown)) {
        this.#stopFor(thrown, before);
        return;
      }
      throw this.#located(thrown, id, this.#index < this.#count ? this.#events[this.#index] : undefined);
    }
    this.#halfway = null;
    if (this.#transitions > before || this.#hand.state[STATUS_SLOT] !== ACTIVE) return;
    this.#findings.deadlocked(id);
  }

  /** Stops at `#index`, since there is no memory. */
  #stopFor(thrown: unknown, before: number): void {
    this.#stopped = "memory";
    this.#halfway = { event: this.#index < this.#count ? (this.#events[this.#index] as number) : -1, before };
    // A store is as it was before what it had no memory for; for all else there is no telling.
    this.#isTorn = !(thrown instanceof StoreError) || this.#states.areLost;
  }

  /** Collects the events to look at in the state. Returns how many they are. */
  #collect(): number {
    if (this.#live !== null) return this.#live.collect(this.#hand.state, this.#events);
    const offered = this.#system.offered(this.#hand.state);
    if (offered.length > this.#events.length) this.#events = new Int32Array(2 * offered.length);
    this.#events.set(offered);
    return offered.length;
  }

  /**
   * Takes one step after the other as long as there is nothing to be worked out. Stops at the event (`#index`) that has
   * more to it.
   */
  #takeKnown(id: number): void {
    const { compiled } = this.#system;
    const { store, packing } = this.#states;
    const { words } = packing;
    const { hits } = compiled.outcomes;
    const events = this.#events;
    const found = this.#successors;
    found.fit(this.#count, words);
    const from = this.#index;
    const to = found.lookUp(compiled, this.#states, this.#hand.state, this.#hand.key, events, from, this.#count);
    const { outcomes, changes, keys } = found;
    // Places in these arrays are below their lengths.
    for (let index = from; index < to; index += 1) {
      const outcome = outcomes[index] as number;
      const change = changes[index] as number;
      if (change === CHANGE) {
        // Where it is if there is no memory for one more state.
        this.#index = index;
        const reached = store.add(keys, index * words, id, events[index] as number);
        if (reached < 0) this.#reached(~reached, keys, index * words);
      }
      if (change !== NO_STEP) this.#transitions += 1;
      hits[outcome] = (hits[outcome] as number) + 1;
    }
    this.#index = to;
  }

  /** Takes the step at `#index`, whatever it needs. False if it would go past the limit on states. */
  #takeUnknown(id: number): boolean {
    const event = this.#events[this.#index] as number;
    const { compiled } = this.#system;
    const { outcomes } = compiled;
    let outcome = compiled.find(this.#hand.state, event);
    if (outcome === UNKNOWN) {
      outcome = this.#system.evaluate(this.#hand.state, event);
      if (outcome === outcomes.nothing) this.#live?.forget(event, this.#hand.state);
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
    const { outcome, isChange } = this.#hand.take(id, event, found);
    if (isChange) {
      if (this.#isFull()) {
        this.#stopped = "states";
        return false;
      }
      const to = this.#states.store.add(this.#hand.next, 0, id, event);
      if (to < 0) this.#reached(~to, this.#hand.next, 0);
    }
    this.#transitions += 1;
    this.#system.compiled.outcomes.count(outcome);
    if (this.#isChecked) this.#confirm(event);
    return true;
  }

  #isFull(): boolean {
    const { store } = this.#states;
    return store.size >= this.#most && store.find(this.#hand.next, 0) < 0;
  }

  /** Whether the state's steps need nothing but being taken: none is to be confirmed, and there is room for all of them. */
  #isPlain(): boolean {
    return !this.#isChecked && this.#states.store.size + this.#count <= this.#most;
  }

  #reached(id: number, keys: Int32Array, at: number): void {
    if (this.#watch.isOver) return;
    const state = this.#hand.unpacked(keys, at);
    if (!this.#watch.isKnownToHold(state)) this.#judge(id, state);
  }

  #judge(id: number, state: Int32Array): void {
    for (const name of this.#watch.brokenIn(state, () => this.#pathTo(id))) this.#findings.violated(name, id);
  }

  #confirm(event: number): void {
    if (Math.floor(this.#transitions * this.#options.selfCheck) <= this.#confirmed) return;
    this.#confirmed += 1;
    this.#system.confirm(this.#hand.state, event, this.#hand.unpacked(this.#hand.next, 0));
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
