/**
 * Which segments' state a call of the driver reads or writes: the driver's code, and the kernel on its behalf. A segment's
 * state is the kernel's record of it, its page table, its address space, its locks, the grants mapped into it, and the
 * blocks of memory that belong to it. Whoever gets at any of that says so here; what can't be attributed is lost, and then
 * the whole answer is. Observers look on without leaving a trace (`pause`).
 */
export class Footprint {
  #segments: number[] = [];
  /** The one touched last: mostly it is touched again. */
  #last = -1;
  #lost = false;
  #watching = false;

  /** From here on everything counts. */
  begin(): void {
    this.#segments = [];
    this.#last = -1;
    this.#lost = false;
    this.#watching = true;
  }

  /** What was touched since `begin`, in ascending order; `null` where it can't be told. */
  end(): readonly number[] | null {
    this.#watching = false;
    if (this.#lost) return null;
    return this.#segments.length > 1 ? this.#segments.sort((a, b) => a - b) : this.#segments;
  }

  /** Something of a segment's is read or written. A number that no segment can have is lost. */
  touch(seg: number): void {
    if (!this.#watching) return;
    if (seg < 0) this.#lost = true;
    else if (seg !== this.#last && !this.#segments.includes(seg)) this.#segments.push(seg);
    this.#last = seg;
  }

  /** Something is read or written that nobody can be said to own. */
  lose(): void {
    if (this.#watching) this.#lost = true;
  }

  /** An observer begins to look. Returns what to hand to `resume`. */
  pause(): boolean {
    const watching = this.#watching;
    this.#watching = false;
    return watching;
  }

  resume(watching: boolean): void {
    this.#watching = watching;
  }
}
