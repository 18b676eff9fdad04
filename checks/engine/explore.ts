import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, EventObject, InputFrom, SnapshotFrom } from "xstate";
import { describeThrown, describeValue } from "./describe.js";
import { EngineError } from "./errors.js";
import type { Limits } from "./limits.js";
import type { Events, MachineSystem } from "./machine-system.js";
import { referenceSystem } from "./reference.js";
import type { Exploration, Violation } from "./result.js";
import { breadthFirst, type Place, type Progress, type Search } from "./search.js";

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
   * What may happen: a list, or a function of the snapshot that returns one. Events that are not enabled in a state are
   * not taken there; events that are structurally equal are one. Delayed transitions (`after`) are taken only if their
   * event is listed: `{ type: "xstate.after.1000.light.green" }`.
   */
  readonly events: TList | ((snapshot: SnapshotFrom<TMachine>) => TList);
  /** What must hold in every reachable state, by name. */
  readonly invariants?: Readonly<Record<string, (snapshot: SnapshotFrom<TMachine>) => boolean>>;
  readonly limits?: Limits;
  /** What the machine is started with, if its context depends on it. */
  readonly input?: InputFrom<TMachine>;
  /** Told now and then how far the exploration has come. */
  readonly progress?: (progress: Progress) => void;
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
 * @throws EngineError (the promise rejects) if the machine is not closed, a state has no exact key, or a guard, an
 *   action or an invariant throws: see `EngineErrorCode`
 */
export async function explore<
  TMachine extends AnyStateMachine,
  const TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
>(machine: TMachine, options: ExploreOptions<TMachine, TList>): Promise<Exploration<ExploredEvent<TMachine, TList>>> {
  const system = referenceSystem(machine, options.events as Events, options.input);
  const { invariants = {}, limits = {}, progress } = options;
  const found = await exploreSystem(system, {
    invariants: invariants as Readonly<Record<string, Invariant>>,
    limits,
    ...(progress === undefined ? {} : { progress }),
  });
  return found as Exploration<ExploredEvent<TMachine, TList>>;
}

type Invariant = (snapshot: AnyMachineSnapshot) => boolean;

interface SystemOptions {
  readonly invariants?: Readonly<Record<string, Invariant>>;
  readonly limits?: Limits;
  readonly progress?: (progress: Progress) => void;
}

/** How many deadlocks are shown with a path. */
const MAX_DEADLOCK_PATHS = 5;

/** What `explore` does, over any engine's representation of a machine. */
async function exploreSystem<State>(
  system: MachineSystem<State>,
  { invariants = {}, limits = {}, progress }: SystemOptions,
): Promise<Exploration<EventObject>> {
  const unbroken = new Map(Object.entries(invariants));
  const violations: Violation<EventObject>[] = [];
  const deadlocks = { count: 0, paths: [] as EventObject[][] };
  const search = await breadthFirst(system, {
    limits,
    checkPurity: true,
    ...(progress === undefined ? {} : { progress }),
    reached(state, place) {
      for (const [invariant, holds] of unbroken) {
        if (check(invariant, holds, system.snapshot(state), place)) continue;
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
  return { ...counts(search), violations, deadlocks, coverage: system.coverage() };
}

function counts({ states, transitions, depth, complete, stopped }: Search<EventObject>) {
  return { states, transitions, depth, complete, ...(stopped === undefined ? {} : { stopped }) };
}

function check(name: string, holds: Invariant, snapshot: AnyMachineSnapshot, place: Place<EventObject>): boolean {
  let answer: unknown;
  try {
    answer = holds(snapshot);
  } catch (thrown) {
    throw invariantThrew(name, thrown, place);
  }
  if (typeof answer === "boolean") return answer;
  throw new EngineError(
    "invariant-threw",
    `Invariant '${name}' answered ${describeValue(answer)}, not true or false.`,
    {
      path: place.path(),
      at: name,
      hint: "An invariant is a plain function that returns a boolean; it can't be asynchronous.",
    },
  );
}

function invariantThrew(name: string, thrown: unknown, place: Place<EventObject>): EngineError {
  return new EngineError("invariant-threw", `Invariant '${name}' threw: ${describeThrown(thrown)}.`, {
    path: place.path(),
    at: name,
    cause: thrown,
    hint: "An invariant must answer true or false for every reachable state, unusual ones included.",
  });
}
