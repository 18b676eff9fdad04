import type { Scenario } from "../../../traces/scenario/scenario.js";
import { type CallSpace, callSpace, stepOf, type WholeCall } from "./callspace.js";
import { type Cover, type Coverable, type CoverableEdge, type CoverOptions, cover } from "./cover.js";
import type { StateSpace } from "./statespace.js";

/**
 * What a suite covers: the states at rest, the calls in each with all their answers, two such calls after each other, or every
 * sequence of so many calls from the start.
 */
export type CoverKind = "states" | "transitions" | "pairs" | { readonly paths: number };

export interface Suite extends Omit<Cover, "walks"> {
  readonly scenarios: readonly Scenario[];
}

/** More scenarios than these are no suite to be run. */
export const MOST_SCENARIOS = 100_000;

/**
 * Scenarios out of the state space of a scope that cover it, few and short ones, the shortest first. Null if they are too many, or
 * the signal came first.
 */
export async function suite(space: StateSpace, kind: CoverKind, options: CoverOptions = {}): Promise<Suite | null> {
  const calls = callSpace(space);
  const covered =
    typeof kind === "object" ? sequences(calls, kind.paths) : await cover(coverable(calls, kind), options);
  if (covered === null) return null;
  const { walks, ...numbers } = covered;
  const scenarios = walks.map((walk) => ({
    pages: space.scope.pages,
    steps: walk.flatMap((at) => calls.calls.slice(at, at + 1).map(stepOf)),
  }));
  return { ...numbers, scenarios };
}

function coverable(calls: CallSpace, kind: "states" | "transitions" | "pairs"): Coverable {
  return kind === "pairs" ? pairs(calls) : single(calls, kind);
}

/** Every sequence of so many calls, or of fewer that end all: each is a walk, and none can be left out. */
function sequences({ calls }: CallSpace, length: number): Cover | null {
  const from = new Map<number, number[]>();
  calls.forEach((whole, call) => {
    from.set(whole.from, [...(from.get(whole.from) ?? []), call]);
  });
  const done: (readonly number[])[] = [];
  let open: readonly (readonly number[])[] = [[]];
  for (let made = 0; made < length; made++) {
    const longer: (readonly number[])[] = [];
    for (const walk of open) {
      const more = from.get(calls[walk.at(-1) ?? -1]?.to ?? 0) ?? [];
      if (more.length === 0) done.push(walk);
      for (const call of more) longer.push([...walk, call]);
      if (longer.length + done.length > MOST_SCENARIOS) return null;
    }
    open = longer;
  }
  const walks = [...done, ...open];
  const total = walks.reduce((sum, walk) => sum + walk.length, 0);
  return { walks, length: total, least: { walks: walks.length, length: total }, targets: walks.length };
}

/** Nodes are states at rest, edges the calls. */
function single({ rests, calls }: CallSpace, kind: "states" | "transitions"): Coverable {
  const places = placesOf(rests);
  const leading: CoverableEdge[][] = rests.map(() => []);
  calls.forEach(({ from, to }, call) => {
    const place = places.get(to) ?? 0;
    const target = kind === "transitions" ? call : place === 0 ? null : place;
    leading[places.get(from) ?? 0]?.push({ to: place, call, target });
  });
  return { leading, groups: rests.map((_, place) => place) };
}

/** Nodes are the calls, and one before all of them; an edge from one to another is the other made after the one. */
function pairs({ rests, calls }: CallSpace): Coverable {
  const places = placesOf(rests);
  const from: number[][] = rests.map(() => []);
  calls.forEach((whole, call) => {
    from[places.get(whole.from) ?? 0]?.push(call);
  });
  const after = ({ to }: Pick<WholeCall, "to">): readonly number[] => from[places.get(to) ?? 0] ?? [];
  const first = (from[0] ?? []).map((call): CoverableEdge => ({ to: call + 1, call, target: null }));
  let target = 0;
  const others = calls.map((whole) =>
    after(whole).map((call): CoverableEdge => ({ to: call + 1, call, target: target++ })),
  );
  const groups = [0, ...calls.map(({ to }) => (places.get(to) ?? 0) + 1)];
  return { leading: [first, ...others], groups };
}

function placesOf(rests: readonly number[]): ReadonlyMap<number, number> {
  return new Map(rests.map((number, place) => [number, place]));
}
