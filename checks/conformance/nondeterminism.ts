import type { Edge } from "./edge.js";
import { textOf } from "./text.js";

/** An edge that gave something else when it was made again. The driver is not deterministic. */
export interface Nondeterminism {
  /** What differs: the returned value, the panic, the kernel calls, the observed state, the state's key. */
  readonly about: string;
  /** The call, with its arguments, as JSON. */
  readonly call: string;
  /** How many calls led to the state in which it was made. */
  readonly after: number;
}

/** What differs between an edge and the same made again, and between the driver's keys after them; null if nothing does. */
export function whatDiffers(first: Edge, second: Edge, keys: readonly [string, string]): string | null {
  if (first.outcome.ret !== second.outcome.ret) return "the returned value";
  if (first.outcome.panic !== second.outcome.panic) return "the panic";
  if (textOf(first.outcome.calls) !== textOf(second.outcome.calls)) return "the kernel calls";
  if (textOf(first.after) !== textOf(second.after)) return "the observed state";
  return keys[0] === keys[1] ? null : "the state's key";
}
