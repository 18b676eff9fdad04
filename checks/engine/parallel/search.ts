import type { EventObject } from "xstate";
import type { Found } from "../compiled/found.js";
import type { PackedOptions } from "../compiled/search.js";
import type { CompiledSystem } from "../compiled/system.js";
import type { Watched } from "../compiled/watch.js";
import { EngineError } from "../errors.js";
import { checkInvariant } from "../invariants.js";
import type { StopReason } from "../limits.js";
import { type Exploration, MAX_DEADLOCK_PATHS, type Violation } from "../result.js";
import { Control, controlMemory } from "./control.js";
import { Crew } from "./crew.js";
import { deal } from "./handover.js";
import { askedOf, BROKEN, HOLDS, OFFERING, type Order, type Report, type Round, type Setup } from "./messages.js";
import { codeOf, fromCode } from "./owner.js";
import { Publisher } from "./publisher.js";

/** Milliseconds between two looks at the clock while the workers are busy. */
const LOOK = 30;

/** A search that several workers go on with: the main thread's part of it. */
export class ParallelSearch {
  readonly #system: CompiledSystem;
  readonly #options: PackedOptions;
  readonly #found: Found;
  readonly #workers: number;
  readonly #control: Control;
  readonly #crew: Crew;
  readonly #publisher: Publisher;
  readonly #watched: readonly Watched[];
  /** By invariant, whether it is still to be asked. */
  readonly #asked: boolean[];
  readonly #violations: Violation<EventObject>[];
  readonly #deadlocks: { count: number; readonly paths: (readonly EventObject[])[] };
  /** What the workers said last. */
  #rounds: readonly Round[] = [];
  /** States, and those at the end of the level that is being expanded. */
  #states: number;
  #levelEnd: number;
  #depth: number;
  #stopped: StopReason | undefined;
  /** What the caller's `progress` threw. */
  #thrown: { readonly error: unknown } | null = null;

  constructor(system: CompiledSystem, options: PackedOptions, found: Found, workers: number) {
    this.#system = system;
    this.#options = options;
    this.#found = found;
    this.#workers = workers;
    this.#watched = found.unbroken;
    this.#asked = found.unbroken.map(() => true);
    this.#violations = [...found.violations];
    this.#deadlocks = { count: found.deadlocks.count, paths: [...found.deadlocks.paths] };
    this.#states = found.store.size;
    this.#levelEnd = found.store.size;
    this.#depth = found.depth;
    const questions = found.unbroken.map(({ question }) => question);
    this.#publisher = new Publisher(system.compiled, initialOf(found), questions, workers);
    this.#control = new Control(controlMemory(workers));
    this.#crew = new Crew(this.#setups());
  }

  async all(): Promise<void> {
    const learned = this.#publisher.learned(true);
    const dealt = deal(this.#found, this.#publisher.packing, this.#workers);
    await this.#crew.all(dealt.map(({ records, expanded }) => ({ kind: "begin", learned, records, expanded })));
    const timer = setInterval(() => this.#look(), LOOK);
    try {
      await this.#allLevels();
    } finally {
      clearInterval(timer);
    }
  }

  async result(): Promise<Exploration<EventObject>> {
    const { outcomes } = this.#system.compiled;
    for (const report of await this.#crew.all(this.#rounds.map(() => ({ kind: "hits" })))) {
      if (report.kind !== "counted") throw unexpected(report);
      for (let outcome = 0; outcome < outcomes.size; outcome += 1) {
        outcomes.hits[outcome] = (outcomes.hits[outcome] ?? 0) + (report.hits[outcome] ?? 0);
      }
    }
    return {
      states: this.#states,
      transitions: this.#transitions,
      depth: this.#depth + (this.#states > this.#levelEnd ? 1 : 0),
      complete: this.#stopped === undefined,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      violations: this.#violations,
      deadlocks: this.#deadlocks,
      coverage: this.#system.coverage(),
      engine: {
        kind: "compiled",
        bytes: sum(this.#rounds, ({ bytes }) => bytes),
        confirmed: 0,
        workers: this.#workers,
        because: null,
      },
    };
  }

  async end(): Promise<void> {
    await this.#crew.dismiss();
  }

  #setups(): Setup[] {
    const { fixed, outcomes } = this.#system.compiled;
    const { states: most = Number.POSITIVE_INFINITY } = this.#options.limits;
    const room = most < MOST_COUNTED ? new Int32Array(new SharedArrayBuffer(4)).fill(most - this.#states) : null;
    return Array.from({ length: this.#workers }, (_, worker) => ({
      worker,
      workers: this.#workers,
      control: this.#control.memory,
      fixed,
      nothing: outcomes.nothing,
      invariants: this.#watched.length,
      room,
    }));
  }

  async #allLevels(): Promise<void> {
    let replies = this.#rounds.map(() => new Int32Array(0));
    let advance = true;
    for (;;) {
      await this.#round(replies, advance);
      advance = this.#rounds.every(({ isDone }) => isDone);
      const isLast = advance && this.#states === this.#levelEnd;
      // What was asked to stop when there was nothing left to do is complete.
      if (isLast && this.#stopped !== "states") this.#stopped = undefined;
      if (isLast || this.#stopped !== undefined) return;
      replies = await this.#resolve();
      if (!advance) continue;
      this.#levelEnd = this.#states;
      this.#depth += 1;
    }
  }

  async #round(replies: readonly Int32Array[], advance: boolean): Promise<void> {
    this.#look();
    this.#control.begin();
    const learned = this.#publisher.learned(replies.some(({ length }) => length > 0));
    const orders = Array.from({ length: this.#workers }, (_, worker): Order => {
      return { kind: "round", learned, replies: replies[worker] ?? new Int32Array(0), advance, asked: this.#asked };
    });
    const reports = await this.#crew.all(orders);
    if (this.#thrown !== null) throw this.#thrown.error;
    this.#rounds = reports.map((report) => {
      if (report.kind !== "round") throw unexpected(report);
      return report;
    });
    this.#states = sum(this.#rounds, ({ states }) => states);
    if (this.#control.isStopped) this.#stopped ??= "states";
    await this.#noteBroken();
    await this.#noteDeadlocks();
  }

  async #noteBroken(): Promise<void> {
    for (const [number, { name }] of this.#watched.entries()) {
      const worker = this.#rounds.findIndex(({ broken }) => (broken[number] ?? -1) >= 0);
      const id = this.#rounds[worker]?.broken[number];
      if (id === undefined || this.#asked[number] === false) continue;
      this.#asked[number] = false;
      this.#violations.push({ invariant: name, path: await this.#pathTo(worker, id) });
    }
  }

  async #noteDeadlocks(): Promise<void> {
    for (const [worker, { deadlocks, stuck }] of this.#rounds.entries()) {
      this.#deadlocks.count += deadlocks;
      for (const id of stuck) {
        if (this.#deadlocks.paths.length >= MAX_DEADLOCK_PATHS) break;
        this.#deadlocks.paths.push(await this.#pathTo(worker, id));
      }
    }
  }

  /** Works out all that was set aside. Again, if it turned out on the way that something learned before is void. */
  async #resolve(): Promise<Int32Array<ArrayBuffer>[]> {
    const { compiled } = this.#system;
    for (;;) {
      const { epoch } = compiled;
      const replies: Int32Array<ArrayBuffer>[] = [];
      for (const [worker, { aside }] of this.#rounds.entries()) replies.push(await this.#resolveOf(worker, aside));
      if (compiled.epoch === epoch) return replies;
    }
  }

  async #resolveOf(worker: number, aside: Int32Array): Promise<Int32Array<ArrayBuffer>> {
    const { packing } = this.#publisher;
    const stride = packing.words + 2;
    const replies = new Int32Array(aside.length / stride);
    const state = new Int32Array(this.#system.compiled.slots);
    packing.begin(state);
    for (let index = 0; index < replies.length; index += 1) {
      const at = index * stride;
      const asked = aside[at + 1] as number;
      packing.unpack(aside, at + 2, state);
      try {
        replies[index] = this.#answer(sized(state, this.#system.compiled.slots), asked);
      } catch (thrown) {
        throw await this.#located(thrown, worker, aside[at] as number, asked);
      }
    }
    return replies;
  }

  #answer(state: Int32Array, asked: number): number {
    if (asked >= 0) return this.#system.step(state, asked);
    if (asked === OFFERING) return this.#publisher.offer(this.#system.offered(state));
    const watched = this.#watched[askedOf(asked)];
    if (watched === undefined || this.#asked[askedOf(asked)] === false) return HOLDS;
    const { name, question } = watched;
    // The path is added by whoever knows whose state it is.
    const holds = checkInvariant(name, () => this.#system.compiled.answer(question, state), NO_PATH);
    return holds ? HOLDS : BROKEN;
  }

  async #located(thrown: unknown, worker: number, id: number, asked: number): Promise<unknown> {
    const isWhole = thrown instanceof EngineError && thrown.path !== undefined && asked >= OFFERING;
    if (!(thrown instanceof EngineError) || isWhole) return thrown;
    return thrown.along(await this.#pathTo(worker, id), asked < 0 ? undefined : this.#system.compiled.event(asked));
  }

  async #pathTo(worker: number, id: number): Promise<EventObject[]> {
    const parts: number[][] = [];
    let code = codeOf(id, worker, this.#workers);
    while (code >= 0) {
      const { id: number, worker: owner } = fromCode(code, this.#workers);
      const report = await this.#crew.one(owner, { kind: "trace", id: number });
      if (report.kind !== "traced") throw unexpected(report);
      parts.push([...report.events]);
      code = report.parent;
    }
    return parts.reverse().flatMap((events) => events.map((event) => this.#system.compiled.event(event)));
  }

  /** Looks at the clock, and tells how far the workers are. */
  #look(): void {
    const reason = this.#found.clock.stopReason();
    if (reason !== undefined) {
      this.#stopped ??= reason;
      this.#control.stop();
    }
    try {
      this.#report();
    } catch (error) {
      this.#thrown ??= { error };
      this.#control.stop();
    }
  }

  #report(): void {
    const { progress } = this.#options;
    if (progress === undefined) return;
    const counts = [...this.#control.memory.progress];
    const states = Math.max(
      this.#states,
      sum(counts, (count, at) => (at % 2 === 0 ? count : 0)),
    );
    progress({
      states,
      transitions: this.#found.transitions + sum(counts, (count, at) => (at % 2 === 1 ? count : 0)),
      depth: this.#depth,
      waiting: sum(this.#rounds, ({ waiting }) => waiting) + states - this.#levelEnd,
      seconds: this.#found.clock.seconds,
      bytes: sum(this.#rounds, ({ bytes }) => bytes),
    });
  }

  get #transitions(): number {
    return this.#found.transitions + sum(this.#rounds, ({ transitions }) => transitions);
  }
}

/** More states than these can't be counted down in shared memory, and no store holds as many. */
const MOST_COUNTED = 2 ** 31;

const NO_PATH = (): readonly unknown[] => [];

function initialOf({ store, packing }: Found): Int32Array {
  const key = new Int32Array(packing.words);
  const state = new Int32Array(packing.widths.length);
  packing.begin(state);
  store.read(0, key, 0);
  packing.unpack(key, 0, state);
  return state;
}

/** A state with room for slots that have come up meanwhile. */
function sized(state: Int32Array, slots: number): Int32Array {
  if (state.length === slots) return state;
  const larger = new Int32Array(slots);
  larger.set(state);
  return larger;
}

function sum<T>(items: readonly T[], of: (item: T, at: number) => number): number {
  return items.reduce((total, item, at) => total + of(item, at), 0);
}

function unexpected({ kind }: Report): Error {
  return new Error(`a worker reports ${kind}, which is not what it was asked for`);
}
