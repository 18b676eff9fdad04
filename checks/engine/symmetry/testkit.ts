import type { ExecutionContext } from "ava";
import { type AnyMachineSnapshot, type AnyStateMachine, type EventObject, initialTransition } from "xstate";
import type { CommitEvent } from "../examples/two-phase-commit.js";
import { valueKey } from "../index.js";
import { transition } from "../testing/transition.js";
import type { Renaming, Symmetry } from "./symmetry.js";

interface CommitContext {
  readonly messages: ReadonlySet<string>;
  readonly prepared: ReadonlySet<number>;
}

/** The resource managers of two-phase commit. */
export function managers(n: number): Symmetry<CommitContext, CommitEvent> {
  const renamed = (message: string, to: Renaming): string => {
    const [word, rm] = message.split(" ");
    return rm === undefined ? message : `${word} ${to(Number(rm))}`;
  };
  return {
    things: n,
    regions: (rm) => `rm${rm}`,
    context: {
      messages: (messages, to) => new Set([...messages].map((message) => renamed(message, to))),
      prepared: (prepared, to) => new Set([...prepared].map(to)),
    },
    event: (event, to) => ("rm" in event ? { ...event, rm: to(event.rm) } : event),
  };
}

/** All permutations of 0 … n-1. */
export function allPermutations(n: number): number[][] {
  if (n === 0) return [[]];
  return allPermutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

/**
 * How many states are left if those are one that permutations make of each other: each is renamed in all ways, and the
 * least text stands for all. The regions of thing 3 are called `prefix3`.
 */
export function countOrbits(
  snapshots: readonly AnyMachineSnapshot[],
  permutations: readonly (readonly number[])[],
  prefix: string,
  context: (context: unknown, to: Renaming) => unknown,
): number {
  const isRegion = new RegExp(`^${prefix}(\\d+)$`);
  const renamed = ({ value, context: given }: AnyMachineSnapshot, permutation: readonly number[]): string => {
    const to = (thing: number): number => permutation[thing] ?? Number.NaN;
    const regions = Object.entries(value).map(([key, inner]) => {
      const thing = isRegion.exec(key)?.[1];
      return [thing === undefined ? key : `${prefix}${to(Number(thing))}`, inner];
    });
    return valueKey([Object.fromEntries(regions), context(given, to)]);
  };
  const least = snapshots.map(
    (snapshot) => permutations.map((permutation) => renamed(snapshot, permutation)).sort()[0],
  );
  return new Set(least).size;
}

/** Where a path leads in XState; every event of it must be enabled. */
export function follow(
  t: ExecutionContext,
  machine: AnyStateMachine,
  path: readonly EventObject[],
): AnyMachineSnapshot {
  let [snapshot] = initialTransition(machine);
  for (const event of path) {
    t.true(snapshot.can(event), event.type);
    [snapshot] = transition(machine, snapshot, event);
  }
  return snapshot;
}
