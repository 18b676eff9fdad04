import { stepText } from "../../traces/scenario/text.js";
import type { CheckReport } from "../conformance/report.js";
import type { Violation } from "../conformance/violation.js";
import { isComplete, recordedName } from "./expected.js";
import { violationLines } from "./finding.js";
import { counted, definitions, hanging, styleFor } from "./style.js";

/** What has changed from one check of a driver to the next: findings in words. */
export interface Since {
  readonly fresh: readonly string[];
  /** Empty where the later check is incomplete: what it did not find may be where it did not look. */
  readonly gone: readonly string[];
  readonly same: number;
}

/** Compares a report with an earlier one of the same check. */
export function changesSince(before: CheckReport, now: CheckReport): Since {
  const had = new Set(before.findings.map(recordedName));
  const has = new Set(now.findings.map(recordedName));
  return {
    fresh: [...has].filter((text) => !had.has(text)),
    gone: isComplete(now) ? [...had].filter((text) => !has.has(text)) : [],
    same: [...has].filter((text) => had.has(text)).length,
  };
}

/** What has changed, for people. */
export function sinceText({ fresh, gone, same }: Since): string {
  const all = (name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [[name, texts.join("\n")] as const];
  return definitions([
    ["since before", `${counted(fresh.length, "finding")} new, ${gone.length} gone, ${same} the same`],
    ...all("new", fresh),
    ...all("gone", gone),
  ]);
}

/** The first violation that was met, while the check goes on. */
export function firstText({ steps, breaches, panic }: Violation, seconds: number, colours: boolean): string {
  return [
    `a first counterexample after ${seconds.toFixed(1)} s, while the check goes on:\n`,
    ...steps.map((step, i) => hanging(`   ${i + 1}. `, stepText(step))),
    ...violationLines(panic, breaches, styleFor(colours)),
  ].join("");
}
