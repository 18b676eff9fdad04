/**
 * How many bytes may be in use. Stores draw on it for each array before they allocate it, so where a store stops depends
 * on nothing but what it holds; several stores may draw on one.
 */
export class Budget {
  readonly #most: number;
  readonly #others: () => number;
  #spent = 0;
  #suspended = false;

  /**
   * @param most bytes
   * @param others bytes in use that are counted elsewhere; asked now and then
   */
  constructor(most: number, others: () => number) {
    this.#most = most;
    this.#others = others;
  }

  /** Whether more is in use than there may be. */
  get isOverdrawn(): boolean {
    return !this.allows(0);
  }

  allows(bytes: number): boolean {
    return this.#suspended || this.#spent + this.#others() + bytes <= this.#most;
  }

  /** Notes that so many more bytes are in use; fewer, if negative. */
  spend(bytes: number): void {
    this.#spent += bytes;
  }

  /** Runs what can't be stopped half-way, whatever it takes. */
  exempt<T>(run: () => T): T {
    this.#suspended = true;
    try {
      return run();
    } finally {
      this.#suspended = false;
    }
  }
}
