import { formatScenario } from "../../traces/scenario/format.js";
import type { CheckReport } from "../conformance/report.js";

/** A check's report as JSON (`segmf-check/1`): the report itself, each finding's steps as the scenario that shows it. */
export function checkJson(report: CheckReport): string {
  const findings = report.findings.map(({ steps, ...finding }) => {
    const scenario: unknown = JSON.parse(formatScenario({ pages: finding.pages, steps }));
    return { ...finding, scenario };
  });
  return `${JSON.stringify({ ...report, findings }, null, 2)}\n`;
}
