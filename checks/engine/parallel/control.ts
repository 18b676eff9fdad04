/*
 * What all threads look at while they work: whether to stop, how many have done their share, how many states there are, and
 * one bell for each thread, which is rung when there may be something to do for it; and whether the thread sleeps, since
 * waking somebody costs more than seeing that nobody sleeps.
 */

/** Shared memory: first the places below, then for each worker a bell and whether it sleeps, each pair in a line of its own. */
export interface ControlMemory {
  readonly places: Int32Array;
  /** For each worker how many states it has, and how many transitions it has taken: for progress, now and then. */
  readonly progress: Float64Array;
}

const STOP = 0;
const FINISHED = 1;
const BELLS = 16;
const STRIDE = 16;
const SLEEPS = 1;

/** A sleeper looks around after so many milliseconds even if nobody has rung. */
const NAP = 20;

export function controlMemory(workers: number): ControlMemory {
  return {
    places: new Int32Array(new SharedArrayBuffer(4 * (BELLS + STRIDE * workers))),
    progress: new Float64Array(new SharedArrayBuffer(16 * workers)),
  };
}

export class Control {
  readonly memory: ControlMemory;
  readonly #workers: number;

  constructor(memory: ControlMemory) {
    this.memory = memory;
    this.#workers = (memory.places.length - BELLS) / STRIDE;
  }

  get isStopped(): boolean {
    return Atomics.load(this.memory.places, STOP) !== 0;
  }

  stop(): void {
    Atomics.store(this.memory.places, STOP, 1);
  }

  /** Before a round: nobody has finished. */
  begin(): void {
    Atomics.store(this.memory.places, FINISHED, 0);
  }

  /** One more has nothing to send any more in this round. */
  finish(): void {
    Atomics.add(this.memory.places, FINISHED, 1);
    for (let worker = 0; worker < this.#workers; worker += 1) this.ring(worker);
  }

  get haveAllFinished(): boolean {
    return Atomics.load(this.memory.places, FINISHED) === this.#workers;
  }

  ring(worker: number): void {
    const { places } = this.memory;
    const bell = BELLS + STRIDE * worker;
    Atomics.add(places, bell, 1);
    // Who falls asleep says so before it listens for the last time.
    if (Atomics.load(places, bell + SLEEPS) !== 0) Atomics.notify(places, bell);
  }

  /** How often the worker's bell was rung. */
  rung(worker: number): number {
    return Atomics.load(this.memory.places, BELLS + STRIDE * worker);
  }

  /** Sleeps, unless the bell was rung more often than `heard`, until it is. */
  sleep(worker: number, heard: number): void {
    const { places } = this.memory;
    const bell = BELLS + STRIDE * worker;
    Atomics.store(places, bell + SLEEPS, 1);
    Atomics.wait(places, bell, heard, NAP);
    Atomics.store(places, bell + SLEEPS, 0);
  }
}
