import type { Call } from "../../impl/driver.js";
import type { Breach } from "../../model/judged.js";
import type { Step } from "../../traces/scenario/scenario.js";
import { type Cause, causeName } from "./cause.js";
import { brokenText, type Violation } from "./violation.js";

/** The machine's size in which a violation was met: pages of every segment, SEGMF_MAX_GREFS. */
export interface FoundAt {
  readonly pages: number;
  readonly maxGrefs: number;
}

/** What is wrong, once for each cause, with its shortest counterexample. */
export interface Finding extends FoundAt {
  readonly cause: Cause;
  /** The cause's name; for an unknown cause, with what tells it from other unknown ones: call, invariants, panic. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly breaches: readonly Breach[];
  readonly panic: string | null;
  /** How many explored edges broke an invariant for this cause. */
  readonly edges: number;
}

/**
 * Groups violations by cause and keeps the simplest of each: fewest steps, then simplest arguments. `causeOf` is asked
 * once a violation. Findings come in the order in which their shortest violations were met.
 */
export function groupByCause(
  at: FoundAt,
  violations: readonly Violation[],
  causeOf: (violation: Violation) => Cause,
): readonly Finding[] {
  const groups = new Map<string, { cause: Cause; best: Violation; weight: readonly number[]; edges: number }>();
  for (const violation of violations) {
    const cause = causeOf(violation);
    const name = groupName(cause, violation);
    const weight = weightOf(violation.steps);
    const { edges = 1 } = violation;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { cause, best: violation, weight, edges });
    else {
      group.edges += edges;
      if (isLess(weight, group.weight)) {
        group.best = violation;
        group.weight = weight;
      }
    }
  }
  return [...groups].map(([name, { cause, best, edges }]) => ({ cause, name, ...at, ...best, edges }));
}

function groupName(cause: Cause, { steps, breaches, panic }: Violation): string {
  if (cause.length > 0) return causeName(cause);
  const call = steps.at(-1)?.call.call ?? "nothing";
  return `${causeName(cause)}: ${call} breaks ${brokenText({ breaches, panic })}`;
}

/** What makes a counterexample long to read, the weightiest first. Compared member by member. */
export function weightOf(steps: readonly Step[]): readonly number[] {
  const sum = (measure: (step: Step) => number) => steps.reduce((total, step) => total + measure(step), 0);
  return [
    steps.length,
    sum(({ answers }) => failuresIn(answers)),
    sum(({ call }) => (call.waiting === true ? 1 : 0)),
    // An empty range is a boundary case of its own, which a reader does not expect where one page would show the same.
    sum(({ call }) => (pagesOf(call) === 0 ? 1 : 0)),
    sum(({ call }) => extent(call)),
    sum(({ call }) => strangeness(call)),
  ];
}

/** Lexicographic order. */
export function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? 0;
    if (x !== y) return x < y;
  }
  return false;
}

function failuresIn({ addmap, update_va_mapping, map_grant_ref, unmap_grant_ref }: Step["answers"]): number {
  const codes = [addmap, ...update_va_mapping];
  for (const { rc, status } of [...map_grant_ref, ...unmap_grant_ref]) codes.push(rc, ...status);
  return codes.filter((code) => code !== 0).length;
}

/** How many pages a call names; `null` if it names no range. */
function pagesOf(call: Call): number | null {
  if ("grefs" in call) return call.grefs.length;
  return "count" in call ? call.count : null;
}

/** Pages that a call names, and how far into the segment it reaches. */
function extent(call: Call): number {
  return 2 * (pagesOf(call) ?? 0) + ("page" in call ? call.page : 0);
}

function strangeness(call: Call): number {
  let strange = 0;
  if ("domid" in call && call.domid !== 7) strange++;
  if ("writable" in call && call.writable) strange++;
  if (call.call === "create" && call.prot !== "rw") strange++;
  return strange;
}
