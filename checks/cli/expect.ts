import type { Finding } from "../conformance/findings.js";
import { FINDINGS_FORMAT, formatFindings, type RecordedFinding, recordedFindings } from "../report/expected.js";
import { Misuse } from "./exit.js";
import { checkWritable, readText, writeWhole } from "./files.js";

/** Reads the list that `--expect` names. Throws `Misuse`. */
export function readExpected(path: string): readonly RecordedFinding[] {
  const wanted = `a list of findings (${FINDINGS_FORMAT}), as --record writes one`;
  const text = readText(path, "--expect", wanted);
  const findings = recordedFindings(parsed(text, path, wanted));
  if (findings === null) throw new Misuse(`--expect ${path}: expected ${wanted}, got another document`);
  return findings;
}

/** Makes sure that `--record` can be served when the findings are known. */
export function checkRecord(path: string, force: boolean): void {
  checkWritable(path, FINDINGS_FORMAT, force);
}

/** Records findings for `--expect`. */
export function recordFindings(path: string, findings: readonly Finding[]): void {
  writeWhole(path, formatFindings(findings));
}

function parsed(text: string, path: string, wanted: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misuse(`--expect ${path}: expected ${wanted}, got no JSON`);
  }
}
