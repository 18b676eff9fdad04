/** Where a permutation takes a thing: from its number to a number. */
export type Renaming = (thing: number) => number;

/**
 * Things that may trade places with each other without anybody noticing: resource managers, philosophers around a table,
 * nodes of a network. They are numbered from 0.
 *
 * ```ts
 * // The resource managers of two-phase commit: regions rm0, rm1, rm2; messages and events name them by number.
 * const managers = {
 *   things: 3,
 *   regions: (rm: number) => `rm${rm}`,
 *   context: ({ prepared }, to) => ({ prepared: new Set([...prepared].map(to)) }),
 *   event: (event, to) => ("rm" in event ? { ...event, rm: to(event.rm) } : event),
 * };
 * // Philosophers can't be swapped at will, since each sits beside certain others: but the table can be turned.
 * const seats = { things: 5, under: "rotations", regions: (seat: number) => `seat${seat}`, event: … };
 * ```
 */
export interface Symmetry<TContext, TEvent> {
  /** How many there are. */
  readonly things: number;
  /**
   * Which permutations make no difference: `all` of them (the default), the `rotations`, or those that come of the
   * permutations listed here, each of which gives for every thing, in order, where it goes. At most 1,000 may come of a
   * list; of `all` there may be any number.
   */
  readonly under?: "all" | "rotations" | readonly (readonly number[])[];
  /**
   * The state node of a thing, or several: by id, or by keys from the root on (`table.seat3`). Those of different things
   * must be regions of one parallel state node, and look alike inside. Left out: the things show in the context only.
   */
  readonly regions?: (thing: number) => string | readonly string[];
  /** The context (all of it) with every thing renamed. Pure. Left out: the context names no things. */
  readonly context?: (context: TContext, to: Renaming) => TContext;
  /** The event with every thing renamed: one of `events`, structurally. Pure. Left out: events name no things. */
  readonly event?: (event: TEvent, to: Renaming) => TEvent;
}

/** A symmetry of a machine of which nothing is known. */
export type AnySymmetry = Symmetry<unknown, unknown>;

/** What became of the symmetries that were declared. */
export interface SymmetryUsed {
  /** How many permutations there are, over all declarations, the one that changes nothing included. */
  readonly order: number;
  /** How many states those that were reached stand for: as many as would have been reached without symmetry. */
  readonly represents: number;
  /**
   * Whether every step and every invariant was compared under every permutation, for every state that was expanded: so
   * it is in small runs. Otherwise only a part was, and for the rest the declaration is taken at its word.
   */
  readonly proven: boolean;
}
