import {
  assign as assignAction,
  cancel,
  type EventObject,
  emit,
  raise as raiseAction,
  sendParent,
  sendTo,
  spawnChild,
  stopChild,
} from "xstate";
import { isConstant, note } from "./functions.js";
import { evaluateGuard } from "./guards.js";
import { type BuiltinAction, implementationOf, isBuiltinAction } from "./inert.js";
import { actionArguments, attempt, guardArguments, type Interpreter, observed } from "./interpreter.js";
import type { ChartNode } from "./layout.js";
import { Uncompilable } from "./uncompilable.js";

/** What of a microstep's actions matters for what comes after it. */
export interface Effects {
  /** Events raised and not handled yet. */
  readonly queue: EventObject[];
  /** Whether an assign ran: then XState takes the snapshot for a new one, whatever was assigned. */
  assigned: boolean;
}

type Call = (args: object, params: unknown) => unknown;

/**
 * Executes actions in order, as far as they change the state: effects are not executed.
 * @param node where they are written
 */
export function executeAt(
  interpreter: Interpreter,
  node: ChartNode,
  actions: readonly unknown[],
  event: EventObject,
  effects: Effects,
): void {
  if (actions.length === 0) return;
  interpreter.node = node;
  execute(interpreter, actions, event, effects);
}

function execute(interpreter: Interpreter, actions: readonly unknown[], event: EventObject, effects: Effects): void {
  for (const action of actions) executeOne(interpreter, action, event, effects);
}

function executeOne(interpreter: Interpreter, action: unknown, event: EventObject, effects: Effects): void {
  const implementation = implementationOf(interpreter.machine, action);
  if (!isBuiltinAction(implementation)) {
    // A custom action: an effect, but what computes its params may fail.
    observed(interpreter, () => paramsOf(interpreter, action, event));
    return;
  }
  switch (implementation.type) {
    case "xstate.assign":
      assign(interpreter, action, implementation.assignment, event);
      effects.assigned = true;
      return;
    case "xstate.raise":
      raise(interpreter, action, implementation, event, effects);
      return;
    case "xstate.enqueueActions":
      execute(interpreter, enqueued(interpreter, action, implementation, event), event, effects);
      return;
    case "xstate.log":
      observed(interpreter, () => call(interpreter, implementation.value, action, event));
      return;
    case "xstate.emit":
      observed(interpreter, () => call(interpreter, implementation.event, action, event));
      return;
    case "xstate.cancel":
      observed(interpreter, () => call(interpreter, implementation.sendId, action, event));
      return;
    default:
      throw new Uncompilable(interpreter.node?.state ?? null, `it has an action of type '${implementation.type}'.`);
  }
}

/** The params that a chart gives an action. */
function paramsOf(interpreter: Interpreter, action: unknown, event: EventObject): unknown {
  if (typeof action !== "object" || action === null || !("params" in action)) return undefined;
  const { params } = action;
  return typeof params === "function" ? (params as Call)(guardArguments(interpreter, event), undefined) : params;
}

/** What XState makes of a member that may be a function: calls it, or takes it as it is. */
function call(interpreter: Interpreter, value: unknown, action: unknown, event: EventObject): unknown {
  const params = paramsOf(interpreter, action, event);
  return typeof value === "function" ? (value as Call)(actionArguments(interpreter, event), params) : value;
}

function assign(interpreter: Interpreter, action: unknown, assignment: unknown, event: EventObject): void {
  const { trace, context } = interpreter;
  const asked = interpreter.assigns.ask(action, event, nameOfAssign(interpreter), () =>
    attempt(interpreter, () => context.changes(assigned(interpreter, action, assignment, event))),
  );
  const changes = asked.answer;
  // Those after a deferred one are deferred too, so that their order stays.
  const isOpen = !isConstant(trace) || trace.pending.length > 0;
  if (trace.detail === "functions" && !trace.hasWrittenContext && isOpen) {
    trace.defer(asked.function.number);
    return;
  }
  note(trace, asked);
  for (let at = 0; at < changes.length; at += 2) trace.write(changes[at] ?? 0, changes[at + 1] ?? 0);
}

function nameOfAssign({ node }: Interpreter): string {
  return node === null ? "An assign" : `An assign at state node '${node.state.id}'`;
}

/** What an assign merges into the context. */
function assigned(interpreter: Interpreter, action: unknown, assignment: unknown, event: EventObject): unknown {
  if (typeof assignment === "function") return call(interpreter, assignment, action, event);
  if (typeof assignment !== "object" || assignment === null) return undefined;
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(assignment)) members[name] = call(interpreter, value, action, event);
  return members;
}

function raise(
  interpreter: Interpreter,
  action: unknown,
  { event: raised, delay }: BuiltinAction,
  event: EventObject,
  { queue }: Effects,
): void {
  const resolved = observed(interpreter, () => call(interpreter, raised, action, event));
  const named = typeof delay === "string" ? interpreter.machine.implementations.delays?.[delay] : delay;
  // What is raised with a delay comes later, as an event of its own, or never.
  if (typeof observed(interpreter, () => call(interpreter, named, action, event)) === "number") return;
  if (typeof resolved !== "object" || resolved === null || !("type" in resolved) || typeof resolved.type !== "string") {
    throw new Uncompilable(interpreter.node?.state ?? null, "what is raised is no event.");
  }
  queue.push(interpreter.internal.intern(resolved as EventObject));
}

/** The actions that a function given to `enqueueActions` asks for. */
function enqueued(
  interpreter: Interpreter,
  action: unknown,
  { collect }: BuiltinAction,
  event: EventObject,
): readonly unknown[] {
  return observed(interpreter, () => {
    const actions: unknown[] = [];
    const queue = (one: unknown): void => {
      actions.push(one);
    };
    const args = Object.assign(actionArguments(interpreter, event), {
      enqueue: Object.assign(queue, recorders(queue)),
      check: (guard: unknown) => evaluateGuard(interpreter, guard, event),
    });
    const params = paramsOf(interpreter, action, event);
    if (typeof collect === "function") (collect as Call)(args, params);
    return actions;
  });
}

/** `enqueue.assign(…)` and so on: each makes the action that XState's function of that name makes. */
function recorders(queue: (action: unknown) => void): Readonly<Record<string, Call>> {
  return Object.fromEntries(
    Object.entries(MAKERS).map(([name, make]) => [
      name,
      (...args: unknown[]) => queue((make as (...args: readonly unknown[]) => unknown)(...args)),
    ]),
  );
}

const MAKERS = { assign: assignAction, cancel, emit, raise: raiseAction, sendParent, sendTo, spawnChild, stopChild };
