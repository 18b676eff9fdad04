import type { Machine } from "../../impl/driver.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Editions } from "./editions.js";
import { Specifications } from "./specifications.js";
import { textOf } from "./text.js";
import type { Violation } from "./violation.js";

/**
 * The errata that a counterexample is due to: the smallest set whose mending makes its scenario pass, in the order of
 * the errata's list. Empty: unknown cause, since no edition of ours breaks the scenario in the same way, or none passes it.
 */
export type Cause = readonly ErratumId[];

/** Finds causes of scenarios on one machine, among the given errata. */
export class CauseFinder {
  readonly #suspects: readonly ErratumId[];
  readonly #editions: Editions;
  /** Causes found before, by what the caller says is alike: they are tried first. */
  readonly #hints = new Map<string, Cause[]>();
  /** By the steps before the last: which errata must be mended for an edition to come so far. */
  readonly #passing = new Map<string, readonly (readonly ErratumId[])[]>();

  constructor(machine: Machine, suspects: ReadonlySet<ErratumId>, specifications = new Specifications()) {
    this.#suspects = ERRATA.map(({ id }) => id).filter((id) => suspects.has(id));
    this.#editions = new Editions(machine, this.#suspects, specifications);
  }

  /**
   * The cause of a violation by some driver, which may have all suspects or lack some: an erratum of which it shows
   * that the driver can't have it is no cause.
   * @param alike names violations that probably have one cause. It only saves time.
   */
  find(violation: Violation, alike: string): Cause {
    const { steps } = violation;
    const how = howBroken(violation);
    const all = this.#editions.broken(steps, []);
    if (all === null) return [];
    if (all.at === steps.length - 1 && howBroken(all) === how) return this.#causeWithout([], steps, alike);
    const absent = this.#absentBefore(steps, all.at);
    if (absent === null) return [];
    const cause = this.#causeWithout(absent, steps, alike);
    if (this.#isBrokenSo(steps, absent, how)) return cause;
    for (let size = 1; size < cause.length; size++) {
      for (const some of subsets(cause, size)) {
        const lacking = [...absent, ...some];
        if (this.#isBrokenSo(steps, lacking, how)) return this.#causeWithout(lacking, steps, alike);
      }
    }
    return [];
  }

  /** Whether the edition with all suspects but these breaks the scenario at its last step, in that way. */
  #isBrokenSo(steps: readonly Step[], lacking: readonly ErratumId[], how: string): boolean {
    const broken = this.#editions.broken(steps, lacking);
    return broken !== null && broken.at === steps.length - 1 && howBroken(broken) === how;
  }

  /**
   * The fewest errata that a driver must lack to come as far as the last step and break it; `null` if no edition does so.
   * None, if an edition with all suspects, which first breaks the scenario at that step, does so already.
   */
  #absentBefore(steps: readonly Step[], brokenAt: number): readonly ErratumId[] | null {
    const last = steps.length - 1;
    if (brokenAt === last) return [];
    const way = textOf(steps.slice(0, last));
    let candidates = this.#passing.get(way);
    if (candidates === undefined) {
      candidates = this.#smallest((mended) => (this.#editions.broken(steps, mended)?.at ?? last) < last);
      this.#passing.set(way, candidates);
    }
    return candidates.find((mended) => this.#editions.broken(steps, mended)?.at === last) ?? null;
  }

  /** The smallest sets whose mending helps: all of one or two errata, or else one that nothing can be left out of. */
  #smallest(breaks: (mended: readonly ErratumId[]) => boolean): readonly (readonly ErratumId[])[] {
    const enough = this.#reduce(breaks);
    if (enough.length > 2) return [enough];
    for (let size = 1; size <= enough.length; size++) {
      const sets = [...subsets(this.#suspects, size)].filter((set) => !breaks(set));
      if (sets.length > 0) return sets;
    }
    return [];
  }

  /** The smallest set that makes the scenario pass in an edition that lacks some errata anyway. */
  #causeWithout(lacking: readonly ErratumId[], steps: readonly Step[], alike: string): Cause {
    const breaks = (mended: readonly ErratumId[]) => this.#editions.broken(steps, [...lacking, ...mended]) !== null;
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
}

/** All that a step breaks, in every detail. */
function howBroken({ breaches, panic }: Pick<Violation, "breaches" | "panic">): string {
  return textOf([breaches, panic]);
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
