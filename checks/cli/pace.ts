/** So many times as long as something took, it is not done again. */
const PAUSE = 10;

/** When it is time again to do something that takes time itself. */
export class Pace {
  readonly #milliseconds: number;
  #due: number;

  constructor(everySeconds: number) {
    this.#milliseconds = everySeconds * 1000;
    this.#due = performance.now() + this.#milliseconds;
  }

  isDue(): boolean {
    return performance.now() >= this.#due;
  }

  /** Does it. */
  taking(action: () => void): void {
    const started = performance.now();
    action();
    const done = performance.now();
    this.#due = done + Math.max(this.#milliseconds, PAUSE * (done - started));
  }
}
