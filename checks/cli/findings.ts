import type { TraceFormat } from "../../traces/formats.js";
import { stemOf } from "../../traces/trace/name.js";
import type { Finding } from "../conformance/findings.js";
import type { Subject } from "../conformance/subject.js";
import type { DriverChoice } from "../report/command.js";
import type { Checker } from "./checker.js";
import { filesFor, type TraceFile, writeTrace } from "./tracefiles.js";

/** Who performs a finding again, for formats that show what came of it. */
export interface Performer {
  readonly subject: Subject;
  readonly choice: DriverChoice;
  readonly checker: Checker;
}

/**
 * Writes each finding's counterexample into a directory as a file named after its cause. All may be written or none is.
 * Returns the files, in the findings' order.
 */
export async function writeFindings(
  directory: string,
  findings: readonly Finding[],
  format: TraceFormat,
  force: boolean,
  { subject, choice: { kernel }, checker }: Performer,
): Promise<readonly string[]> {
  const names = findings.map(({ name }) => stemOf(name, "finding"));
  const files = filesFor(directory, names, format, force);
  for (const [i, { pages, maxGrefs, steps }] of findings.entries()) {
    // There is a file for each finding.
    const { path, name } = files[i] as TraceFile;
    const scenario = { pages, steps };
    const run = () => checker.runScenario(subject, kernel, scenario, maxGrefs);
    await writeTrace(path, format, { name, scenario, maxGrefs, run });
  }
  return files.map(({ path }) => path);
}
