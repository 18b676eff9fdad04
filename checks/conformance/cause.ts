import type { Driver, Machine, Snapshot } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Specification } from "./specification.js";
import { chartSize, firstBreach } from "./walk.js";

/**
 * The errata that a counterexample is due to: the smallest set whose mending makes its scenario pass, in the order of
 * the errata's list. Empty: unknown cause, since no edition of ours breaks the scenario, or none of ours passes it.
 */
export type Cause = readonly ErratumId[];

/** Finds causes of scenarios on one machine, among the given errata. */
export class CauseFinder {
  readonly #machine: Machine;
  readonly #suspects: readonly ErratumId[];
  readonly #specifications = new Map<string, Specification>();
  readonly #drivers = new Map<string, { readonly driver: Driver; readonly start: Snapshot }>();
  /** Causes found before, by what the caller says is alike: they are tried first. */
  readonly #hints = new Map<string, Cause[]>();

  constructor(machine: Machine, suspects: ReadonlySet<ErratumId>) {
    this.#machine = machine;
    this.#suspects = ERRATA.map(({ id }) => id).filter((id) => suspects.has(id));
  }

  /**
   * The cause of a scenario that some driver breaks at its last step.
   * @param alike names scenarios that probably have one cause. It only saves time.
   */
  find(steps: readonly Step[], alike: string): Cause {
    const breaks = (mended: readonly ErratumId[]) => this.#breaks(steps, mended);
    if (!breaks([])) return [];
    const hints = this.#hints.get(alike) ?? [];
    const hinted = hints.find((hint) => this.#isCause(hint, breaks));
    if (hinted !== undefined) return hinted;
    const cause = this.#search(breaks);
    this.#hints.set(alike, [...hints, cause]);
    return cause;
  }

  #search(breaks: (mended: readonly ErratumId[]) => boolean): Cause {
    if (breaks(this.#suspects)) return [];
    for (const id of this.#suspects) if (!breaks([id])) return [id];
    const enough = this.#reduce(breaks);
    for (let size = 2; size < enough.length; size++) {
      for (const set of subsets(this.#suspects, size)) if (!breaks(set)) return set;
    }
    return enough;
  }

  /** A set that suffices and none of whose members can be left out. */
  #reduce(breaks: (mended: readonly ErratumId[]) => boolean): Cause {
    let enough: readonly ErratumId[] = this.#suspects;
    for (const id of this.#suspects) {
      const without = enough.filter((other) => other !== id);
      if (!breaks(without)) enough = without;
    }
    return enough;
  }

  /**
   * Mending all of it makes the scenario pass, and neither a part of it nor any single erratum does. That no other set of
   * several is smaller was searched for the first scenario of its likeness, not for this one: it would take hundreds of runs.
   */
  #isCause(cause: Cause, breaks: (mended: readonly ErratumId[]) => boolean): boolean {
    if (cause.length === 0 || breaks(cause)) return false;
    if (cause.length === 1) return true;
    const parts = cause.map((id) => cause.filter((other) => other !== id));
    return parts.every(breaks) && this.#suspects.every((id) => breaks([id]));
  }

  #breaks(steps: readonly Step[], mended: readonly ErratumId[]): boolean {
    const { driver, start } = this.#driver(mended);
    driver.restore(start);
    return firstBreach(driver, this.#specification(steps), steps) >= 0;
  }

  #driver(mended: readonly ErratumId[]): { readonly driver: Driver; readonly start: Snapshot } {
    const key = mended.join();
    let made = this.#drivers.get(key);
    if (made === undefined) {
      const errata = new Set(this.#suspects.filter((id) => !mended.includes(id)));
      const driver = segmfDriver({ machine: this.#machine, errata });
      made = { driver, start: driver.snapshot() };
      this.#drivers.set(key, made);
    }
    return made;
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

/** All subsets of a size, in lexicographic order. */
function* subsets<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [i, first] of list.entries()) {
    for (const rest of subsets(list.slice(i + 1), size - 1)) yield [first, ...rest];
  }
}

/** How a cause reads: erratum ids joined, or `unknown cause`. */
export function causeName(cause: Cause): string {
  return cause.length === 0 ? "unknown cause" : cause.join(" + ");
}
