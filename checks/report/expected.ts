import type { Finding } from "../conformance/findings.js";
import type { CheckReport, VerdictName } from "../conformance/report.js";

export const FINDINGS_FORMAT = "segmf-findings/1";

/** A finding as it is recorded: what it is called, and the invariants that it breaks. */
export interface RecordedFinding {
  readonly name: string;
  readonly invariants: readonly string[];
}

/** What was found beside what was recorded earlier, each finding in words. */
export interface Comparison {
  /** Where the record is. */
  readonly file: string;
  readonly recorded: number;
  readonly fresh: readonly string[];
  /** Recorded and not found. Empty where the check is incomplete: what was not found may be where it did not look. */
  readonly gone: readonly string[];
  /** What else is wrong, that no recorded finding accounts for. */
  readonly otherwise: readonly string[];
}

/** The findings of a report as the text of a file (`segmf-findings/1`), in the order of their names. */
export function formatFindings(findings: readonly Finding[]): string {
  return `${JSON.stringify({ format: FINDINGS_FORMAT, findings: findings.map(recordOf).sort(byName) }, null, 2)}\n`;
}

/** The findings that a JSON value lists, or `null` if it is no such list. */
export function recordedFindings(value: unknown): readonly RecordedFinding[] | null {
  if (!isRecord(value) || value.format !== FINDINGS_FORMAT || !Array.isArray(value.findings)) return null;
  const findings: readonly unknown[] = value.findings;
  return findings.every(isRecordedFinding) ? findings : null;
}

/** Compares what was found with a recorded list. */
export function compareFindings(file: string, recorded: readonly RecordedFinding[], report: CheckReport): Comparison {
  const found = new Set(report.findings.map(recordedName));
  const wanted = new Set(recorded.map(textOf));
  return {
    file,
    recorded: wanted.size,
    fresh: [...found].filter((text) => !wanted.has(text)),
    gone: isComplete(report) ? [...wanted].filter((text) => !found.has(text)) : [],
    otherwise: otherwiseWrong(report),
  };
}

/** How a check came out: with a comparison what counts is whether things are as recorded. */
export function verdictOf(report: CheckReport, comparison: Comparison | null): VerdictName {
  if (comparison === null) return report.verdict;
  if (isDifferent(comparison)) return "violated";
  return isComplete(report) ? "holds" : "incomplete";
}

/** Whether something is not as it was recorded. */
export function isDifferent({ fresh, gone, otherwise }: Comparison): boolean {
  return fresh.length + gone.length + otherwise.length > 0;
}

/** A finding as comparisons name it. */
export function recordedName(finding: Finding): string {
  return textOf(recordOf(finding));
}

/** Whether everything was explored that the report speaks of. */
export function isComplete({ specification, specificationsBeside, products, interrupted }: CheckReport): boolean {
  return !interrupted && [specification, ...specificationsBeside, ...products].every(({ complete }) => complete);
}

/**
 * Faults that are no findings: of the specification, of the check itself, or a driver that is not deterministic. Paths
 * that part from the chart and failed directed scenarios are how findings show, if there are any.
 */
function otherwiseWrong(report: CheckReport): readonly string[] {
  const { specification, specificationsBeside, products, nondeterminism, coverage, invariants } = report;
  const wrong = [specification, ...specificationsBeside].flatMap(({ violations }) =>
    violations.map(({ invariant }) => `the specification contradicts itself: ${invariant}`),
  );
  if (nondeterminism.length > 0) wrong.push("the driver is not deterministic");
  if (products.some(({ deadlocks }) => deadlocks > 0)) wrong.push("there are deadlocks");
  if (products.some(({ violatingEdges, unfreeable }) => violatingEdges === 0 && (unfreeable ?? 0) > 0)) {
    wrong.push("there are states that can't be freed");
  }
  if (!isComplete(report)) return wrong;
  if (coverage.missing.length > 0) wrong.push("not every transition of the chart was taken");
  if (coverage.breakable < coverage.invariants) wrong.push("not every invariant could be broken on purpose");
  if (invariants.some(({ judged }) => judged === 0)) wrong.push("not every invariant was judged");
  if (wrong.length === 0 && report.findings.length === 0 && report.verdict === "violated") {
    wrong.push("the verdict is violated, without a finding");
  }
  return wrong;
}

/** A finding as it is recorded. */
export function recordOf({ name, breaches }: Finding): RecordedFinding {
  return { name, invariants: [...new Set(breaches.map(({ invariant }) => invariant))].sort() };
}

function textOf({ name, invariants }: RecordedFinding): string {
  return `${name} (breaks ${invariants.join(", ")})`;
}

function byName(a: RecordedFinding, b: RecordedFinding): number {
  return a.name < b.name ? -1 : 1;
}

function isRecordedFinding(value: unknown): value is RecordedFinding {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    Array.isArray(value.invariants) &&
    value.invariants.every((id: unknown) => typeof id === "string")
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
