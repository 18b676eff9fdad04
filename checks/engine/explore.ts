import type { AnyStateMachine, ContextFrom, EventFromLogic, EventObject, InputFrom, SnapshotFrom } from "xstate";
import type { CheckpointOptions, Keeping, KeepingOptions } from "./checkpoint/index.js";
import { withCompiled } from "./compiled/compile.js";
import { explorePacked, type PackedOptions } from "./compiled/search.js";
import { whyNotCompiled } from "./compiled/uncompilable.js";
import { EngineError } from "./errors.js";
import { checkInvariant, type Invariant } from "./invariants.js";
import type { Limits } from "./limits.js";
import type { Events } from "./machine-system.js";
import { referenceSystem } from "./reference.js";
import { type Exploration, MAX_DEADLOCK_PATHS, type Violation } from "./result.js";
import { breadthFirst, type Progress, type Search } from "./search.js";
import type { AnySymmetry, Symmetry } from "./symmetry/symmetry.js";

/** An event that XState makes itself: of a delay (`xstate.after.1000.light.green`) or of an actor. */
export interface SystemEvent {
  readonly type: `xstate.${string}`;
}

/** What may be listed for a machine: its own events, and those that XState makes. */
export type EventList<TMachine extends AnyStateMachine> = readonly (EventFromLogic<TMachine> | SystemEvent)[];

/** The machine's own events, and of those that XState makes, the ones that were listed. */
export type ExploredEvent<TMachine extends AnyStateMachine, TList extends EventList<TMachine>> =
  | EventFromLogic<TMachine>
  | Extract<TList[number], SystemEvent>;

export interface ExploreOptions<
  TMachine extends AnyStateMachine,
  TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
> {
  /**
   * What may happen: a list, or a function of the snapshot that returns one, or several such functions, whose lists are
   * put together. A function is asked once for each combination of what it looks at, so several that look at little are
   * faster than one that looks at all. Events that are not enabled in a state are
   * not taken there; events that are structurally equal are one. Delayed transitions (`after`) are taken only if their
   * event is listed: `{ type: "xstate.after.1000.light.green" }`.
   */
  readonly events:
    | TList
    | ((snapshot: SnapshotFrom<TMachine>) => TList)
    | readonly ((snapshot: SnapshotFrom<TMachine>) => TList)[];
  /** What must hold in every reachable state, by name. */
  readonly invariants?: Readonly<Record<string, (snapshot: SnapshotFrom<TMachine>) => boolean>>;
  readonly limits?: Limits;
  /** What the machine is started with, if its context depends on it. */
  readonly input?: InputFrom<TMachine>;
  /** Told now and then how far the exploration has come. */
  readonly progress?: (progress: Progress) => void;
  /**
   * `reference` steps XState itself. `compiled` is many times faster, and refuses a machine that it can't hold in tables
   * (`not-compilable`, with the reason). By default such a machine is explored by the reference engine: the result's
   * `engine` says which it was, and why.
   */
  readonly engine?: "compiled" | "reference";
  /** The share of the compiled engine's steps that XState makes again, to compare: from 0 (the default) to 1. */
  readonly selfCheck?: number;
  /** Writes now and then (and at the end) how far the exploration has come. Only with the compiled engine. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * The checkpoint to go on from, its file or its bytes. A run that was killed and is resumed comes to the same result as one that was
   * not (but for `engine.bytes`, and for where a limit on memory or seconds stops it). The machine, the events, the
   * invariants and the input must be those that it was written for, by their text: what a function captures from around it
   * is not seen. All states are made again, though, so most changes of that kind are noticed, and refused as well.
   */
  readonly resume?: string | Uint8Array;
  /**
   * What may trade places without anybody noticing. Of all states that such permutations make of each other one is
   * reached and expanded: the counts of states, transitions and deadlocks and the coverage are of those, and the result's
   * `symmetry` says how many states they stand for. Paths are the machine's own, and shortest.
   *
   * What is declared is checked (`not-symmetric`), completely in small runs (`proven` in the result); where a run is larger,
   * `selfCheck` is also the share of its later states that are compared under some permutations. Not to be had with a
   * function as `events`, the reference engine, workers or checkpoints.
   */
  readonly symmetry?: readonly Symmetry<ContextFrom<TMachine>, NoInfer<ExploredEvent<TMachine, TList>>>[];
  /**
   * How many threads explore, once there are enough states for it (1 by default: only the one that calls). Counts,
   * verdicts and the lengths of paths don't depend on it; which of several shortest paths is shown may. The result's
   * `engine` says how many there were.
   */
  readonly workers?: number;
}

/**
 * Reaches every state that a machine can reach, by a shortest path, and takes every transition once.
 *
 * A *state* is a status, a state value with its history, a context and an output; two are the same exactly if these
 * are structurally equal (see `stateKey`; there is no hashing). A *transition* is a state and an event for which
 * `snapshot.can(event)`, self-loops included. Like XState's pure `transition`, this takes a machine that is done at
 * its word: an event that a state node above the final one handles can still happen.
 *
 * @returns a promise of the counts, one shortest path for each broken invariant, deadlocks and coverage. A run that a
 *   limit stopped has `complete: false` and says which.
 * @throws EngineError (the promise rejects) if the machine is not closed, a state has no exact key, a guard, an action or
 *   an invariant throws, or a checkpoint can't be used: see `EngineErrorCode`
 */
export async function explore<
  TMachine extends AnyStateMachine,
  const TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
>(machine: TMachine, options: ExploreOptions<TMachine, TList>): Promise<Exploration<ExploredEvent<TMachine, TList>>> {
  const { engine, selfCheck = 0, workers = 1, progress, limits = {}, invariants = {} } = options;
  const { checkpoint, resume, symmetry = [] } = options;
  if (symmetry.length > 0) (await import("./symmetry/refusals.js")).assertReducible(options);
  const given: Given = {
    machine,
    events: options.events as Events,
    input: options.input,
    invariants: invariants as Readonly<Record<string, Invariant>>,
    limits,
    selfCheck,
    symmetries: symmetry as readonly AnySymmetry[],
    workers: checkedWorkers(workers),
    ...(progress === undefined ? {} : { progress }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(resume === undefined ? {} : { resume }),
  };
  const strict = engine === "compiled" || symmetry.length > 0;
  const found = engine === "reference" ? exploreReference(given, null) : exploreCompiled(given, strict);
  return (await found) as Exploration<ExploredEvent<TMachine, TList>>;
}

/** The options of `explore` as its engines take them. */
interface Given extends Omit<PackedOptions, keyof Keeping>, KeepingOptions {
  readonly machine: AnyStateMachine;
  readonly events: Events;
  readonly input: unknown;
  readonly symmetries: readonly AnySymmetry[];
  readonly workers: number;
}

/** More threads than these would have more to tell each other than to do. */
const MOST_WORKERS = 64;

function checkedWorkers(workers: number): number {
  if (Number.isSafeInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new EngineError("bad-option", `workers must be a whole number from 1 to ${MOST_WORKERS}, not ${workers}.`);
}

async function exploreCompiled(given: Given, strict: boolean): Promise<Exploration<EventObject>> {
  const { machine, events, input, symmetries, workers, checkpoint, resume } = given;
  // Loaded by those who need them only: loading takes its time, and threads and files are there only where Node is.
  const threads = workers > 1 ? await import("./parallel/explore.js") : null;
  const symmetry = symmetries.length > 0 ? await import("./symmetry/explore.js") : null;
  const keeps = checkpoint !== undefined || resume !== undefined ? await import("./checkpoint/index.js") : null;
  let keeping: Keeping | undefined;
  try {
    return await withCompiled(machine, events, input, (system) => {
      if (symmetry !== null) return symmetry.exploreReduced(system, given, symmetries);
      keeping ??= keeps?.keepingOf(given, given) ?? {};
      const own = { ...given, ...keeping };
      return threads === null ? explorePacked(system, own) : threads.exploreParallel(system, own, { workers });
    });
  } catch (thrown) {
    const because = whyNotCompiled(thrown);
    if (because === null) throw thrown;
    if (!strict) return exploreReference(given, because);
    throw new EngineError("not-compilable", `The machine can't be compiled: ${because}`, {
      hint: "Leave out `engine` and `symmetry`, and what can't be compiled is explored by the reference engine, more slowly.",
    });
  }
}

/** What `explore` does, over XState's own snapshots. */
async function exploreReference(given: Given, because: string | null): Promise<Exploration<EventObject>> {
  const { machine, events, input, invariants, limits, progress, checkpoint, resume } = given;
  if (checkpoint !== undefined || resume !== undefined) throw noCheckpoints(because);
  const system = referenceSystem(machine, events, input);
  const unbroken = new Map(Object.entries(invariants));
  const violations: Violation<EventObject>[] = [];
  const deadlocks = { count: 0, paths: [] as EventObject[][] };
  const search = await breadthFirst(system, {
    limits,
    checkPurity: true,
    ...(progress === undefined ? {} : { progress }),
    reached(state, place) {
      for (const [invariant, holds] of unbroken) {
        if (checkInvariant(invariant, () => holds(system.snapshot(state)), place.path)) continue;
        unbroken.delete(invariant);
        violations.push({ invariant, path: place.path() });
      }
      return true;
    },
    expanded(state, place, transitions) {
      if (transitions > 0 || system.snapshot(state).status !== "active") return;
      deadlocks.count += 1;
      if (deadlocks.paths.length < MAX_DEADLOCK_PATHS) deadlocks.paths.push(place.path());
    },
  });
  const engine = { kind: "reference", because } as const;
  return { ...counts(search), violations, deadlocks, coverage: system.coverage(), engine };
}

function noCheckpoints(because: string | null): EngineError {
  const why = because === null ? "it was asked for." : `the machine can't be compiled: ${because}`;
  return new EngineError("bad-option", `The reference engine has no checkpoints, and it explores here since ${why}`, {
    hint: "Leave out `checkpoint` and `resume`, or let the compiled engine explore a machine that can be compiled.",
  });
}

function counts({ states, transitions, depth, complete, stopped }: Search<EventObject>) {
  return { states, transitions, depth, complete, ...(stopped === undefined ? {} : { stopped }) };
}
