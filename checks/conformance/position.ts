import type { InvariantId } from "../../model/judged.js";
import type { GraphPosition } from "./graphposition.js";
import type { Nondeterminism } from "./nondeterminism.js";
import type { Violation } from "./violation.js";

/** How far an exploration by segments has come, as plain data: whoever goes on from it comes to the same as if it had not stopped. */
export interface FactoredPosition {
  readonly kind: "factored";
  readonly graph: GraphPosition;
  readonly expanded: number;
  readonly level: number;
  readonly levelEnd: number;
  readonly depth: number;
  readonly deadlocks: number;
  readonly edges: number;
  readonly followed: number;
  readonly checked: number;
  readonly judged: ReadonlyMap<InvariantId, number>;
  /** Violating edges: the number of their list, and which edge of it. */
  readonly violating: readonly { readonly list: number; readonly index: number; readonly violation: Violation }[];
}

/** The driver turned out to be none that can be explored by segments: it is explored whole, from the start. */
export interface WholePosition {
  readonly kind: "whole";
  readonly because: string;
  readonly nondeterminism: Nondeterminism | null;
}

/** How far the exploration of a chart has come: a checkpoint of the engine. */
export interface ChartPosition {
  readonly kind: "chart";
  readonly bytes: Uint8Array;
}

export type ProductPosition = FactoredPosition | WholePosition;

/** Who keeps positions, so that a run can be gone on with that ended anywhere. */
export interface Keep<Position> {
  /** From one to the next, by the clock. */
  readonly everySeconds: number;
  /** Whether it is time again. */
  isDue(): boolean;
  save(position: Position): void;
}
