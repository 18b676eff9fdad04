import type { EventObject } from "xstate";
import { describeEvent, describePath, describeValue } from "../describe.js";

/** The first thing in which two systems of the same machine differ. */
export interface Difference {
  /** What differs, such as "context" or "enabled event 2". */
  readonly what: string;
  /** The events from the initial state to the state in question, or to the one that `event` is taken from. */
  readonly path: readonly EventObject[];
  /** The event after which it shows; none if it shows in the state itself. */
  readonly event?: EventObject;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Thrown at the first difference. */
export class Differs extends Error {
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(describeDifference(difference));
    this.difference = difference;
  }
}

/** A difference as text: what, the way there, and both answers. */
export function describeDifference({ what, path, event, expected, actual }: Difference): string {
  const way = event === undefined ? describePath(path) : `${describePath(path)}, then ${describeEvent(event)}`;
  return `${what} differs\n  path: ${way}\n  expected: ${describeValue(expected)}\n  got: ${describeValue(actual)}`;
}
