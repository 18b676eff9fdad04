import type { Answered, KernelCall, Observation, Outcome } from "../../impl/driver.js";
import { textOf } from "./text.js";

/** Where two drivers first differ after one and the same call: what was compared, and both values. */
export interface Difference {
  readonly about: "return" | "panic" | "questions" | "kernel calls" | "state";
  readonly left: string;
  readonly right: string;
}

/**
 * Compares everything that can be seen of two drivers after one and the same call: the value returned, the panic, what
 * was asked of the environment, every kernel call in order (sizes of memory blocks excepted, decision D9) and the
 * observed state. `null` where nothing differs.
 */
export function difference(
  left: { readonly outcome: Outcome; readonly observed: Observation },
  right: { readonly outcome: Outcome; readonly observed: Observation },
): Difference | null {
  const a = left.outcome;
  const b = right.outcome;
  return (
    differ("return", a.ret, b.ret) ??
    differ("panic", a.panic, b.panic) ??
    differ("questions", a.asked.map(plainQuestion), b.asked.map(plainQuestion)) ??
    differ("kernel calls", a.calls.map(withoutSize), b.calls.map(withoutSize)) ??
    differ("state", left.observed, right.observed)
  );
}

function differ(about: Difference["about"], left: unknown, right: unknown): Difference | null {
  const a = textOf(left);
  const b = textOf(right);
  return a === b ? null : { about, left: a, right: b };
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
