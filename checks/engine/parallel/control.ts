/*
 * What all threads look at while they work: whether to stop, how many have done their share, how many states there are, and
 * one bell for each thread, which is rung when there may be something to do for it.
 */

/** Shared memory: first the places below, then a bell for each worker. */
export interface ControlMemory {
  readonly places: Int32Array;
  /** For each worker how many states it has, and how many transitions it has taken: for progress, now and then. */
  readonly progress: Float64Array;
}

const STOP = 0;
const FINISHED = 1;
const BELLS = 16;

/** A sleeper looks around after so many milliseconds even if nobody has rung. */
const NAP = 20;

export function controlMemory(workers: number): ControlMemory {
  return {
    places: new Int32Array(new SharedArrayBuffer(4 * (BELLS + workers))),
    progress: new Float64Array(new SharedArrayBuffer(16 * workers)),
  };
}

export class Control {
  readonly memory: ControlMemory;
  readonly #workers: number;

  constructor(memory: ControlMemory) {
    this.memory = memory;
    this.#workers = memory.places.length - BELLS;
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
    Atomics.add(this.memory.places, BELLS + worker, 1);
    Atomics.notify(this.memory.places, BELLS + worker);
  }

  /** How often the worker's bell was rung. */
  rung(worker: number): number {
    return Atomics.load(this.memory.places, BELLS + worker);
  }

  /** Sleeps, unless the bell was rung more often than `heard`, until it is. */
  sleep(worker: number, heard: number): void {
    Atomics.wait(this.memory.places, BELLS + worker, heard, NAP);
  }
}
