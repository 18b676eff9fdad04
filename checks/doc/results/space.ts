import type { SpecView } from "../../../model/machine.js";
import type { Scope } from "../../../model/scope.js";
import { type StateSpace, stateSpace } from "../../conformance/graph/statespace.js";
import type { ScopeReport } from "../../conformance/report.js";
import { scopeReport } from "../../conformance/scopereport.js";

/** The shape of the specification's state space in a scope. Plain data. */
export interface SpaceShape {
  readonly scope: ScopeReport;
  readonly states: number;
  readonly transitions: number;
  /** How many states lie so many steps from the start, 0 first. */
  readonly byDepth: readonly number[];
  /** How many states have so many transitions, fewest first. */
  readonly branching: readonly { readonly transitions: number; readonly states: number }[];
  readonly page: PageLife;
}

/** What becomes of page 0 of the first segment. */
export interface PageLife {
  /** In how many states the page is so. */
  readonly states: Readonly<Record<string, number>>;
  /** How often one transition leads from one to another, by the call that is under way. */
  readonly changes: readonly {
    readonly from: string;
    readonly to: string;
    readonly call: string;
    readonly times: number;
  }[];
}

export async function shapeOf(scope: Scope): Promise<SpaceShape> {
  const space = await stateSpace(scope);
  if (space.stopped !== null) throw new Error("there are too many transitions to draw");
  return {
    scope: scopeReport(scope),
    states: space.states.length,
    transitions: space.steps.length,
    byDepth: depthsOf(space),
    branching: branchingOf(space),
    page: pageLifeOf(space),
  };
}

function depthsOf({ states, steps }: StateSpace): readonly number[] {
  const depths = new Map([[0, 0]]);
  // Steps come in the order of the states that they lead on from, and these in order of depth.
  for (const { from, to } of steps) if (!depths.has(to)) depths.set(to, (depths.get(from) ?? 0) + 1);
  const counts: number[] = [];
  for (let at = 0; at < states.length; at++) {
    const depth = depths.get(at) ?? 0;
    counts[depth] = (counts[depth] ?? 0) + 1;
  }
  return counts;
}

function branchingOf({ states, steps }: StateSpace): SpaceShape["branching"] {
  const leading = states.map(() => 0);
  for (const { from } of steps) leading[from] = (leading[from] ?? 0) + 1;
  const counts = new Map<number, number>();
  for (const transitions of leading) counts.set(transitions, (counts.get(transitions) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([transitions, count]) => ({ transitions, states: count }));
}

function pageLifeOf({ states, steps }: StateSpace): PageLife {
  const lives = states.map(({ view }) => lifeOf(view));
  const counts = new Map<string, number>();
  for (const life of lives) counts.set(life, (counts.get(life) ?? 0) + 1);
  const changes = new Map<string, { from: string; to: string; call: string; times: number }>();
  for (const step of steps) {
    const [from = "", to = ""] = [lives[step.from], lives[step.to]];
    if (from === to) continue;
    const call = "call" in step.event ? step.event.call.call : callUnderWay(states[step.from]?.view);
    const key = `${from} ${to} ${call}`;
    const change = changes.get(key) ?? { from, to, call, times: 0 };
    change.times++;
    changes.set(key, change);
  }
  return { states: Object.fromEntries(counts), changes: [...changes.values()] };
}

function callUnderWay(view: SpecView | undefined): string {
  return view?.context.underWay?.call ?? "";
}

/** What page 0 of segment 0 is: its state in the chart, or, where the segment isn't live, the segment's. */
function lifeOf({ value }: SpecView): string {
  const life = at(value, "running", "segment0", "life");
  if (typeof life === "string") return life;
  const content = at(life, "live", "page0", "content");
  if (typeof content === "string") return content;
  return content === undefined ? "panicked" : `granted, ${String(at(content, "granted"))}`;
}

/** What a state value says of a state that is so far inside. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? new Map(Object.entries(inner)).get(name) : undefined,
    value,
  );
}
