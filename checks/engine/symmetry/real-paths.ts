import type { CompiledSystem } from "../compiled/system.js";
import type { Acting } from "./acting.js";
import { after } from "./after.js";
import type { Quotient } from "./quotient.js";
import { notSymmetric } from "./refusals.js";

/** A way that the machine itself can go. */
export interface RealPath {
  /** Numbers of events. */
  readonly events: readonly number[];
  /** Where it leads. */
  readonly state: Int32Array;
  /** By number of an event of the state that stands for it, the event here. */
  readonly renamed: readonly number[];
}

/**
 * The machine's own path for one of the quotient, of the same length. Each step of the latter ends with a renaming; those
 * so far are undone in the event that comes next. The machine is taken along, and must be at a state for which the
 * quotient's state stands, all the way.
 *
 * @throws EngineError `not-symmetric` if it is not
 */
export function realPath(
  system: CompiledSystem,
  acting: Acting,
  quotient: Quotient,
  path: readonly number[],
): RealPath {
  let standing = quotient.initial();
  let state = system.initial();
  let renamed: readonly number[] = system.compiled.events.map((_, event) => event);
  const events: number[] = [];
  for (const event of path) {
    const real = renamed[event] ?? event;
    const made = after(system, standing, event);
    const reached = after(system, state, real);
    if (made === null || reached === null) throw unreal(system, real);
    events.push(real);
    state = reached;
    const canonical = quotient.canonical(made);
    standing = canonical.state;
    for (const number of canonical.word) renamed = undone(renamed, acting.action(number).events);
    if (quotient.key(quotient.canonical(state).state) !== quotient.key(standing)) throw unreal(system, real);
  }
  return { events, state, renamed };
}

/** What the events of a state mean, once its things are renamed. */
function undone(renamed: readonly number[], action: readonly number[]): readonly number[] {
  const made = [...renamed];
  action.forEach((to, event) => {
    made[to] = renamed[event] ?? event;
  });
  return made;
}

function unreal(system: CompiledSystem, event: number): Error {
  return notSymmetric("A path that was found is none of the machine", {
    at: "symmetry",
    event: system.compiled.event(event),
    hint: "The machine does not treat the things alike that `symmetry` says may trade places.",
  });
}
