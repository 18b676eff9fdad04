import type { StopReason } from "./limits.js";
import type { SymmetryUsed } from "./symmetry/symmetry.js";

/** What an exploration found. Plain data; rendering it is somebody else's business. */
export interface Exploration<TEvent> {
  /** How many different states were reached, the initial one included. */
  readonly states: number;
  /** How many (state, event) pairs were taken: those for which `snapshot.can(event)`, self-loops included. */
  readonly transitions: number;
  /** How many levels there are; the initial state alone is the first. */
  readonly depth: number;
  /** Whether every reachable state was reached and expanded. If not, nothing here speaks for what was not seen. */
  readonly complete: boolean;
  /** Why the exploration is not complete. */
  readonly stopped?: StopReason;
  /** One for each broken invariant, the shortest first. */
  readonly violations: readonly Violation<TEvent>[];
  readonly deadlocks: Deadlocks<TEvent>;
  readonly coverage: Coverage<TEvent>;
  readonly engine: EngineUsed;
  /** What became of the symmetries that were declared; all counts are of the states that stand for others then. */
  readonly symmetry?: SymmetryUsed;
}

/** Which engine explored the machine. */
export type EngineUsed =
  | {
      readonly kind: "compiled";
      /** Bytes of the visited set: keys, parents, events and index. With `symmetry` an estimate. */
      readonly bytes: number;
      /** Steps that XState was asked to confirm, and did. */
      readonly confirmed: number;
      /** How many threads explored it. */
      readonly workers: number;
      /** Why these are fewer than were asked for; `null` if they are not. */
      readonly because: string | null;
    }
  | {
      readonly kind: "reference";
      /** Why the machine could not be compiled; `null` if the reference engine was asked for. */
      readonly because: string | null;
    };

/** A broken invariant, and a path to a state that breaks it; no path to such a state is shorter. */
export interface Violation<TEvent> {
  readonly invariant: string;
  readonly path: readonly TEvent[];
}

/** How many deadlocks are shown with a path. */
export const MAX_DEADLOCK_PATHS = 5;

/** States in which no event is enabled though the machine is not done. */
export interface Deadlocks<TEvent> {
  readonly count: number;
  /** Shortest paths to the first few of them, the shortest first. */
  readonly paths: readonly (readonly TEvent[])[];
}

/** What of the chart and of the alphabet was used. "Never" means: not in what was explored. */
export interface Coverage<TEvent> {
  /** Every transition of the chart, in document order; one entry is one guard branch. */
  readonly transitions: readonly TransitionCoverage[];
  /** Those of `transitions` that were never taken. */
  readonly neverTaken: readonly TransitionCoverage[];
  /** Every event that was offered, in the order in which it first was. */
  readonly events: readonly EventCoverage<TEvent>[];
  /** Those events that were enabled in no state. */
  readonly neverEnabled: readonly TEvent[];
}

export interface TransitionCoverage {
  /** The id of the state node that it is written at. */
  readonly source: string;
  /** The event descriptor that it is written under; `null` for an eventless (`always`) transition. */
  readonly event: string | null;
  /** Its place among the candidates of that descriptor at that state node, from 0. */
  readonly candidate: number;
  /** What its guard is called, `null` if it has none. */
  readonly guard: string | null;
  /** The ids of the state nodes that it goes to; none if it stays where it is. */
  readonly targets: readonly string[];
  /**
   * In how many steps it was taken. For one that only keeps an event from the state nodes above (no target, no action):
   * how often it was selected.
   */
  readonly taken: number;
}

export interface EventCoverage<TEvent> {
  readonly event: TEvent;
  /** In how many states it was enabled. */
  readonly enabled: number;
}
