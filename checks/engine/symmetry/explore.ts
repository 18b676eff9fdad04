import type { AnyMachineSnapshot, EventObject } from "xstate";
import type { Question } from "../compiled/machine.js";
import type { PackedOptions } from "../compiled/search.js";
import type { CompiledSystem } from "../compiled/system.js";
import { EngineError } from "../errors.js";
import { checkInvariant } from "../invariants.js";
import { type Exploration, MAX_DEADLOCK_PATHS, type Violation } from "../result.js";
import { breadthFirst, type Place } from "../search.js";
import { Acting } from "./acting.js";
import { orbitsOf } from "./actions.js";
import { Equivariance, type Tried } from "./equivariance.js";
import { Quotient } from "./quotient.js";
import { type RealPath, realPath } from "./real-paths.js";
import { notSymmetric } from "./refusals.js";
import { retold } from "./retold.js";
import type { AnySymmetry } from "./symmetry.js";

/**
 * Explores one state of all that the declared permutations make of each other.
 * @throws EngineError `bad-option`, `not-symmetric`; and whatever `explorePacked` throws
 */
export function exploreReduced(
  system: CompiledSystem,
  options: PackedOptions,
  symmetries: readonly AnySymmetry[],
): Promise<Exploration<EventObject>> {
  return new Reduced(system, options, symmetries).explored();
}

interface Watched {
  readonly name: string;
  readonly question: Question<unknown>;
}

/** What the search keeps of a state beside its key: entries of a map and of two lists. An estimate. */
const BYTES_BESIDE_KEY = 80;

class Reduced {
  readonly #system: CompiledSystem;
  readonly #options: PackedOptions;
  readonly #acting: Acting;
  readonly #equivariance: Equivariance;
  readonly #quotient: Quotient;
  readonly #violations: Violation<EventObject>[] = [];
  readonly #deadlocks = { count: 0, paths: [] as EventObject[][] };
  #unbroken: readonly Watched[];
  #represents = 0;
  /** Bytes of keys. */
  #bytes = 0;

  constructor(system: CompiledSystem, options: PackedOptions, symmetries: readonly AnySymmetry[]) {
    this.#system = system;
    this.#options = options;
    const events = system.compiled.fixed ?? [];
    this.#acting = new Acting(system.compiled, orbitsOf(system.compiled, symmetries));
    this.#equivariance = new Equivariance(system, this.#acting, events, options.selfCheck);
    const checks = { equivariance: this.#equivariance, share: options.selfCheck };
    this.#quotient = new Quotient(system, this.#acting, events, checks);
    this.#unbroken = Object.entries(options.invariants).map(([name, holds]) => ({
      name,
      question: system.compiled.question<unknown>(holds as (snapshot: AnyMachineSnapshot) => unknown),
    }));
  }

  async explored(): Promise<Exploration<EventObject>> {
    const { limits, progress } = this.#options;
    try {
      const { states, transitions, depth, complete, stopped } = await breadthFirst(this.#quotient, {
        limits,
        ...(progress === undefined ? {} : { progress }),
        reached: (state, place) => this.#reached(state, place),
        expanded: (state, place, count) => this.#expanded(state, place, count),
      });
      const counts = { states, transitions, depth, complete, ...(stopped === undefined ? {} : { stopped }) };
      return { ...counts, ...this.#findings(states) };
    } catch (thrown) {
      throw retold(thrown, this.#system, this.#equivariance, (path) => this.#real(path));
    }
  }

  #findings(states: number) {
    const { confirmed } = this.#quotient;
    return {
      violations: this.#violations,
      deadlocks: this.#deadlocks,
      coverage: this.#system.coverage(),
      engine: {
        kind: "compiled",
        bytes: this.#bytes + states * BYTES_BESIDE_KEY,
        confirmed,
        workers: 1,
        because: null,
      },
      symmetry: { order: this.#acting.order, represents: this.#represents, proven: this.#equivariance.proven },
    } as const;
  }

  #reached(state: Int32Array, place: Place<number>): true {
    this.#represents += this.#quotient.canonical(state).size;
    this.#bytes += this.#quotient.key(state).length;
    if (this.#unbroken.length === 0) return true;
    try {
      const tried = this.#equivariance.tried(state);
      for (const watched of this.#unbroken) this.#judge(watched, tried, place);
    } catch (thrown) {
      const isPlain = thrown instanceof EngineError && thrown.path === undefined;
      throw isPlain ? thrown.along(place.path(), undefined) : thrown;
    }
    return true;
  }

  #judge(watched: Watched, tried: Tried, place: Place<number>): void {
    const { name } = watched;
    const holds = (state: Int32Array): boolean => this.#answer(watched, state, place);
    const [state] = tried.images;
    if (state === undefined) return;
    const answer = holds(state);
    this.#equivariance.assertAlike(tried, answer, holds, `Invariant '${name}'`);
    if (answer) return;
    const real = this.#real(place.path());
    // That it is broken where the machine's own path leads follows from symmetry: this makes sure.
    if (holds(real.state)) {
      throw notSymmetric(`Invariant '${name}' is false of a state, but true when things are renamed in it`, {
        at: "symmetry",
      });
    }
    this.#unbroken = this.#unbroken.filter((other) => other !== watched);
    this.#violations.push({ invariant: name, path: this.#objects(real.events) });
  }

  #answer({ name, question }: Watched, state: Int32Array, place: Place<number>): boolean {
    const { compiled } = this.#system;
    const ask = (): unknown => compiled.answer(question, this.#system.sized(state));
    return checkInvariant(name, ask, () => this.#objects(this.#real(place.path()).events));
  }

  #expanded(state: Int32Array, place: Place<number>, transitions: number): void {
    if (transitions > 0 || !this.#quotient.isActive(state)) return;
    this.#deadlocks.count += 1;
    if (this.#deadlocks.paths.length < MAX_DEADLOCK_PATHS) {
      this.#deadlocks.paths.push(this.#objects(this.#real(place.path()).events));
    }
  }

  #real(path: readonly number[]): RealPath {
    return realPath(this.#system, this.#acting, this.#quotient, path);
  }

  #objects(events: readonly number[]): EventObject[] {
    return events.map((event) => this.#system.compiled.event(event));
  }
}
