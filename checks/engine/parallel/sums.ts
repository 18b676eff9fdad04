import { grown } from "../grown.js";
import { factorOf, sumOf } from "./owner.js";

/** Where an outcome's entries begin and end in the array of all. */
const RANGE = 2;

/**
 * The sum (`owner.ts`) of a state at hand, and of what outcomes make of it: worked out from what they write, without
 * unpacking anything.
 */
export class Sums {
  #factors = new Int32Array(0);
  /** By slot, what the state at hand adds. */
  #parts = new Int32Array(0);
  #sum = 0;
  #ranges = new Int32Array(0);
  /** Of each outcome what it writes: a slot and what that adds then, the next slot … */
  #entries = new Int32Array(0);
  #outcomes = 0;
  #used = 0;

  /** States have so many slots from now on. */
  fit(slots: number): void {
    this.#factors = Int32Array.from({ length: slots }, (_, slot) => factorOf(slot));
    this.#parts = new Int32Array(slots);
  }

  /** Takes note of what the next outcome writes: a slot, its new value, the next slot … */
  learn(writes: readonly number[]): void {
    this.#ranges = withRoom(this.#ranges, RANGE * (this.#outcomes + 1));
    this.#entries = withRoom(this.#entries, this.#used + writes.length);
    this.#ranges[RANGE * this.#outcomes] = this.#used;
    for (let at = 0; at < writes.length; at += 2) {
      const slot = writes[at] as number; // the loop ends where the list does
      this.#entries[this.#used] = slot;
      this.#entries[this.#used + 1] = Math.imul(writes[at + 1] as number, factorOf(slot));
      this.#used += 2;
    }
    this.#ranges[RANGE * this.#outcomes + 1] = this.#used;
    this.#outcomes += 1;
  }

  /** From now on this state is at hand. */
  load(state: Int32Array): void {
    const parts = this.#parts;
    const factors = this.#factors;
    let sum = 0;
    for (let slot = 0; slot < state.length; slot += 1) {
      const part = Math.imul(state[slot] as number, factors[slot] as number);
      parts[slot] = part;
      sum = (sum + part) | 0;
    }
    this.#sum = sum;
  }

  /** The sum of any state. */
  of(state: Int32Array): number {
    return sumOf(state, this.#factors);
  }

  /**
   * The sum of what is made of the state at hand by an outcome and then by another, of which the first must have been learned.
   * @param last -1: by that one only. It may write no slot that `outcome` writes (`areApart`)
   */
  after(outcome: number, last: number): number {
    const sum = this.#with(this.#sum, outcome);
    return last < 0 ? sum : this.#with(sum, last);
  }

  /** Whether two outcomes write different slots. */
  areApart(one: number, other: number): boolean {
    const ranges = this.#ranges;
    const entries = this.#entries;
    const from = ranges[RANGE * other] as number;
    const to = ranges[RANGE * other + 1] as number;
    // Places in these arrays are below their lengths.
    for (let at = ranges[RANGE * one] as number; at < (ranges[RANGE * one + 1] as number); at += 2) {
      for (let against = from; against < to; against += 2) if (entries[at] === entries[against]) return false;
    }
    return true;
  }

  #with(before: number, outcome: number): number {
    const entries = this.#entries;
    const parts = this.#parts;
    const to = this.#ranges[RANGE * outcome + 1] as number;
    let sum = before;
    for (let at = this.#ranges[RANGE * outcome] as number; at < to; at += 2) {
      sum = (sum + (entries[at + 1] as number) - (parts[entries[at] as number] as number)) | 0;
    }
    return sum;
  }
}

function withRoom(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  return length <= array.length ? array : grown(array, 2 * length);
}
