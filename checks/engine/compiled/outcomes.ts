import type { Trace } from "./trace.js";

/** What a step comes to. */
export interface Outcome {
  /** Which event it is of; -1 if that is not enabled. */
  readonly event: number;
  /** A slot, its new value, the next slot … */
  readonly writes: readonly number[];
  /** The functions, by number, whose answers are written after that. */
  readonly pending: readonly number[];
  /** The transitions of the chart that were taken on the way, by number. */
  readonly taken: readonly number[];
}

/** Two flags and how often it came up. */
const BYTES_OF_COUNTS = 10;
/** An outcome and its entry in the table, and more for each character of its key. */
const BYTES_OF_AN_OUTCOME = 250;
const BYTES_BY_KEY = 5;

/** What steps come to, each once, numbered; how often each came up is counted, and coverage follows from that. */
export class Outcomes {
  /** Of each outcome 1 if the event is enabled at all, else 0. */
  enabled = new Uint8Array(64);
  readonly #all: Outcome[] = [];
  readonly #numbers = new Map<string, number>();
  #bytes = 0;
  /** How often each came up. */
  hits = new Float64Array(64);
  /** The outcome of an event that nobody handles. */
  readonly nothing: number;

  constructor() {
    this.nothing = this.#numberOf({ event: -1, writes: [], pending: [], taken: [] });
  }

  /** Bytes that they take, roughly. */
  get bytes(): number {
    return this.#bytes + this.enabled.length * BYTES_OF_COUNTS;
  }

  of(outcome: number): Outcome {
    // Whoever has a number has it from here.
    return this.#all[outcome] as Outcome;
  }

  /** The event selects only transitions that keep it from having any effect. */
  blocked(transitions: readonly number[]): number {
    return this.#numberOf({ event: -1, writes: [], pending: [], taken: transitions });
  }

  /** The step that has just been traced. */
  step(trace: Trace, event: number): number {
    const writes = trace.writes.flatMap((slot) => [slot, trace.written(slot)]);
    return this.#numberOf({ event, writes, pending: [...trace.pending], taken: [...trace.taken] });
  }

  /** What a function's answer sets, as something that can be written like an outcome. */
  answer(changes: readonly number[]): number {
    return this.#numberOf({ event: -1, writes: changes, pending: [], taken: [] });
  }

  /** Counts the outcome as come up once more. */
  count(outcome: number): void {
    // Outcomes are places in the array.
    this.hits[outcome] = (this.hits[outcome] as number) + 1;
  }

  /** How many there are. */
  get size(): number {
    return this.#all.length;
  }

  /** In how many states each event was enabled, by event. */
  enabledStates(events: number): readonly number[] {
    const counts = new Array<number>(events).fill(0);
    this.#all.forEach(({ event }, outcome) => {
      if (event >= 0) counts[event] = (counts[event] ?? 0) + (this.hits[outcome] ?? 0);
    });
    return counts;
  }

  /** How often each transition of the chart was taken. */
  taken(transitions: number): readonly number[] {
    const counts = new Array<number>(transitions).fill(0);
    this.#all.forEach(({ taken }, outcome) => {
      for (const number of taken) counts[number] = (counts[number] ?? 0) + (this.hits[outcome] ?? 0);
    });
    return counts;
  }

  #numberOf(made: Outcome): number {
    const key = `${made.event}:${made.writes.join()}:${made.pending.join()}:${made.taken.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const outcome = this.#all.push(made) - 1;
    this.#numbers.set(key, outcome);
    this.#bytes += BYTES_OF_AN_OUTCOME + BYTES_BY_KEY * key.length;
    if (outcome >= this.enabled.length) this.#grow(2 * outcome);
    this.enabled[outcome] = made.event >= 0 ? 1 : 0;
    return outcome;
  }

  #grow(length: number): void {
    const { enabled, hits } = this;
    this.enabled = new Uint8Array(length);
    this.hits = new Float64Array(length);
    this.enabled.set(enabled);
    this.hits.set(hits);
  }
}
