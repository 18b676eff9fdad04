import type { Driver, KernelKind, Machine, Snapshot } from "../../impl/driver.js";
import type { Step } from "../../traces/scenario/scenario.js";
import type { Reducible } from "./shrink.js";
import type { Specification } from "./specification.js";
import { Specifications } from "./specifications.js";
import type { Subject } from "./subject.js";
import type { Violation } from "./violation.js";
import { isLegal, walk } from "./walk.js";

/** Performs scenarios, one after the other. What takes long to make is made once for all that are of one size. */
export class Trials {
  readonly #subject: Subject;
  readonly #kernel: KernelKind;
  readonly #maxGrefs: number;
  readonly #specifications: Specifications;
  readonly #drivers = new Map<number, { readonly driver: Driver; readonly start: Snapshot }>();

  constructor(subject: Subject, kernel: KernelKind, maxGrefs: number, specifications = new Specifications()) {
    this.#subject = subject;
    this.#kernel = kernel;
    this.#maxGrefs = maxGrefs;
    this.#specifications = specifications;
  }

  /** As `firstViolation`. */
  async violation({ pages, steps }: Reducible): Promise<Violation | null> {
    const { driver, start } = await this.#driver(pages);
    driver.restore(start);
    return violationFrom(driver, this.#specifications.of(driver.machine, steps), steps);
  }

  async #driver(pages: number): Promise<{ readonly driver: Driver; readonly start: Snapshot }> {
    let opened = this.#drivers.get(pages);
    if (opened === undefined) {
      const driver = await this.#subject.open({ kernel: this.#kernel, pages, maxGrefs: this.#maxGrefs });
      opened = { driver, start: driver.snapshot() };
      this.#drivers.set(pages, opened);
    }
    return opened;
  }
}

/** The violation that a scenario ends in: its steps up to the first that breaks an invariant, or null if none does. */
export async function firstViolation(
  subject: Subject,
  { kernel, pages, maxGrefs }: Machine,
  steps: readonly Step[],
): Promise<Violation | null> {
  return await new Trials(subject, kernel, maxGrefs).violation({ pages, steps });
}

/** The same on a driver in its initial state. */
function violationFrom(driver: Driver, specification: Specification, steps: readonly Step[]): Violation | null {
  if (!isLegal(specification, steps)) return null;
  let taken = 0;
  for (const { breaches, outcome } of walk(driver, specification, steps)) {
    taken++;
    if (breaches.length > 0) return { steps: steps.slice(0, taken), breaches, panic: outcome.panic };
  }
  return null;
}
