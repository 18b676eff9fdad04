import type { EventObject } from "xstate";
import type { Clock } from "../clock.js";
import type { Deadlocks, Exploration, Violation } from "../result.js";
import type { Store } from "../store/index.js";
import type { Packing } from "./packing.js";
import type { Watched } from "./watch.js";

/** What a search has found at the end of a level. */
export interface Found {
  readonly store: Store;
  readonly packing: Packing;
  /** The first state that is not expanded; all before it are. */
  readonly next: number;
  readonly transitions: number;
  readonly depth: number;
  readonly unbroken: readonly Watched[];
  readonly violations: readonly Violation<EventObject>[];
  readonly deadlocks: Deadlocks<EventObject>;
  readonly clock: Clock;
}

/** Who goes on, from the end of a level, once so many states were reached. */
export interface Larger {
  readonly from: number;
  readonly explore: (found: Found) => Promise<Exploration<EventObject>>;
}
