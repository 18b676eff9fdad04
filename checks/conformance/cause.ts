import type { Machine } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Specification } from "./specification.js";
import { chartSize, firstBreach } from "./walk.js";

/**
 * The errata that a counterexample is due to: the smallest set whose mending makes its scenario pass, in the order of
 * the errata's list. Empty: unknown cause, since no edition of ours breaks the scenario in the first place.
 */
export type Cause = readonly ErratumId[];

/** Finds causes of scenarios on one machine, against the edition with the given errata. */
export class CauseFinder {
  readonly #machine: Machine;
  readonly #errata: readonly ErratumId[];
  readonly #specifications = new Map<string, Specification>();

  constructor(machine: Machine, errata: ReadonlySet<ErratumId>) {
    this.#machine = machine;
    this.#errata = ERRATA.map(({ id }) => id).filter((id) => errata.has(id));
  }

  /** The cause of a scenario that some driver breaks at its last step. */
  find(steps: readonly Step[]): Cause {
    const breaks = (mended: readonly ErratumId[]) => this.#breaks(steps, mended);
    if (!breaks([]) || breaks(this.#errata)) return [];
    for (const id of this.#errata) if (!breaks([id])) return [id];
    const enough = this.#reduce(breaks);
    if (enough.length <= 2) return enough;
    for (const [i, a] of this.#errata.entries()) {
      for (const b of this.#errata.slice(i + 1)) if (!breaks([a, b])) return [a, b];
    }
    return enough;
  }

  /** A set that suffices and none of whose members can be left out. Minimal in number only if no pair suffices. */
  #reduce(breaks: (mended: readonly ErratumId[]) => boolean): Cause {
    let enough: readonly ErratumId[] = this.#errata;
    for (const id of this.#errata) {
      const without = enough.filter((other) => other !== id);
      if (!breaks(without)) enough = without;
    }
    return enough;
  }

  #breaks(steps: readonly Step[], mended: readonly ErratumId[]): boolean {
    const errata = new Set(this.#errata.filter((id) => !mended.includes(id)));
    const driver = segmfDriver({ machine: this.#machine, errata });
    return firstBreach(driver, this.#specification(steps), steps) >= 0;
  }

  #specification(steps: readonly Step[]): Specification {
    const size = chartSize(this.#machine, steps);
    const key = `${size.creates} ${size.forks}`;
    let specification = this.#specifications.get(key);
    if (specification === undefined) {
      specification = new Specification(size);
      this.#specifications.set(key, specification);
    }
    return specification;
  }
}

/** How a cause reads: erratum ids joined, or `unknown cause`. */
export function causeName(cause: Cause): string {
  return cause.length === 0 ? "unknown cause" : cause.join(" + ");
}
