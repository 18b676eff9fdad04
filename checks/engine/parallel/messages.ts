import type { ControlMemory } from "./control.js";
import type { RingMemory } from "./ring.js";

/*
 * What the main thread and the workers tell each other between rounds. In a round each worker expands states of its own;
 * the tables don't change meanwhile. What it meets that the tables don't know it sets aside, and at the end of the round
 * the main thread works that out, and tells all.
 */

/** What a worker is started with. */
export interface Setup {
  readonly worker: number;
  readonly workers: number;
  readonly control: ControlMemory;
  /** The numbers of the events, if they are the same in every state. */
  readonly fixed: readonly number[] | null;
  /** The outcome of an event that nobody handles. */
  readonly nothing: number;
  /** How many invariants there are. */
  readonly invariants: number;
  /** Shared: how many states may still be added, where there is a limit. */
  readonly room: Int32Array | null;
}

/** An outcome as `compiled/outcomes.ts` has it, as far as a worker needs it. */
export interface SentOutcome {
  readonly event: number;
  readonly writes: readonly number[];
  readonly pending: readonly number[];
}

/** A function of the user's whose answers another thread has to know: the outcomes of those since the last time. */
export interface SentFunction {
  readonly root: number;
  readonly outcomes: readonly number[];
}

export const HOLDS = 1;
export const BROKEN = 0;
/** Neither true nor false: for the main thread to complain about. */
export const WRONG = 2;

/** What the main thread has learned since the last time. */
export interface Learned {
  readonly cells: Int32Array;
  /** The roots of the trees of events that have come up, by number. */
  readonly events: readonly number[];
  readonly functions: readonly SentFunction[];
  readonly outcomes: readonly SentOutcome[];
  /** Which events are offered, part by part: each tree's root, and what its new leaves say. None if they are fixed. */
  readonly offering: readonly { readonly root: number; readonly answers: readonly (readonly number[])[] }[];
  /** More lists of events that replies refer to. */
  readonly offers: readonly (readonly number[])[];
  /** The invariants: each tree's root, and what its new leaves say. */
  readonly questions: readonly { readonly root: number; readonly answers: readonly number[] }[];
  readonly epoch: number;
  readonly begun: number;
  /** Whether steps were worked out since the last time. */
  readonly hasNewSteps: boolean;
  /** How states are packed from now on, and how many slots they have; none if nothing has changed. */
  readonly packing: SentPacking | null;
  /** New rings, from each worker to each, if records have another length now. */
  readonly rings: readonly (readonly RingMemory[])[] | null;
}

export interface SentPacking {
  readonly widths: readonly number[];
  readonly least: Int32Array;
}

export type Order =
  /** The first: states that were found by one thread, as records, and from which on they are to be expanded. */
  | { readonly kind: "begin"; readonly learned: Learned; readonly records: Int32Array; readonly expanded: number }
  | {
      readonly kind: "round";
      readonly learned: Learned;
      /** What was set aside, in the same order: outcomes, places among the lists of `offers`, or whether an invariant holds. */
      readonly replies: Int32Array;
      /** Whether to go on to the next level. */
      readonly advance: boolean;
      /** By invariant, whether it is still to be asked. */
      readonly asked: readonly boolean[];
    }
  /** The events that lead to a state, back to one whose parent is not the worker's own. */
  | { readonly kind: "trace"; readonly id: number }
  /** How often each outcome came up. */
  | { readonly kind: "hits" };

export type Report =
  | { readonly kind: "begun" }
  | Round
  | { readonly kind: "traced"; readonly events: readonly number[]; readonly parent: number }
  | { readonly kind: "counted"; readonly hits: Float64Array }
  | { readonly kind: "failed"; readonly message: string };

/** What a worker has to say at the end of a round. */
export interface Round {
  readonly kind: "round";
  /** Whether every state of the level is expanded. */
  readonly isDone: boolean;
  /** What was set aside: the state's number, what is asked (see below), its packed words; the next … */
  readonly aside: Int32Array;
  readonly states: number;
  readonly transitions: number;
  readonly bytes: number;
  /** How many states of this level still have to be expanded. */
  readonly waiting: number;
  /** For each invariant the first state of this round that breaks it; -1 for none. */
  readonly broken: readonly number[];
  /** Deadlocks of this round, and the first few of them. */
  readonly deadlocks: number;
  readonly stuck: readonly number[];
}

/** Asked of a state: which events it offers; an event's number: what that does; -2 - an invariant's: whether it holds. */
export const OFFERING = -1;

export function askedOf(invariant: number): number {
  return -2 - invariant;
}
