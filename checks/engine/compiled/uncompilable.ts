import type { AnyStateNode } from "xstate";

/**
 * Thrown inside the compiler where a machine does what tables can't hold. Never approximated: the caller explores with
 * the reference engine instead, or refuses.
 */
export class Uncompilable extends Error {
  override readonly name = "Uncompilable";
  /** The state node at fault, if it is one. */
  readonly node: string | null;
  readonly reason: string;

  constructor(node: AnyStateNode | null, reason: string) {
    super(node === null ? reason : `State node '${node.id}': ${reason}`);
    this.node = node?.id ?? null;
    this.reason = reason;
  }
}

/** Why a machine can't be compiled, if that is what was thrown; else `null`. */
export function whyNotCompiled(thrown: unknown): string | null {
  return thrown instanceof Uncompilable ? thrown.message : null;
}
