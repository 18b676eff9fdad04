import { type AnyStateMachine, and, cancel, not, or, raise, stateIn } from "xstate";

/*
 * Telling XState's own actions and guards from the user's. They are functions with members; which kind one is shows in
 * its `type` (actions) or in the function under `check` (guards).
 */

/** An action that XState resolves itself: `assign`, `raise`, `enqueueActions` and so on. */
export interface BuiltinAction {
  readonly type: string;
  readonly resolve: unknown;
  readonly [member: string]: unknown;
}

export function isBuiltinAction(action: unknown): action is BuiltinAction {
  return typeof action === "function" && "resolve" in action && "type" in action && typeof action.type === "string";
}

/** The implementation that an action of a chart stands for; `undefined` if there is none. */
export function implementationOf(machine: AnyStateMachine, action: unknown): unknown {
  if (typeof action === "function") return action;
  const name = typeof action === "string" ? action : nameOf(action);
  return name === undefined ? undefined : machine.implementations.actions[name];
}

function nameOf(action: unknown): string | undefined {
  return typeof action === "object" && action !== null && "type" in action && typeof action.type === "string"
    ? action.type
    : undefined;
}

/** Whether an action can change nothing of a step, whatever it is given: a custom one, `cancel`, a raise that is delayed. */
export function isInert(machine: AnyStateMachine, action: unknown): boolean {
  if (typeof action === "object" && action !== null && "params" in action && typeof action.params === "function") {
    return false;
  }
  const implementation = implementationOf(machine, action);
  if (!isBuiltinAction(implementation)) return true;
  if (implementation.type === CANCEL) return typeof implementation.sendId === "string";
  if (implementation.type !== RAISE || typeof implementation.event !== "object") return false;
  return typeof implementation.delay === "number";
}

const RAISE = typeOf(raise({ type: "x" }));
const CANCEL = typeOf(cancel("x"));

function typeOf(action: unknown): string {
  return isBuiltinAction(action) ? action.type : "";
}

/** The built-in guards, by what XState puts under their `check`. */
export const GUARD_CHECKS = {
  and: checkOf(and([])),
  or: checkOf(or([])),
  not: checkOf(not("x")),
  stateIn: checkOf(stateIn("x")),
} as const;

export function checkOf(guard: unknown): unknown {
  return typeof guard === "function" && "check" in guard ? guard.check : undefined;
}
