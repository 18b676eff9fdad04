import type { CompiledMachine } from "../compiled/machine.js";
import type { Action, Orbit } from "./actions.js";
import { Rests } from "./rests.js";

/** Actions at work on states. */
export class Acting {
  readonly rests: Rests;
  readonly orbits: readonly Orbit[];
  /** All actions, by number. */
  readonly actions: readonly Action[];
  /** How many permutations there are, over all orbits. */
  readonly order: number;

  constructor(machine: CompiledMachine, orbits: readonly Orbit[]) {
    this.rests = new Rests(machine);
    this.orbits = orbits;
    this.actions = orbits.flatMap(({ actions }) => actions);
    this.order = orbits.reduce((product, { group }) => product * group.order, 1);
  }

  action(number: number): Action {
    // Whoever has a number has it from here.
    return this.actions[number] as Action;
  }

  /** What an action makes of a rest (`Rests`). */
  rest(action: Action, rest: number): number {
    return this.rests.image(action, this.action(action.inverse), rest);
  }

  /** What an action makes of a state. */
  state(action: Action, state: Int32Array): Int32Array {
    const rest = this.rest(action, this.rests.of(state));
    const made = this.rests.replaced(state, rest);
    for (const [from, to] of action.moves) made[to] = state[from] ?? 0;
    return made;
  }
}

/** Whether two states are the same. One may have been made before some slots came up, which are 0 in it. */
export function isSame(left: Int32Array, right: Int32Array): boolean {
  const length = Math.max(left.length, right.length);
  for (let slot = 0; slot < length; slot += 1) if ((left[slot] ?? 0) !== (right[slot] ?? 0)) return false;
  return true;
}
