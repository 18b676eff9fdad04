import type { KernelKind } from "../../impl/driver.js";
import { type Cause, CauseFinder } from "./cause.js";
import { type Finding, type FoundAt, groupByCause } from "./findings.js";
import { type Reducible, shrink } from "./shrink.js";
import { Specifications } from "./specifications.js";
import type { Subject } from "./subject.js";
import { Trials } from "./trials.js";
import { brokenText, type Violation } from "./violation.js";

/** Violations met on machines of one size. */
export interface Met extends FoundAt {
  readonly violations: readonly Violation[];
}

/** As `groupsOf`, of machines of several sizes, and then `minimalFindings`. */
export async function findingsOf(
  subject: Subject,
  kernel: KernelKind,
  met: readonly Met[],
): Promise<readonly Finding[]> {
  const groups = met.flatMap((violations) => groupsOf(subject, kernel, violations));
  return await minimalFindings(subject, kernel, groups);
}

/** Groups violations by cause, each with its shortest counterexample as it was met. Plain data. */
export function groupsOf(
  subject: Subject,
  kernel: KernelKind,
  { pages, maxGrefs, violations }: Met,
): readonly Finding[] {
  const causes = new Causes(subject, kernel, maxGrefs, new Specifications());
  return groupByCause({ pages, maxGrefs }, violations, (violation) => causes.of(pages, violation));
}

/**
 * Makes the counterexample of each cause minimal in steps and in arguments. A cause that was met on machines of several
 * sizes is reported of the first.
 */
export async function minimalFindings(
  subject: Subject,
  kernel: KernelKind,
  groups: readonly Finding[],
): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  const specifications = new Specifications();
  const means = new Map<number, Means>();
  for (const finding of groups) {
    if (findings.has(finding.name)) continue;
    const { maxGrefs } = finding;
    const own = means.get(maxGrefs) ?? {
      trials: new Trials(subject, kernel, maxGrefs, specifications),
      causes: new Causes(subject, kernel, maxGrefs, specifications),
    };
    means.set(maxGrefs, own);
    findings.set(finding.name, await minimal(finding, own));
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
  readonly #maxGrefs: number;
  readonly #specifications: Specifications;

  constructor(subject: Subject, kernel: KernelKind, maxGrefs: number, specifications: Specifications) {
    this.#subject = subject;
    this.#kernel = kernel;
    this.#maxGrefs = maxGrefs;
    this.#specifications = specifications;
  }

  of(pages: number, violation: Violation): Cause {
    let finder = this.#finders.get(pages);
    if (finder === undefined) {
      const machine = { kernel: this.#kernel, pages, maxGrefs: this.#maxGrefs };
      finder = new CauseFinder(machine, this.#subject.suspects, this.#specifications);
      this.#finders.set(pages, finder);
    }
    return finder.find(violation, likeness(violation));
  }
}

/** What it takes to try whether a scenario shows a finding. */
interface Means {
  readonly trials: Trials;
  readonly causes: Causes;
}

async function minimal(finding: Finding, { trials, causes }: Means): Promise<Finding> {
  let last: Violation | null = null;
  const shows = async (candidate: Reducible): Promise<boolean> => {
    const violation = await trials.violation(candidate);
    // An earlier step that breaks something makes it another scenario.
    if (violation?.steps.length !== candidate.steps.length || !isAlike(violation, finding)) return false;
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
