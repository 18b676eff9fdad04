import { mix } from "../store/mix.js";

/*
 * Which worker a state belongs to. It must not depend on how states are packed, since that changes, and on nothing that
 * differs between threads; and what a step makes of it should be known from what the step writes. So: the sum over all
 * slots of value times a factor of the slot's own. Slots that have come up since hold 0 in older states and change nothing.
 */

/** The factor of a slot. */
export function factorOf(slot: number): number {
  return mix(slot + 1) | 1;
}

/** The sum for a whole state. */
export function sumOf(state: Int32Array, factors: Int32Array): number {
  let sum = 0;
  for (let slot = 0; slot < state.length; slot += 1) {
    sum = (sum + Math.imul(state[slot] as number, factors[slot] as number)) | 0;
  }
  return sum;
}

/** The worker of the states whose sum has that hash (`mix`). */
export function ownerOf(hash: number, workers: number): number {
  return ((hash >>> 16) * workers) >>> 16;
}

/** One number for a worker's state: which worker's it is, and its number there. */
export function codeOf(id: number, worker: number, workers: number): number {
  return id * workers + worker;
}

export function fromCode(code: number, workers: number): { readonly id: number; readonly worker: number } {
  return { id: Math.floor(code / workers), worker: code % workers };
}
