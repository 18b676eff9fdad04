/** Where a permutation takes a thing: from its number to a number. */
export type Renaming = (thing: number) => number;

/**
 * Things that may trade places with each other without anybody noticing: resource managers, philosophers around a table,
 * nodes of a network. They are numbered from 0.
 *
 * ```ts
 * // The resource managers of a commit protocol are regions rm0, rm1, rm2; the context and events name them by number.
 * const managers = {
 *   things: 3,
 *   regions: (rm) => `rm${rm}`,
 *   context: { prepared: (prepared, to) => new Set([...prepared].map(to)) },
 *   event: (event, to) => ("rm" in event ? { ...event, rm: to(event.rm) } : event),
 * };
 * // Philosophers can't be swapped, since each sits beside two others: but the table can be turned.
 * const seats = {
 *   things: 5,
 *   under: "rotations",
 *   regions: (seat) => `seat${seat}`,
 *   event: (event, to) => ({ ...event, seat: to(event.seat) }),
 * };
 * ```
 *
 * Sound is what is declared if the machine can't tell the things apart: whatever can happen to some can happen to others in their
 * place, and leads to the same but for names. An output counts as naming no things, and an invariant must treat
 * all things alike. `explore` refuses what it sees to be otherwise (`not-symmetric`, with event, permutation and path).
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
  /**
   * The context with every thing renamed: all of it, or member by member, which is faster; members left out name no things.
   * Pure.
   */
  readonly context?: ((context: TContext, to: Renaming) => TContext) | RenamedMembers<TContext>;
  /** The event with every thing renamed: one of `events`, structurally. Pure. Left out: events name no things. */
  readonly event?: (event: TEvent, to: Renaming) => TEvent;
}

/** What becomes of members of a context when things are renamed. */
export type RenamedMembers<TContext> = {
  readonly [Member in keyof TContext]?: (value: TContext[Member], to: Renaming) => TContext[Member];
};

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
