import {
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  createMachine,
  type EventObject,
  type MachineContext,
} from "xstate";

/** A small machine that shows one feature, with everything that an engine must find of it. */
export interface Specimen {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly events: readonly AnyEventObject[] | ((snapshot: AnyMachineSnapshot) => readonly AnyEventObject[]);
  readonly input?: unknown;
  /** How many states, transitions and levels there are. */
  readonly counts: readonly [states: number, transitions: number, depth: number];
  /** Paths, and what the state at their end is, as `describeState` says it. */
  readonly outcomes?: readonly (readonly [path: string, state: string])[];
}

/** What a guard or an action is called with. */
export interface At {
  readonly context: MachineContext;
  readonly event: AnyEventObject;
}

/**
 * A machine of a configuration that is given as data. Without the types that `createMachine` infers: they would cost the
 * compiler more than they would find in machines this small, and some of these are wrong on purpose.
 */
export function chart(config: object, implementations: object = {}): AnyStateMachine {
  return createMachine(
    config as Parameters<typeof createMachine>[0],
    implementations as Parameters<typeof createMachine>[1],
  );
}

/** Events without more than a type, of a text such as `"open close"`. */
export function list(types: string): EventObject[] {
  return types === "" ? [] : types.split(" ").map((type) => ({ type }));
}

/** Logs stop growing here, so that machines that write one have finitely many states. */
const FULL = 24;

/** Appends to `context.log`: the order of actions becomes part of the state. */
export function log(text: string, full = FULL) {
  return assign(({ context }: At) => (context.log.length >= full ? {} : { log: context.log + text }));
}

/** Appends to a log that is full after a few letters. */
export function brief(text: string) {
  return log(text, 6);
}

/** Entry and exit actions that log `+name` and `-name`. */
export function traced(name: string, full = FULL) {
  return { entry: log(`+${name}`, full), exit: log(`-${name}`, full) };
}

/** Logs the type of the event. */
export const logType = assign(({ context, event }: At) =>
  context.log.length >= FULL ? {} : { log: `${context.log}${event.type} ` },
);

/** Adds to `context.n`, modulo. */
export function add(amount: number, modulo: number) {
  return assign(({ context }: At) => ({ n: (context.n + amount) % modulo }));
}
