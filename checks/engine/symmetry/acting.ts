import type { CompiledMachine } from "../compiled/machine.js";
import type { Action, Orbit } from "./actions.js";
import { Rests } from "./rests.js";

/** A state with the number of its rest. */
export interface Placed {
  readonly state: Int32Array;
  readonly rest: number;
}

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
    return this.image(action, this.placed(state)).state;
  }

  placed(state: Int32Array): Placed {
    return { state, rest: this.rests.of(state) };
  }

  /** What an action makes of a state of which the rest's number is known. */
  image(action: Action, { state, rest }: Placed): Placed {
    const image = this.rest(action, rest);
    const made = this.rests.replaced(state, image);
    for (const [from, to] of action.moves) made[to] = state[from] ?? 0;
    return { state: made, rest: image };
  }
}

/** Whether two states are the same. One may have been made before some slots came up, which are 0 in it. */
export function isSame(left: Int32Array, right: Int32Array): boolean {
  const length = Math.max(left.length, right.length);
  for (let slot = 0; slot < length; slot += 1) if ((left[slot] ?? 0) !== (right[slot] ?? 0)) return false;
  return true;
}
