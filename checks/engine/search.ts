import { eventLoopTurn } from "./clock.js";
import { describeThrown } from "./describe.js";
import { EngineError } from "./errors.js";
import { HeapWatch } from "./heap.js";
import { checkLimits, type Limits, type StopReason } from "./limits.js";
import type { Key, TransitionSystem } from "./system.js";

/** A state that has been reached. */
export interface Place<Event> {
  /** States are numbered in the order in which they are reached; the initial state is 0. */
  readonly id: number;
  /** The level it is on: the length of a shortest path to it, plus 1. */
  readonly level: number;
  /** A shortest path to it. */
  path(): Event[];
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** Levels so far. */
  readonly depth: number;
  /** States reached, but not expanded yet. */
  readonly waiting: number;
  /** Seconds since the search began. */
  readonly seconds: number;
  /** Bytes of the visited set, where the engine knows. */
  readonly bytes?: number;
}

export interface SearchOptions<State, Event> {
  readonly limits?: Limits;
  /** Called once for each state, when it is first reached. If it answers false, the state is not expanded. */
  readonly reached?: (state: State, place: Place<Event>) => boolean;
  /** Called for each transition; `to` is the id of the state it leads to, `fresh` says whether that is a new one. */
  readonly stepped?: (from: number, event: Event, to: number, fresh: boolean) => void;
  /** Called when all of a state's transitions have been taken, with how many they were. */
  readonly expanded?: (state: State, place: Place<Event>, transitions: number) => void;
  /** Called now and then, always after the same amount of work. */
  readonly progress?: (progress: Progress) => void;
  /**
   * Computes the key of each state again once the state is expanded, and throws if it has changed: then a step wrote
   * into a state instead of making a new one. One more key a state, not one a transition.
   */
  readonly checkPurity?: boolean;
}

export interface Search<Event> {
  readonly states: number;
  /** Transitions taken, self-loops included. If a limit stopped the search, those up to then. */
  readonly transitions: number;
  /** Levels, the initial state's included. */
  readonly depth: number;
  readonly complete: boolean;
  readonly stopped?: StopReason;
  /** A shortest path to the state with this id. */
  pathTo(id: number): Event[];
}

/** States and transitions between two turns of the event loop: some tens of milliseconds at the slowest engine's pace. */
const WORK_BETWEEN_TURNS = 1000;

/** The parent of the initial state. */
const NO_PARENT = -1;

/**
 * Explores a transition system breadth first, level by level: every reachable state is reached by a shortest path and
 * expanded once. The outcome depends on the system alone (and on `limits.seconds` and `limits.signal`, if one stops it),
 * not on when the event loop gets its turns.
 *
 * Of the states themselves only those of two levels are kept; of every state its key, its parent and its event.
 *
 * @throws EngineError if the system throws: with the shortest path to the state in which it did, and the event
 */
export async function breadthFirst<State, Event>(
  system: TransitionSystem<State, Event>,
  options: SearchOptions<State, Event> = {},
): Promise<Search<Event>> {
  checkLimits(options.limits ?? {});
  const run = new Run(system, options);
  await run.all();
  return run.result();
}

/** A state that waits to be expanded. */
interface Waiting<State, Event> {
  readonly state: State;
  readonly key: Key;
  readonly place: Place<Event>;
}

class Run<State, Event> {
  readonly #system: TransitionSystem<State, Event>;
  readonly #options: SearchOptions<State, Event>;
  readonly #limits: Limits;
  readonly #started = performance.now();
  readonly #deadline: number;
  readonly #heap: HeapWatch;
  #isFull = false;
  readonly #ids = new Map<Key, number>();
  readonly #parents: number[] = [];
  readonly #events: (Event | undefined)[] = [];
  #transitions = 0;
  #depth = 0;
  #next: Waiting<State, Event>[] = [];
  #stopped: StopReason | undefined;
  /** Whether one of the caller's functions is running: what they throw is theirs, and goes through as it is. */
  #callersOwn = false;

  constructor(system: TransitionSystem<State, Event>, options: SearchOptions<State, Event>) {
    this.#system = system;
    this.#options = options;
    this.#limits = options.limits ?? {};
    const { seconds } = this.#limits;
    this.#heap = new HeapWatch(this.#limits.memory, 0);
    this.#deadline = seconds === undefined ? Number.POSITIVE_INFINITY : this.#started + seconds * 1000;
  }

  async all(): Promise<void> {
    this.#start();
    let turnDue = WORK_BETWEEN_TURNS;
    while (this.#next.length > 0) {
      const level = this.#next;
      this.#next = [];
      for (let index = 0; index < level.length; index += 1) {
        this.#stopped ??= this.#outOfTime();
        if (this.#stopped !== undefined) return;
        // The index is below the length.
        this.#expand(level[index] as Waiting<State, Event>);
        if (this.#ids.size + this.#transitions < turnDue) continue;
        turnDue = this.#ids.size + this.#transitions + WORK_BETWEEN_TURNS;
        this.#isFull = this.#heap.isFull();
        this.#report(level.length - index - 1 + this.#next.length);
        await eventLoopTurn();
      }
    }
  }

  result(): Search<Event> {
    const counts = { states: this.#ids.size, transitions: this.#transitions, depth: this.#depth };
    const pathTo = (id: number): Event[] => this.#pathTo(id);
    return this.#stopped === undefined
      ? { ...counts, complete: true, pathTo }
      : { ...counts, complete: false, stopped: this.#stopped, pathTo };
  }

  #start(): void {
    const system = this.#system;
    const state = guarded(() => system.initial(), []);
    const key = guarded(() => system.key(state), []);
    this.#reach(state, key, 1, NO_PARENT, undefined);
  }

  #expand({ state, key, place }: Waiting<State, Event>): void {
    const system = this.#system;
    const before = this.#transitions;
    let current: Event | undefined;
    try {
      for (const event of system.enabled(state)) {
        current = event;
        const next = system.next(state, event);
        if (!this.#step(place, event, next, system.key(next))) return;
        current = undefined;
      }
    } catch (thrown) {
      throw this.#callersOwn ? thrown : located(thrown, place.path(), current);
    }
    this.#checkUnchanged(state, key, place);
    this.#options.expanded?.(state, place, this.#transitions - before);
  }

  /** Takes one transition. False if it would go past the limit on states. */
  #step(place: Place<Event>, event: Event, next: State, key: Key): boolean {
    const known = this.#ids.get(key);
    if (known === undefined && this.#ids.size >= (this.#limits.states ?? Number.POSITIVE_INFINITY)) {
      this.#stopped = "states";
      return false;
    }
    this.#transitions += 1;
    this.#callersOwn = true;
    const to = known ?? this.#reach(next, key, place.level + 1, place.id, event);
    this.#options.stepped?.(place.id, event, to, known === undefined);
    this.#callersOwn = false;
    return true;
  }

  #reach(state: State, key: Key, level: number, parent: number, event: Event | undefined): number {
    const id = this.#ids.size;
    this.#ids.set(key, id);
    this.#parents.push(parent);
    this.#events.push(event);
    this.#depth = level;
    const place: Place<Event> = { id, level, path: () => this.#pathTo(id) };
    const expand = this.#options.reached?.(state, place) ?? true;
    if (expand) this.#next.push({ state, key, place });
    return id;
  }

  #checkUnchanged(state: State, key: Key, place: Place<Event>): void {
    if (this.#options.checkPurity !== true || this.#system.key(state) === key) return;
    throw new EngineError("impure", "A state changed while its transitions were taken.", {
      path: place.path(),
      hint: "A step must make new values and leave the old ones as they are. In a machine: an assign (or a guard) changes the context in place.",
    });
  }

  #pathTo(id: number): Event[] {
    const path: Event[] = [];
    for (let at = id; ; ) {
      const parent = this.#parents[at];
      if (parent === undefined) throw new EngineError("bad-option", `There is no state number ${id}.`);
      if (parent === NO_PARENT) return path.reverse();
      // Every state but the initial one has the event that led to it.
      path.push(this.#events[at] as Event);
      at = parent;
    }
  }

  #outOfTime(): StopReason | undefined {
    if (this.#limits.signal?.aborted === true) return "aborted";
    if (this.#isFull) return "memory";
    return this.#deadline !== Number.POSITIVE_INFINITY && performance.now() >= this.#deadline ? "seconds" : undefined;
  }

  #report(waiting: number): void {
    this.#options.progress?.({
      states: this.#ids.size,
      transitions: this.#transitions,
      depth: this.#depth,
      waiting,
      seconds: (performance.now() - this.#started) / 1000,
    });
  }
}

function guarded<T>(action: () => T, path: readonly unknown[]): T {
  try {
    return action();
  } catch (thrown) {
    throw located(thrown, path, undefined);
  }
}

function located(thrown: unknown, path: readonly unknown[], event: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown.path === undefined ? thrown.along(path, event) : thrown;
  return new EngineError("system-threw", `The transition system threw: ${describeThrown(thrown)}.`, {
    path,
    event,
    cause: thrown,
  });
}
