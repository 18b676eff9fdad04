import type { Ancestry } from "../store/index.js";
import type { Identity } from "./identity.js";

/** How far an exploration has come, beside the states themselves. States are meant by their ids. */
export interface Standing {
  /** The state to be expanded next. */
  readonly next: number;
  /**
   * That state if a limit stopped the exploration while it was being expanded: the number of the event that was not taken
   * any more (-1: none was), and how many transitions had been taken before the state. `null`: it was not begun.
   */
  readonly halfway: { readonly event: number; readonly before: number } | null;
  readonly transitions: number;
  /** Steps that XState confirmed. */
  readonly confirmed: number;
  readonly violations: readonly { readonly invariant: string; readonly id: number }[];
  readonly deadlocks: { readonly count: number; readonly ids: readonly number[] };
  /** How often each transition of the chart was taken, after the start. */
  readonly taken: readonly number[];
  /** In how many states each event was enabled. */
  readonly enabled: readonly number[];
  /** Hashes of the keys of the first and of the last state. */
  readonly ends: readonly [string, string];
}

/** What a checkpoint holds. */
export interface Checkpoint {
  /** Where it was read, for messages. */
  readonly file: string;
  readonly of: Identity;
  readonly standing: Standing;
  readonly states: Ancestry;
}
