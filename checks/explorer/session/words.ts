import type { AnyTransitionDefinition } from "xstate";
import { GUARD_PROSE, INTERNAL_PROSE } from "../../../model/prose.js";
import { guardName } from "../../engine/guards.js";

/** What a transition of the chart is taken for, in words; null if it is taken whatever holds. */
export function conditionOf({ description, guard }: AnyTransitionDefinition): string | null {
  const name = guardName(guard);
  return description ?? (name === null ? null : guardWords(name));
}

/** A guard of the chart in words; its name where it has none. */
export function guardWords(name: string): string {
  return new Map<string, string>(Object.entries(GUARD_PROSE)).get(name) ?? name;
}

/** What the chart tells itself by an event of its own, in words; null for events from outside. */
export function internalWords(event: string): string | null {
  return new Map<string, string>(Object.entries(INTERNAL_PROSE)).get(event) ?? null;
}
