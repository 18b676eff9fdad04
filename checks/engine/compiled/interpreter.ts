import type { AnyStateMachine, EventObject } from "xstate";
import { type ContextSlots, NeedsPlainContext, SharedObject } from "./context.js";
import { FunctionMemos } from "./functions.js";
import { InternalEvents } from "./internal-events.js";
import type { ChartNode, Layout } from "./layout.js";
import { type MemoPool, Mismatch } from "./memo.js";
import { NeedsDetail, NeedsState, type Trace } from "./trace.js";
import { Transitions } from "./transitions.js";
import { Uncompilable } from "./uncompilable.js";
import { Values } from "./values.js";

/** What guards, and functions that compute params, are called with. */
export interface GuardArguments {
  readonly context: unknown;
  readonly event: EventObject;
}

/** What all parts of the interpreter work with. */
export interface Interpreter {
  readonly machine: AnyStateMachine;
  readonly layout: Layout;
  readonly trace: Trace;
  readonly context: ContextSlots;
  readonly transitions: Transitions;
  /** What history nodes remember: sets of state nodes, by their order numbers. */
  readonly remembered: Values;
  readonly outputs: Values;
  /** Events that the machine makes itself. */
  readonly internal: InternalEvents;
  readonly guards: FunctionMemos<boolean>;
  /** What assigns set: a slot, its value's number, the next slot … */
  readonly assigns: FunctionMemos<readonly number[]>;
  /** The state node at which the user's code stands that is being run, for errors. */
  node: ChartNode | null;
  /** Whether the user's functions get a plain copy of the context instead of the one that notes what they read. */
  plain: boolean;
}

export function makeInterpreter(layout: Layout, context: ContextSlots, trace: Trace, pool: MemoPool): Interpreter {
  return {
    machine: layout.machine,
    layout,
    trace,
    context,
    transitions: new Transitions(layout),
    remembered: new Values("history"),
    outputs: new Values("output"),
    internal: new InternalEvents(),
    guards: new FunctionMemos(trace, pool, context),
    assigns: new FunctionMemos(trace, pool, context),
    node: null,
    plain: false,
  };
}

/** The context as the user's functions get it. */
export function contextFor({ context, trace, plain }: Interpreter): unknown {
  return plain ? context.plain((slot) => trace.read(slot)) : context.noting;
}

/** The arguments of a guard or of a function that computes params. */
export function guardArguments(interpreter: Interpreter, event: EventObject): GuardArguments {
  return { context: contextFor(interpreter), event };
}

/** The arguments of an action's function. Whoever looks at `self`, `system` or `spawn` looks beyond the state. */
export function actionArguments(interpreter: Interpreter, event: EventObject): GuardArguments & object {
  return new ActionArguments(interpreter, event);
}

class ActionArguments implements GuardArguments {
  readonly context: unknown;
  readonly event: EventObject;
  readonly #interpreter: Interpreter;

  constructor(interpreter: Interpreter, event: EventObject) {
    this.context = contextFor(interpreter);
    this.event = event;
    this.#interpreter = interpreter;
  }

  get self(): never {
    return this.#beyond("self");
  }

  get system(): never {
    return this.#beyond("system");
  }

  get spawn(): never {
    return this.#beyond("spawn");
  }

  #beyond(name: string): never {
    throw new Uncompilable(this.#interpreter.node?.state ?? null, `an action uses '${name}'.`);
  }
}

/**
 * Runs some of the user's code, which must take its arguments from `guardArguments` or `actionArguments` each time it is
 * run. What fails with the context that notes what is read (`structuredClone` refuses such a one) is tried again with a plain one.
 */
export function attempt<T>(interpreter: Interpreter, run: () => T): T {
  if (interpreter.plain) return run();
  try {
    return run();
  } catch (thrown) {
    if (isOurs(thrown) && !(thrown instanceof NeedsPlainContext)) throw placed(interpreter, thrown);
    interpreter.plain = true;
    try {
      return run();
    } finally {
      interpreter.plain = false;
    }
  }
}

/** The same for code whose answers are not kept by themselves: it must leave what it reads as it is all the same. */
export function observed<T>(interpreter: Interpreter, run: () => T): T {
  const { trace, context } = interpreter;
  const before = trace.asked.length;
  const result = attempt(interpreter, run);
  const answers = trace.answers.slice(before);
  context.assertUnchanged(trace.asked.slice(before), (index) => answers[index] ?? 0);
  return result;
}

/** The same refusal, naming the state node at which the user's code stands. */
function placed({ node }: Interpreter, thrown: unknown): unknown {
  const isNameless = thrown instanceof Uncompilable && thrown.node === null && node !== null;
  return isNameless ? new Uncompilable(node.state, thrown.reason) : thrown;
}

/** Whether it is the compiler itself that has something to say, not the user's code that failed. */
export function isOurs(thrown: unknown): boolean {
  return [Uncompilable, SharedObject, NeedsPlainContext, NeedsDetail, NeedsState, Mismatch].some(
    (kind) => thrown instanceof kind,
  );
}
