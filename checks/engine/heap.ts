import { getHeapStatistics } from "node:v8";
import { StoreError } from "./store/index.js";

/** V8 is left this share of its heap. Past it, it spends its time collecting garbage, and then ends the process. */
const FULL = 0.9;
/** V8 counts room for what was just made towards the limit, and ends the process when the rest is full. */
const YOUNG = 48 * 2 ** 20;
/** Garbage may take as much: below this the heap says nothing about what is held. */
const LEAST = 2 ** 28;

/**
 * Watches V8's heap, so that a run stops before V8 ends the process. What the heap holds includes garbage, so where that
 * is differs from run to run; it is the last resort where what is held can't be counted.
 */
export class HeapWatch {
  readonly #most: number;
  readonly #before = getHeapStatistics().used_heap_size;

  /** @param limit bytes by which the heap may grow, if there is a limit */
  constructor(limit: number | undefined, least = LEAST) {
    this.#most = limit === undefined ? Number.POSITIVE_INFINITY : Math.max(limit, least);
  }

  isFull(): boolean {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return used > FULL * (limit - YOUNG) || used - this.#before > this.#most;
  }
}

/** Whether what was thrown says that there is no memory left, within the limit or at all. */
export function isOutOfMemory(thrown: unknown): boolean {
  if (thrown instanceof StoreError) return thrown.code === "no-memory" || thrown.code === "full";
  return thrown instanceof RangeError && /allocation failed|Invalid typed array length/.test(thrown.message);
}
