import type { AnyStateMachine } from "xstate";
import type { Events } from "../machine-system.js";
import { SharedObject } from "./context.js";
import { CompiledSystem } from "./system.js";

/**
 * Runs something on a compiled machine. Where two members of the context turn out to share an object it starts again,
 * with the two in one slot; at the worst all members end up in one.
 *
 * @throws Uncompilable, and whatever `run` throws
 */
export async function withCompiled<T>(
  machine: AnyStateMachine,
  events: Events,
  input: unknown,
  run: (system: CompiledSystem) => Promise<T>,
): Promise<T> {
  const leaders = new Map<string, string>();
  for (;;) {
    try {
      return await run(new CompiledSystem(machine, events, input, leaders));
    } catch (thrown) {
      if (!(thrown instanceof SharedObject)) throw thrown;
      join(leaders, thrown.members);
    }
  }
}

/** Puts two members into one group, with all that are in theirs. */
export function join(leaders: Map<string, string>, [left, right]: readonly [string, string]): void {
  const kept = leaders.get(left) ?? left;
  const given = leaders.get(right) ?? right;
  leaders.set(left, kept);
  leaders.set(right, kept);
  for (const [member, leader] of leaders) if (leader === given) leaders.set(member, kept);
}
