import { getShortestPaths, getSimplePaths } from "@xstate/graph";
import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, EventObject, InputFrom, SnapshotFrom } from "xstate";
import { describeThrown } from "./describe.js";
import { EngineError } from "./errors.js";
import type { EventList, ExploredEvent } from "./explore.js";
import { valueKey } from "./key.js";
import type { Events, MachineSystem } from "./machine-system.js";
import { referenceSystem } from "./reference.js";

/** A way from the initial state to `state`. */
export interface ReplayPath<TSnapshot, TEvent> {
  /** Each event, and the state after it. None for the path to the initial state. */
  readonly steps: readonly ReplayStep<TSnapshot, TEvent>[];
  readonly state: TSnapshot;
}

export interface ReplayStep<TSnapshot, TEvent> {
  readonly event: TEvent;
  readonly state: TSnapshot;
}

export interface PathOptions<
  TMachine extends AnyStateMachine,
  TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
> {
  /** As for `explore`: only those that are enabled are followed. */
  readonly events: TList | ((snapshot: SnapshotFrom<TMachine>) => TList);
  readonly input?: InputFrom<TMachine>;
  /** How many steps may be made before giving up with an error; see each function for its default. */
  readonly limit?: number;
}

/**
 * One shortest path to every reachable state, found by `@xstate/graph` with our own exact keys. An independent witness
 * of what `explore` does, and much slower: for machines of some thousand states.
 *
 * @param options.limit by default 1,000,000 steps
 * @throws EngineError `limit`, and whatever `explore` throws
 */
export function shortestPaths<
  TMachine extends AnyStateMachine,
  const TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
>(
  machine: TMachine,
  { events, input, limit = 1_000_000 }: PathOptions<TMachine, TList>,
): ReplayPath<SnapshotFrom<TMachine>, ExploredEvent<TMachine, TList>>[] {
  const system = referenceSystem(machine, events as Events, input);
  const paths = walk(getShortestPaths, machine, system, input, limit);
  return paths as ReplayPath<SnapshotFrom<TMachine>, ExploredEvent<TMachine, TList>>[];
}

/**
 * Every path to every reachable state that visits no state twice. Their number grows exponentially with the machine:
 * for machines of a few dozen states.
 *
 * @param options.limit by default 100,000 steps
 * @throws EngineError `limit`, and whatever `explore` throws
 */
export function simplePaths<
  TMachine extends AnyStateMachine,
  const TList extends EventList<TMachine> = readonly EventFromLogic<TMachine>[],
>(
  machine: TMachine,
  { events, input, limit = 100_000 }: PathOptions<TMachine, TList>,
): ReplayPath<SnapshotFrom<TMachine>, ExploredEvent<TMachine, TList>>[] {
  const system = referenceSystem(machine, events as Events, input);
  const paths = walk(getSimplePaths, machine, system, input, limit);
  return paths as ReplayPath<SnapshotFrom<TMachine>, ExploredEvent<TMachine, TList>>[];
}

type Walk = typeof getShortestPaths<AnyStateMachine>;

function walk(
  find: Walk,
  machine: AnyStateMachine,
  system: MachineSystem<AnyMachineSnapshot>,
  input: unknown,
  limit: number,
): ReplayPath<AnyMachineSnapshot, EventObject>[] {
  // Throws what is wrong with the machine's start, which @xstate/graph would take for a state.
  const fromState = system.initial();
  const keyOf = countedKeys(system, limit);
  try {
    const found = find(machine, {
      input,
      fromState,
      events: (snapshot) => [...system.enabled(snapshot)],
      serializeState: keyOf,
      serializeEvent: rememberedKeys(),
    });
    return found.map(({ steps, state }) => ({
      steps: steps.slice(1).map(({ event, state }) => ({ event, state })),
      state,
    }));
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown : machineThrew(thrown);
  }
}

/** The keys of events: the alphabet has each of them once. */
function rememberedKeys(): (event: EventObject) => string {
  const keys = new WeakMap<EventObject, string>();
  return (event) => {
    let key = keys.get(event);
    if (key === undefined) {
      key = valueKey(event);
      keys.set(event, key);
    }
    return key;
  };
}

function machineThrew(thrown: unknown): EngineError {
  return new EngineError("system-threw", `The machine threw: ${describeThrown(thrown)}.`, {
    cause: thrown,
    hint: "explore(machine, …) says which guard or action it was, and on which path.",
  });
}

/**
 * The library asks for a key at every step that it makes, and has no limit of its own on how many it makes along paths:
 * so they are counted here.
 */
function countedKeys(system: MachineSystem<AnyMachineSnapshot>, limit: number): (state: AnyMachineSnapshot) => string {
  const keys = new WeakMap<AnyMachineSnapshot, string>();
  let steps = 0;
  return (state) => {
    steps += 1;
    if (steps > limit) {
      throw new EngineError("limit", `There are more paths than can be found in ${limit} steps.`, {
        hint: "Give fewer events, a smaller machine, or a higher limit.",
      });
    }
    let key = keys.get(state);
    if (key === undefined) {
      key = String(system.key(state));
      keys.set(state, key);
    }
    return key;
  };
}
