/** How many states are remembered, a power of two: as many as stay in the processor's cache. */
const PLACES = 2 ** 14;

/**
 * Remembers some of the states that were sent to their owners, so that they are not sent again: in a breadth-first search
 * most states are reached several times, and often soon one after the other. Each has one place, which it may lose to another.
 */
export class Sent {
  readonly #words: number;
  readonly #states: Int32Array;
  readonly #isTaken = new Uint8Array(PLACES);

  constructor(words: number) {
    this.#words = words;
    this.#states = new Int32Array(PLACES * words);
  }

  /**
   * Whether the state that is packed from `from` on is remembered; if not, from now on it is.
   * @param hash the same for the same state
   */
  has(state: Int32Array, from: number, hash: number): boolean {
    const place = hash & (PLACES - 1);
    const words = this.#words;
    const states = this.#states;
    let differs = this.#isTaken[place] === 0 ? 1 : 0;
    const at = place * words;
    for (let word = 0; word < words; word += 1) {
      const is = state[from + word] as number;
      differs |= is ^ (states[at + word] as number);
      states[at + word] = is;
    }
    this.#isTaken[place] = 1;
    return differs === 0;
  }
}
