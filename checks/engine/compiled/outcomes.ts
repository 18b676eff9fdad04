import type { Trace } from "./trace.js";

/**
 * What steps come to: which slots are set to what, and which transitions of the chart were taken on the way. Numbered;
 * how often each came up is counted, and coverage follows from that.
 */
export class Outcomes {
  /** Of each outcome 1 if the event is enabled at all, else 0. */
  enabled = new Uint8Array(64);
  /** Of each outcome a slot, its new value, the next slot … */
  readonly writes: (readonly number[])[] = [];
  readonly #taken: (readonly number[])[] = [];
  readonly #events: number[] = [];
  /** How often each came up. */
  #hits = new Float64Array(64);
  readonly #blocked = new Map<string, number>();
  /** The outcome of an event that nobody handles. */
  readonly nothing: number;

  constructor() {
    this.nothing = this.#add(-1, [], []);
  }

  get size(): number {
    return this.writes.length;
  }

  /** The event selects only transitions that keep it from having any effect. */
  blocked(transitions: readonly number[]): number {
    const key = transitions.join();
    const known = this.#blocked.get(key);
    if (known !== undefined) return known;
    const outcome = this.#add(-1, [], transitions);
    this.#blocked.set(key, outcome);
    return outcome;
  }

  /** The step that has just been traced. */
  step(trace: Trace, event: number): number {
    const writes = trace.writes.flatMap((slot) => [slot, trace.written(slot)]);
    return this.#add(event, writes, [...trace.taken]);
  }

  /** Counts the outcome as come up once more. */
  count(outcome: number): void {
    // Outcomes are places in the array.
    this.#hits[outcome] = (this.#hits[outcome] as number) + 1;
  }

  /** In how many states each event was enabled, by event. */
  enabledStates(events: number): readonly number[] {
    const counts = new Array<number>(events).fill(0);
    this.#events.forEach((event, outcome) => {
      if (event >= 0) counts[event] = (counts[event] ?? 0) + (this.#hits[outcome] ?? 0);
    });
    return counts;
  }

  /** How often each transition of the chart was taken. */
  taken(transitions: number): readonly number[] {
    const counts = new Array<number>(transitions).fill(0);
    this.#taken.forEach((numbers, outcome) => {
      for (const number of numbers) counts[number] = (counts[number] ?? 0) + (this.#hits[outcome] ?? 0);
    });
    return counts;
  }

  /** @param event -1 if it is not enabled */
  #add(event: number, writes: readonly number[], taken: readonly number[]): number {
    const outcome = this.writes.push(writes) - 1;
    this.#taken.push(taken);
    this.#events.push(event);
    if (outcome >= this.enabled.length) {
      const enabled = new Uint8Array(2 * outcome);
      const hits = new Float64Array(2 * outcome);
      enabled.set(this.enabled);
      hits.set(this.#hits);
      this.enabled = enabled;
      this.#hits = hits;
    }
    this.enabled[outcome] = event >= 0 ? 1 : 0;
    return outcome;
  }
}
