import { NativeError } from "../../impl/native/index.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import type { Finding } from "../conformance/findings.js";
import { type Places, placesOf } from "../conformance/places.js";
import type { CheckReport, VerdictName } from "../conformance/report.js";
import { selected } from "../conformance/selected.js";
import type { Presentation } from "../report/check.js";
import { compareFindings, isComplete, type RecordedFinding, recordOf, verdictOf } from "../report/expected.js";
import type { CheckOptions } from "./checkoptions.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkRecord, readExpected, recordFindings } from "./expect.js";
import { type Performer, writeFindings } from "./findings.js";
import { formatOf } from "./formats.js";
import type { Io } from "./io.js";
import { giveReports, reportersOf } from "./reporters.js";
import { isCFile } from "./subjects.js";

/** The exit code of each verdict. */
export const CODES: Readonly<Record<VerdictName, ExitCode>> = {
  holds: EXIT.holds,
  violated: EXIT.violated,
  incomplete: EXIT.incomplete,
};

/** What is expected to be found; `null` if nothing is said of it, or if it is to be what is found now. */
export function expectedBy({ expect, updateExpectations = false, force = false }: CheckOptions): Expected {
  if (expect === undefined) return null;
  if (!updateExpectations) return readExpected(expect);
  checkRecord(expect, force);
  return "updated";
}

/** Findings that were recorded, or the ones that are found now. */
export type Expected = readonly RecordedFinding[] | "updated" | null;

export interface Concluded {
  readonly report: CheckReport;
  /** What a configuration calls the check. */
  readonly name: string | null;
  readonly options: CheckOptions;
  /** The findings that were recorded, if they are to be compared. */
  readonly expected: Expected;
}

/** Writes what is to be written, prints the report, and answers with its exit code. */
export async function conclude(
  { report: whole, name, options, expected }: Concluded,
  io: Io,
  performer: Performer,
): Promise<ExitCode> {
  const report = toldOf(whole, options);
  const written = await write(report, options, performer);
  const recorded = expected === "updated" ? report.findings.map(recordOf) : expected;
  const comparison =
    recorded === null || options.expect === undefined ? null : compareFindings(options.expect, recorded, report);
  const presentation: Presentation = {
    colours: io.colours,
    choice: options,
    compiled: isCFile(options.driver),
    files: written.files,
    places: await placesIn(report.findings, options, io),
    replayed: formatOf(options).readable,
    comparison,
    ...(name === null ? {} : { name }),
  };
  // First the report: what took long must not be lost because a file can't be written.
  const unwritten = giveReports(
    reportersOf(options),
    (reporter, colours) => reporter.write(report, { ...presentation, colours }),
    io,
    process.env.GITHUB_STEP_SUMMARY,
  );
  const problems = [...written.problems, ...unwritten];
  for (const problem of problems) io.err(`segmf: ${escapeUnprintable(problem)}\n`);
  for (const [flag, file] of recordsOf(options)) {
    if (isComplete(report)) continue;
    // A list that lacks what was not explored would make the next complete check fail, and the earlier list would be lost.
    io.err(`segmf: ${flag} ${escapeUnprintable(file)}: not written, since not everything was explored\n`);
  }
  if (problems.length > 0) return EXIT.misuse;
  return CODES[verdictOf(report, comparison)];
}

/** What is to be told of a report. */
export function toldOf(report: CheckReport, { invariants }: CheckOptions): CheckReport {
  return invariants === undefined ? report : selected(report, invariants);
}

/** Where counterexamples pass in the C file, if the driver is one. What was found is told also if that can't be. */
export async function placesIn(
  findings: readonly Finding[],
  { driver, kernel }: CheckOptions,
  io: Io,
): Promise<readonly Places[] | null> {
  if (!isCFile(driver) || findings.length === 0) return null;
  io.progress("looking for the lines of counterexamples");
  try {
    return await placesOf(driver, kernel, findings);
  } catch (error) {
    if (error instanceof NativeError) return null;
    throw error;
  } finally {
    io.progress(null);
  }
}

interface Written {
  /** The trace file of each finding, `null` if they were not written. */
  readonly files: readonly string[] | null;
  /** What could not be written, and why. */
  readonly problems: readonly string[];
}

async function write(report: CheckReport, options: CheckOptions, performer: Performer): Promise<Written> {
  const { out, force = false } = options;
  const problems: string[] = [];
  const attempt = async <T>(action: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      problems.push(error.message);
      return null;
    }
  };
  const format = formatOf(options);
  const files =
    out === undefined ? null : await attempt(() => writeFindings(out, report.findings, format, force, performer));
  for (const [, file] of recordsOf(options)) {
    if (isComplete(report)) await attempt(() => recordFindings(file, report.findings));
  }
  return { files, problems };
}

/** Where the findings are to be recorded, and which option says so. */
function recordsOf({ record, expect, updateExpectations }: CheckOptions): readonly (readonly [string, string])[] {
  return [
    ...(record === undefined ? [] : [["--record", record] as const]),
    ...(updateExpectations === true && expect !== undefined ? [["--update-expectations", expect] as const] : []),
  ];
}

/** The worst of several exit codes is that of all. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return WORST.find((code) => codes.includes(code)) ?? EXIT.holds;
}

const WORST: readonly ExitCode[] = [EXIT.misuse, EXIT.violated, EXIT.incomplete];
