import { formatScenario } from "../../traces/scenario/format.js";
import type { CheckReport } from "../conformance/report.js";
import type { Presentation } from "./check.js";
import type { DriverChoice } from "./command.js";

/**
 * A check's report as JSON (`segmf-check/1`): the report itself, the limits of a call if any were given, each finding's steps as the scenario that shows it, with
 * the file that it was written to if it was, and `expected` if the findings were compared with recorded ones.
 */
export function checkJson(
  report: CheckReport,
  { files, comparison, choice }: Pick<Presentation, "files" | "comparison" | "choice">,
): string {
  const { seconds, format, driver, kernel, ...others } = report;
  const limits = limitsOf(choice);
  const findings = report.findings.map(({ steps, ...finding }, i) => {
    const scenario: unknown = JSON.parse(formatScenario({ pages: finding.pages, steps }));
    const file = files?.[i];
    return { ...finding, scenario, ...(file === undefined ? {} : { file }) };
  });
  const expected = comparison === null ? {} : { expected: comparison };
  return `${JSON.stringify({ format, driver, kernel, ...limits, ...others, findings, ...expected, seconds }, hexadecimal, 2)}\n`;
}

/** What one call of a C file was allowed, where that was said. */
function limitsOf({ callTimeout, callMemory }: DriverChoice) {
  return callTimeout === undefined && callMemory === undefined ? {} : { limits: { callTimeout, callMemory } };
}

/** Machine words, which JSON has no numbers for, are written as in scenarios. */
function hexadecimal(_member: string, value: unknown): unknown {
  return typeof value === "bigint" ? `0x${value.toString(16)}` : value;
}
