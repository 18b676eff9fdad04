import type { Driver, KernelKind, Machine } from "../../impl/driver.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { type Cause, CauseFinder } from "./cause.js";
import { type Finding, type FoundAt, groupByCause } from "./findings.js";
import { type Reducible, shrink } from "./shrink.js";
import { Specification } from "./specification.js";
import type { Subject } from "./subject.js";
import { brokenText, type Violation } from "./violation.js";
import { chartSize, isLegal, walk } from "./walk.js";

/** Violations met on machines of one size. */
export interface Met extends FoundAt {
  readonly violations: readonly Violation[];
}

/**
 * Groups violations by cause, and makes the shortest counterexample of each minimal in steps and in arguments. A cause that
 * was met on machines of several sizes is reported of the first.
 */
export async function findingsOf(
  subject: Subject,
  kernel: KernelKind,
  met: readonly Met[],
): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  for (const { pages, maxGrefs, violations } of met) {
    const causes = new Causes(subject, kernel, maxGrefs);
    const groups = groupByCause({ pages, maxGrefs }, violations, (violation) => causes.of(pages, violation));
    for (const finding of groups) {
      if (!findings.has(finding.name)) findings.set(finding.name, await minimal(finding, subject, causes));
    }
  }
  return withoutComposites([...findings.values()]);
}

/**
 * Leaves out what is only several findings on one edge: a cause whose every erratum is in the cause of another finding that
 * is a part of it.
 */
function withoutComposites(findings: readonly Finding[]): readonly Finding[] {
  const isPartOf = (part: Finding, whole: Finding) =>
    part.cause.length > 0 &&
    part.cause.length < whole.cause.length &&
    part.cause.every((id) => whole.cause.includes(id));
  return findings.filter((whole) => {
    const parts = findings.filter((part) => isPartOf(part, whole));
    const explained = new Set(parts.flatMap(({ cause }) => cause));
    return whole.cause.length === 0 || !whole.cause.every((id) => explained.has(id));
  });
}

/** What violations of one cause mostly have in common: the call, the invariants broken, the panic. */
function likeness(violation: Violation): string {
  return `${violation.steps.at(-1)?.call.call} ${brokenText(violation)}`;
}

/** The cause finders of one kernel and limit, by the segment's size. */
export class Causes {
  readonly #finders = new Map<number, CauseFinder>();
  readonly #subject: Subject;
  readonly #kernel: KernelKind;
  readonly maxGrefs: number;

  constructor(subject: Subject, kernel: KernelKind, maxGrefs: number) {
    this.#subject = subject;
    this.#kernel = kernel;
    this.maxGrefs = maxGrefs;
  }

  machine(pages: number): Machine {
    return { kernel: this.#kernel, pages, maxGrefs: this.maxGrefs };
  }

  of(pages: number, violation: Violation): Cause {
    let finder = this.#finders.get(pages);
    if (finder === undefined) {
      finder = new CauseFinder(this.machine(pages), this.#subject.suspects);
      this.#finders.set(pages, finder);
    }
    return finder.find(violation, likeness(violation));
  }
}

async function minimal(finding: Finding, subject: Subject, causes: Causes): Promise<Finding> {
  let last: Violation | null = null;
  const shows = async (candidate: Reducible): Promise<boolean> => {
    const violation = await violationAtEnd(subject, causes.machine(candidate.pages), candidate.steps);
    if (violation === null || !isAlike(violation, finding)) return false;
    const cause = causes.of(candidate.pages, violation);
    if (cause.join() !== finding.cause.join()) return false;
    last = violation;
    return true;
  };
  const { pages, steps } = await shrink(finding, shows);
  const { breaches, panic } = last ?? finding;
  return { ...finding, pages, steps, breaches, panic };
}

/** The same call breaks at least one invariant in common, and panics or not alike. */
function isAlike(violation: Violation, finding: Finding): boolean {
  if ((violation.panic === null) !== (finding.panic === null)) return false;
  const broken = new Set(finding.breaches.map(({ invariant }) => invariant));
  return violation.breaches.some(({ invariant }) => broken.has(invariant));
}

/** The violation that a scenario ends in: its steps up to the first that breaks an invariant, or null if none does. */
export async function firstViolation(
  subject: Subject,
  machine: Machine,
  steps: readonly Step[],
): Promise<Violation | null> {
  const driver = await subject.open(machine);
  return violationFrom(driver, new Specification(chartSize(machine, steps)), steps);
}

/** The same on a driver in its initial state. */
export function violationFrom(driver: Driver, specification: Specification, steps: readonly Step[]): Violation | null {
  if (!isLegal(specification, steps)) return null;
  let taken = 0;
  for (const { breaches, outcome } of walk(driver, specification, steps)) {
    taken++;
    if (breaches.length > 0) return { steps: steps.slice(0, taken), breaches, panic: outcome.panic };
  }
  return null;
}

/** The violation that the last of the steps shows, or null if it shows none or an earlier one does. */
async function violationAtEnd(subject: Subject, machine: Machine, steps: readonly Step[]): Promise<Violation | null> {
  const violation = await firstViolation(subject, machine, steps);
  return violation?.steps.length === steps.length ? violation : null;
}
