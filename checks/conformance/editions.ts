import type { Driver, Machine, Snapshot } from "../../impl/driver.js";
import { segmfDriver } from "../../impl/segmf/edition.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { Specification } from "./specification.js";
import { textOf } from "./text.js";
import type { Violation } from "./violation.js";
import { chartSize, walk } from "./walk.js";

/** Where a scenario is first violated, and how: the index of the step, all that is broken as text. */
export interface Broken {
  readonly at: number;
  readonly how: string;
}

/** All that a step breaks, in every detail. */
export function howBroken({ breaches, panic }: Pick<Violation, "breaches" | "panic">): string {
  return textOf([breaches, panic]);
}

/** The editions of the driver on one machine that have some of the given errata and lack the others, made when needed. */
export class Editions {
  readonly #machine: Machine;
  readonly #errata: readonly ErratumId[];
  readonly #specifications = new Map<string, Specification>();
  readonly #drivers = new Map<string, { readonly driver: Driver; readonly start: Snapshot }>();

  constructor(machine: Machine, errata: readonly ErratumId[]) {
    this.#machine = machine;
    this.#errata = errata;
  }

  /** Where the edition with all errata but these violates a scenario, or `null`. */
  broken(steps: readonly Step[], mended: readonly ErratumId[]): Broken | null {
    const { driver, start } = this.#driver(mended);
    driver.restore(start);
    let at = 0;
    for (const { breaches, outcome } of walk(driver, this.#specification(steps), steps)) {
      if (breaches.length > 0) return { at, how: howBroken({ breaches, panic: outcome.panic }) };
      at++;
    }
    return null;
  }

  #driver(mended: readonly ErratumId[]): { readonly driver: Driver; readonly start: Snapshot } {
    const key = mended.join();
    let made = this.#drivers.get(key);
    if (made === undefined) {
      const errata = new Set(this.#errata.filter((id) => !mended.includes(id)));
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
