import { checkLimits, type Limits, type StopReason } from "./limits.js";

/** When a search has to stop, and when it is the event loop's turn. */
export class Clock {
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  readonly #started = performance.now();
  #lastTurn = this.#started;

  /** @throws EngineError if a limit makes no sense */
  constructor(limits: Limits) {
    checkLimits(limits);
    const { seconds, signal } = limits;
    this.#signal = signal;
    this.#deadline = seconds === undefined ? Number.POSITIVE_INFINITY : this.#started + seconds * 1000;
  }

  /** Seconds since the search began. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  stopReason(): StopReason | undefined {
    if (this.#signal?.aborted === true) return "aborted";
    return this.#deadline !== Number.POSITIVE_INFINITY && performance.now() >= this.#deadline ? "seconds" : undefined;
  }

  /** Whether the event loop has waited long enough. */
  isTurnDue(): boolean {
    return performance.now() - this.#lastTurn >= MILLISECONDS_BETWEEN_TURNS;
  }

  async turn(): Promise<void> {
    await eventLoopTurn();
    this.#lastTurn = performance.now();
  }
}

const MILLISECONDS_BETWEEN_TURNS = 30;

/** Lets timers, signals and input be handled. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
