/** So many are set aside before a round is ended for their sake. */
const MANY = 4096;

/** What a worker has set aside because the tables don't know it: of which state, what is asked, and the packed state. */
export class Aside {
  #entries = new Int32Array(256);
  #length = 0;
  #count = 0;

  /** Whether it is time to have them worked out. */
  get isFull(): boolean {
    return this.#count >= MANY;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(id: number, asked: number, state: Int32Array, at: number, words: number): void {
    const length = this.#length + words + 2;
    if (length > this.#entries.length) {
      const larger = new Int32Array(2 * length);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[this.#length] = id;
    this.#entries[this.#length + 1] = asked;
    for (let word = 0; word < words; word += 1) this.#entries[this.#length + 2 + word] = state[at + word] as number;
    this.#length = length;
    this.#count += 1;
  }

  /** Those that were set aside, as in `Round`. */
  entries(): Int32Array {
    return this.#entries.slice(0, this.#length);
  }

  /** The same, and from now on there are none. */
  take(): Int32Array {
    const entries = this.entries();
    this.#length = 0;
    this.#count = 0;
    return entries;
  }
}
