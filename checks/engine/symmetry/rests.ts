import type { CompiledMachine } from "../compiled/machine.js";
import type { Action } from "./actions.js";
import { notSymmetric } from "./refusals.js";

const NO_STATE = new Int32Array(0);

/**
 * What of a state is not simply moved from slot to slot: what history nodes remember, and the context. Each distinct rest
 * has a number, and what an action makes of it is worked out once.
 */
export class Rests {
  readonly #machine: CompiledMachine;
  readonly #numbers = new Map<string, number>();
  readonly #rests: (readonly number[])[] = [];
  /** By action and rest. */
  readonly #images: number[][] = [];
  /** By action, slot of the context and value. */
  readonly #members: number[][][] = [];
  readonly #historySlots: readonly number[];
  /** Where the context's slots begin. */
  readonly #contextSlot: number;

  constructor(machine: CompiledMachine) {
    this.#machine = machine;
    const { layout } = machine.interpreter;
    this.#historySlots = layout.historyNodes.map(({ slot }) => slot);
    this.#contextSlot = layout.slots;
  }

  /** The number of a state's rest. */
  of(state: Int32Array): number {
    const rest = this.#historySlots.map((slot) => state[slot] ?? 0);
    for (let slot = this.#contextSlot; slot < state.length; slot += 1) rest.push(state[slot] ?? 0);
    return this.#intern(rest);
  }

  /** The state with another rest. It has as many slots as there are now. */
  replaced(state: Int32Array, rest: number): Int32Array {
    const { slots } = this.#machine;
    const made = new Int32Array(slots);
    made.set(state);
    const values = this.#rests[rest] ?? [];
    const histories = this.#historySlots.length;
    this.#historySlots.forEach((slot, at) => {
      made[slot] = values[at] ?? 0;
    });
    for (let slot = this.#contextSlot; slot < slots; slot += 1) {
      made[slot] = values[histories + slot - this.#contextSlot] ?? 0;
    }
    return made;
  }

  /**
   * What the action makes of a rest; `inverse` undoes the action.
   * @throws EngineError `not-symmetric` if that does not give the same rest again
   */
  image(action: Action, inverse: Action, rest: number): number {
    const images = this.#imagesOf(action.number);
    const known = images[rest];
    if (known !== undefined) return known;
    const image = this.#intern(this.#made(action, rest));
    if (this.#intern(this.#made(inverse, image)) !== rest) {
      throw notSymmetric(
        "`context` of the symmetry is not undone by the opposite renaming: it forgets or adds something",
        {
          at: action.name,
          hint: "It must return the whole context, with the things in it renamed and all else as it is.",
        },
      );
    }
    images[rest] = image;
    this.#imagesOf(inverse.number)[image] = rest;
    return image;
  }

  #imagesOf(action: number): number[] {
    let images = this.#images[action];
    if (images === undefined) {
      images = [];
      this.#images[action] = images;
    }
    return images;
  }

  #intern(rest: readonly number[]): number {
    let { length } = rest;
    // Slots that have come up since are 0 in older states.
    while (length > 0 && rest[length - 1] === 0) length -= 1;
    const trimmed = rest.slice(0, length);
    const key = trimmed.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#rests.push(trimmed) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  #made(action: Action, rest: number): number[] {
    const state = this.replaced(NO_STATE, rest);
    const histories = new Map<number, number>();
    for (const slot of this.#historySlots) {
      histories.set(action.histories.get(slot) ?? slot, this.#remembered(action, state[slot] ?? 0));
    }
    const made = this.#historySlots.map((slot) => histories.get(slot) ?? 0);
    return [...made, ...this.#context(action, state)];
  }

  #remembered({ orders }: Action, id: number): number {
    if (id === 0) return 0;
    const { remembered } = this.#machine.interpreter;
    const nodes = remembered.value(id) as readonly number[];
    return remembered.idOf(nodes.map((order) => orders[order] ?? order).sort((left, right) => left - right));
  }

  /** The context's slots, first to last, as an action makes them. */
  #context(action: Action, state: Int32Array): readonly number[] {
    switch (action.context.of) {
      case "nothing":
        return [...state.subarray(this.#contextSlot)];
      case "all":
        return this.#changed(action, state);
      case "members":
        return Array.from(state.subarray(this.#contextSlot), (value, at) => this.#member(action, at, value));
    }
  }

  /** What becomes of one slot of the context by itself. */
  #member(action: Action, at: number, value: number): number {
    if (value === 0) return 0;
    const known = this.#members[action.number] ?? [];
    this.#members[action.number] = known;
    const values = known[at] ?? [];
    known[at] = values;
    const before = values[value];
    if (before !== undefined) return before;
    const alone = new Int32Array(this.#machine.slots);
    alone[this.#contextSlot + at] = value;
    const made = this.#changed(action, alone)[at] ?? 0;
    values[value] = made;
    return made;
  }

  #changed({ context: { make } }: Action, state: Int32Array): readonly number[] {
    const first = this.#contextSlot;
    const { context, trace } = this.#machine.interpreter;
    trace.begin(NO_STATE, "slots");
    const changes = context.changes(make(context.plain((slot) => state[slot] ?? 0)));
    const slots = Array.from(state.subarray(first), (_, at) => first + at);
    context.assertUnchanged(slots, (index) => state[first + index] ?? 0);
    const made: number[] = [];
    for (let at = 0; at < changes.length; at += 2) made[(changes[at] ?? 0) - first] = changes[at + 1] ?? 0;
    // What was not set is not there.
    return Array.from(made, (value) => value ?? 0);
  }
}
