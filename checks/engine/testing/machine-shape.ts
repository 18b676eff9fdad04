/**
 * A machine as plain data, with everything that a chart may hold. Numbers stand for state nodes, events and the like,
 * modulo how many there are: so whatever the numbers are, a machine comes of it.
 */
export interface Shape {
  readonly kind: "atomic" | "compound" | "parallel" | "final";
  readonly children: readonly Shape[];
  readonly history: History | undefined;
  readonly jumps: readonly Jump[];
  /** Eventless transitions. */
  readonly hops: readonly Hop[];
  readonly entry: readonly Operation[];
  readonly exit: readonly Operation[];
  /** What is done when its children are. */
  readonly done: Jump | undefined;
  readonly output: boolean;
}

export interface History {
  readonly deep: boolean;
  /** Which child it stands for at first; none for the initial one. A parallel node's always has one. */
  readonly target: number | undefined;
}

export interface Jump {
  readonly on: string;
  /** Which state nodes to go to; none to stay. A second one counts only where the two can be active together. */
  readonly targets: readonly number[];
  readonly reenter: boolean;
  readonly guard: Guard | undefined;
  readonly operations: readonly Operation[];
  /** No target and no action: keeps the event from the state nodes above. */
  readonly forbidden: boolean;
}

export interface Hop {
  readonly target: number;
  readonly operations: readonly Operation[];
}

export type Guard = PlainGuard | CombinedGuard;

export interface PlainGuard {
  readonly is: "below" | "from" | "in" | "matches" | "longer" | "has" | "carries";
  readonly number: number;
}

export interface CombinedGuard {
  readonly is: "not" | "and" | "or";
  readonly of: readonly Guard[];
}

export interface Operation {
  readonly do: "set" | "add" | "push" | "toggle" | "copy" | "take" | "raise";
  readonly number: number;
}

/** The alphabet of every machine that is made of a shape. */
export const EVENTS = [{ type: "a" }, { type: "b" }, { type: "b", x: 1 }, { type: "c" }, { type: "c.d" }] as const;

/** What may be raised. */
export const RAISED = "raised";
