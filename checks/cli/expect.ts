import type { Finding } from "../conformance/findings.js";
import type { CheckReport } from "../conformance/report.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { readText, writeOwn } from "./files.js";
import type { Io } from "./io.js";

const FORMAT = "segmf-findings/1";

/** The recorded list of findings: what they are called and which invariants they break. */
interface Expected {
  readonly format: typeof FORMAT;
  readonly findings: readonly { readonly name: string; readonly invariants: readonly string[] }[];
}

/** Records the findings of a report for `--expect`. The option is there to rewrite the file. */
export function recordFindings(path: string, findings: readonly Finding[], force: boolean): void {
  const recorded: Expected = { format: FORMAT, findings: findings.map(entry).sort(byName) };
  writeOwn(path, `${JSON.stringify(recorded, null, 2)}\n`, force);
}

/**
 * Compares what was found with a recorded list and says what is new and what has gone. Holds only if nothing is, and
 * the check was complete.
 */
export function compareExpected(path: string, report: CheckReport, io: Io): ExitCode {
  const expected = readExpected(path);
  const found = new Set(report.findings.map((finding) => textOf(entry(finding))));
  const recorded = new Set(expected.findings.map(textOf));
  const fresh = [...found].filter((text) => !recorded.has(text));
  const gone = [...recorded].filter((text) => !found.has(text));
  for (const text of fresh) io.out(`new: ${text}\n`);
  for (const text of gone) io.out(`gone: ${text}\n`);
  if (fresh.length + gone.length > 0) return EXIT.violated;
  if (report.products.some(({ complete }) => !complete)) return EXIT.incomplete;
  if (report.nondeterminism.length > 0 || report.specification.violations.length > 0) return EXIT.violated;
  io.out(`as expected: exactly the ${recorded.size} recorded in ${path}\n`);
  return EXIT.holds;
}

/** Reads the list early, so that a wrong file is said before an hour of checking. */
export function readExpected(path: string): Expected {
  const text = readText(path, "--expect", `a list of findings (${FORMAT}), as --record writes one`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Misuse(`${path}: $: expected JSON (${FORMAT}), got something else`);
  }
  if (!isExpected(value)) throw new Misuse(`${path}: $: expected a list of findings (${FORMAT}), got another document`);
  return value;
}

function isExpected(value: unknown): value is Expected {
  if (!isRecord(value) || value.format !== FORMAT || !Array.isArray(value.findings)) return false;
  return value.findings.every(
    (finding: unknown) =>
      isRecord(finding) &&
      typeof finding.name === "string" &&
      Array.isArray(finding.invariants) &&
      finding.invariants.every((id: unknown) => typeof id === "string"),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entry({ name, breaches }: Finding): Expected["findings"][number] {
  return { name, invariants: [...new Set(breaches.map(({ invariant }) => invariant))].sort() };
}

function textOf({ name, invariants }: Expected["findings"][number]): string {
  return `${name} (breaks ${invariants.join(", ")})`;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
