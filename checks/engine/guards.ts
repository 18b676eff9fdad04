import type { AnyMachineSnapshot, AnyTransitionDefinition, EventObject } from "xstate";

type GuardLike = AnyTransitionDefinition["guard"];

/** A guard's name as one would say it: `isFull`, `not(isFull)`, `stateIn(#a.b)`, `(inline)`; `null` if there is none. */
export function guardName(guard: GuardLike): string | null {
  if (guard === undefined) return null;
  if (typeof guard === "string") return guard;
  if (typeof guard === "object") return guard.type;
  if ("guards" in guard && Array.isArray(guard.guards)) {
    return `${guard.name}(${guard.guards.map((inner: GuardLike) => guardName(inner)).join(", ")})`;
  }
  if ("stateValue" in guard) {
    return `stateIn(${typeof guard.stateValue === "string" ? guard.stateValue : JSON.stringify(guard.stateValue)})`;
  }
  return guard.name === "" || guard.name === "guard" ? "(inline)" : guard.name;
}

/** Whether a transition's guard lets it through. As XState does it; for diagnosis only. */
export function guardPasses(
  transition: AnyTransitionDefinition,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): boolean {
  return transition.guard === undefined || evaluate(transition.guard, snapshot, event);
}

type Predicate = ((args: object, params: unknown) => boolean) & {
  readonly check?: (snapshot: AnyMachineSnapshot, args: object, guard: unknown) => boolean;
};

function evaluate(guard: NonNullable<GuardLike>, snapshot: AnyMachineSnapshot, event: EventObject): boolean {
  const args = { context: snapshot.context as unknown, event };
  const reference = typeof guard === "function" ? undefined : guard;
  const name = typeof reference === "string" ? reference : reference?.type;
  const resolved: unknown = name === undefined ? guard : snapshot.machine.implementations.guards?.[name];
  if (resolved === undefined) throw new Error(`Guard '${name}' is not implemented.`);
  if (typeof resolved !== "function") return evaluate(resolved as NonNullable<GuardLike>, snapshot, event);
  const predicate = resolved as Predicate;
  if (predicate.check !== undefined) return predicate.check(snapshot, args, predicate);
  const given: unknown = typeof reference === "object" && "params" in reference ? reference.params : undefined;
  return predicate(args, typeof given === "function" ? given(args) : given);
}
