import type { EventObject, StateValue } from "xstate";
import { guardName } from "../guards.js";
import { isActive, matchesValue } from "./configuration.js";
import { checkOf, GUARD_CHECKS } from "./inert.js";
import { attempt, guardArguments, type Interpreter } from "./interpreter.js";
import { Uncompilable } from "./uncompilable.js";

export interface GuardArguments {
  readonly context: unknown;
  readonly event: EventObject;
}

type Predicate = (args: GuardArguments, params: unknown) => unknown;

/** Whether a guard lets its transition through: XState's rules, with every read of the state noted. */
export function evaluateGuard(interpreter: Interpreter, guard: unknown, event: EventObject): boolean {
  if (typeof guard !== "function" && typeof guard !== "string" && !isReference(guard)) {
    throw new Uncompilable(null, "a guard is neither a function nor a name.");
  }
  const resolved: unknown =
    typeof guard === "function"
      ? guard
      : interpreter.machine.implementations.guards?.[typeof guard === "string" ? guard : guard.type];
  if (resolved === undefined) throw new Error("a guard is not implemented");
  if (typeof resolved !== "function") return evaluateGuard(interpreter, resolved, event);
  if (checkOf(resolved) !== undefined) return evaluateBuiltin(interpreter, resolved, event);
  return interpreter.guards.call(guard, event, describeGuard(guard), () =>
    attempt(interpreter, () => {
      const args = guardArguments(interpreter, event);
      return Boolean((resolved as Predicate)(args, paramsOf(guard, args)));
    }),
  );
}

function describeGuard(guard: unknown): string {
  return `Guard '${guardName(guard as Parameters<typeof guardName>[0]) ?? "(inline)"}'`;
}

function paramsOf(guard: unknown, args: GuardArguments): unknown {
  const params: unknown = typeof guard === "object" && guard !== null && "params" in guard ? guard.params : undefined;
  return typeof params === "function" ? (params as (args: GuardArguments) => unknown)(args) : params;
}

interface Reference {
  readonly type: string;
  readonly params?: unknown;
}

function isReference(guard: unknown): guard is Reference {
  return typeof guard === "object" && guard !== null && "type" in guard && typeof guard.type === "string";
}

function evaluateBuiltin(interpreter: Interpreter, guard: object, event: EventObject): boolean {
  const guards: readonly unknown[] = "guards" in guard && Array.isArray(guard.guards) ? guard.guards : [];
  switch (checkOf(guard)) {
    case GUARD_CHECKS.and:
      return guards.every((inner) => evaluateGuard(interpreter, inner, event));
    case GUARD_CHECKS.or:
      return guards.some((inner) => evaluateGuard(interpreter, inner, event));
    case GUARD_CHECKS.not:
      return !evaluateGuard(interpreter, guards[0], event);
    case GUARD_CHECKS.stateIn:
      return isIn(interpreter, "stateValue" in guard ? (guard.stateValue as StateValue) : "");
    default:
      throw new Uncompilable(null, "a guard is of a kind that the compiler does not know.");
  }
}

function isIn(interpreter: Interpreter, value: StateValue): boolean {
  if (typeof value === "string" && value.startsWith("#")) {
    const { layout, machine } = interpreter;
    return isActive(interpreter.trace, layout.of(machine.getStateNodeById(value)));
  }
  return matchesValue(interpreter.layout, interpreter.trace, value);
}
