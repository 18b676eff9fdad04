import type { Answered, KernelCall, Observation, Outcome } from "../../impl/driver.js";
import { textOf } from "./text.js";

/** Where two drivers first differ after one and the same call: what was compared, and both values. */
export interface Difference {
  readonly about: "return" | "panic" | "questions" | "kernel calls" | "state";
  readonly left: string;
  readonly right: string;
}

/** What can be seen of a driver after a call. */
export interface Seen {
  readonly outcome: Outcome;
  readonly observed: Observation;
}

/**
 * Compares everything that can be seen of two drivers after one and the same call: the value returned, the panic, what
 * was asked of the environment, every kernel call in order (sizes of memory blocks excepted, decision D9) and the
 * observed state. `null` where nothing differs.
 */
export function difference(left: Seen, right: Seen): Difference | null {
  for (const found of differences(left, right)) return found;
  return null;
}

/** All that differs, what the call gave before what it left. What nobody asks for is not compared. */
export function* differences(left: Seen, right: Seen): Generator<Difference> {
  const a = left.outcome;
  const b = right.outcome;
  yield* differ("return", a.ret, b.ret);
  yield* differ("panic", a.panic, b.panic);
  yield* differ("questions", a.asked.map(plainQuestion), b.asked.map(plainQuestion));
  yield* differ("kernel calls", a.calls.map(withoutSize), b.calls.map(withoutSize));
  yield* differ("state", left.observed, right.observed);
}

/** Whether two kernel calls are the same to a comparison. */
export function isSameCall(left: KernelCall, right: KernelCall): boolean {
  return textOf(withoutSize(left)) === textOf(withoutSize(right));
}

function* differ(about: Difference["about"], left: unknown, right: unknown): Generator<Difference> {
  const a = textOf(left);
  const b = textOf(right);
  if (a !== b) yield { about, left: a, right: b };
}

function plainQuestion({ question, answer }: Answered): readonly unknown[] {
  const at = "page" in question ? question.page : "element" in question ? question.element : null;
  return [question.kind, at, answer];
}

/** Pointers have another size in WebAssembly than on LP64, so blocks do too. */
function withoutSize(call: KernelCall): readonly unknown[] {
  return Object.entries(call)
    .filter(([name]) => name !== "bytes")
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
