import type { AnyTransitionDefinition } from "xstate";
import { CLAUSES, type ClauseId } from "../../../model/clauses.js";
import { segmentMachine } from "../../../model/machine.js";
import { GUARD_PROSE } from "../../../model/prose.js";
import { stateNodes, transitionsOf } from "../../engine/chart.js";
import { guardName } from "../../engine/guards.js";
import { stateName } from "./names.js";

/** What tells a transition of the chart from others; those of other segments and pages are the same one. */
export interface Identity {
  readonly source: string;
  readonly event: string;
  readonly guard: string | null;
  readonly targets: readonly string[];
}

/** A transition as it is written. */
export interface WrittenTransition extends Identity {
  /** The guard in words, to go on after "if"; `null` where there is none. */
  readonly prose: string | null;
  readonly clauses: readonly ClauseId[];
}

/** A chart that has all transitions there are: three pages, two refs at most, a fork, wrong addresses, and everything may fail. */
const EVERYTHING = { pages: 3, forks: 1, maxGrefs: 2 } as const;

/** Every transition of the chart once, in the order in which it is written. */
export function writtenTransitions(): readonly WrittenTransition[] {
  const written = new Map<string, WrittenTransition>();
  for (const node of stateNodes(segmentMachine(EVERYTHING))) {
    for (const { transition } of transitionsOf(node)) {
      const one = writtenOf(transition);
      const key = keyOf(one);
      const clauses = new Set([...(written.get(key)?.clauses ?? []), ...one.clauses]);
      written.set(key, { ...one, clauses: CLAUSES.flatMap(({ id }) => (clauses.has(id) ? id : [])) });
    }
  }
  return [...written.values()];
}

/** Equal for the same transition. */
export function keyOf({ source, event, guard, targets }: Identity): string {
  return `${source} | ${event} | ${guard ?? ""} | ${targets.join()}`;
}

/** What a transition is, whatever segment and page it is of. */
export function identityOf({ source, eventType, guard, target = [] }: AnyTransitionDefinition): Identity {
  const name = guardName(guard);
  // A guard that is put together is called after its first part: which pages it asks about is a matter of the chart's size.
  const first = name?.match(/[A-Za-z]+/g)?.find((word) => word in GUARD_PROSE) ?? name;
  return { source: stateName(source), event: eventType, guard: first, targets: target.map(stateName) };
}

function writtenOf(transition: AnyTransitionDefinition): WrittenTransition {
  const identity = identityOf(transition);
  const { guard } = identity;
  const said = transition.description?.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/\.$/, "");
  const prose = said ?? (guard === null ? null : proseOf(guard));
  return { ...identity, prose, clauses: clausesOf(transition) };
}

function proseOf(guard: string): string {
  const found = Object.entries(GUARD_PROSE).find(([name]) => name === guard);
  if (found === undefined) throw new Error(`the guard ${guard} has no words: give it some in model/prose.ts`);
  return found[1];
}

/** What the transition says of itself (`per`). */
function clausesOf({ meta }: AnyTransitionDefinition): readonly ClauseId[] {
  const said: unknown = meta;
  if (typeof said !== "object" || said === null || !("clauses" in said) || !Array.isArray(said.clauses)) return [];
  const named = new Set<unknown>(said.clauses);
  return CLAUSES.flatMap(({ id }) => (named.has(id) ? id : []));
}
