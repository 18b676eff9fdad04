import type { EventObject, StateValue } from "xstate";
import { EngineError } from "../errors.js";
import { guardName } from "../guards.js";
import { isActive, matchesValue } from "./configuration.js";
import { note } from "./functions.js";
import { checkOf, GUARD_CHECKS } from "./inert.js";
import { attempt, type GuardArguments, guardArguments, type Interpreter } from "./interpreter.js";
import { Uncompilable } from "./uncompilable.js";

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
  const asked = interpreter.guards.ask(guard, event, describeGuard(guard), () =>
    attempt(interpreter, () => {
      const args = guardArguments(interpreter, event);
      return Boolean((resolved as Predicate)(args, paramsOf(guard, args)));
    }),
  );
  note(interpreter.trace, asked);
  return asked.answer;
}

/** What a guard says of an event in every state; `null` if that depends on the state, or it can't be said without one. */
export function constantGuard(interpreter: Interpreter, guard: unknown, event: EventObject): boolean | null {
  const kind = checkOf(guard);
  const inner: readonly unknown[] =
    typeof guard === "function" && "guards" in guard && Array.isArray(guard.guards) ? guard.guards : [];
  if (kind === GUARD_CHECKS.not) return negated(constantGuard(interpreter, inner[0], event));
  if (kind === GUARD_CHECKS.and) return combined(interpreter, inner, event, false);
  if (kind === GUARD_CHECKS.or) return combined(interpreter, inner, event, true);
  if (kind !== undefined) return null;
  try {
    return evaluateGuard(interpreter, guard, event);
  } catch (thrown) {
    // What is wrong with it comes out when it is asked in a state.
    if (thrown instanceof EngineError && thrown.code === "impure") throw thrown;
    return null;
  }
}

function negated(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer;
}

/** Of `and` (decided by a false) and `or` (decided by a true). One that can throw before it decides nothing. */
function combined(
  interpreter: Interpreter,
  guards: readonly unknown[],
  event: EventObject,
  decides: boolean,
): boolean | null {
  for (const guard of guards) {
    const answer = constantGuard(interpreter, guard, event);
    if (answer !== !decides) return answer;
  }
  return !decides;
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
    const node = layout.of(machine.getStateNodeById(value));
    return node.kind !== "history" && isActive(interpreter.trace, node);
  }
  return matchesValue(interpreter.layout, interpreter.trace, value);
}
