import { availableParallelism } from "node:os";
import { defineScope, type Scope } from "../../model/scope.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import type { TimelessReport } from "../conformance/check.js";
import type { CheckReport, VerdictName } from "../conformance/report.js";
import type { Subject } from "../conformance/subject.js";
import { EngineError } from "../engine/index.js";
import type { Presentation } from "../report/check.js";
import { compareFindings, isComplete, type RecordedFinding, recordOf, verdictOf } from "../report/expected.js";
import type { Checker } from "./checker.js";
import { addCheckOptions, type CheckOptions, checkTogether, scopeOf } from "./checkoptions.js";
import { checkCheckpoint, FileLedger, readCheckpoint } from "./checkpoint.js";
import { type ConfigOptions, checksMeant, type Named } from "./config/named.js";
import { crewOf } from "./crew.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkRecord, readExpected, recordFindings } from "./expect.js";
import { makeDirectory } from "./files.js";
import { type Performer, writeFindings } from "./findings.js";
import { formatOf } from "./formats.js";
import { helpEnd } from "./help.js";
import { identityOf } from "./identity.js";
import type { Io } from "./io.js";
import { teller } from "./progress.js";
import { randomCheck } from "./random.js";
import type { Register } from "./register.js";
import { checkReporters, giveReports, reportersOf } from "./reporters.js";
import { isCFile, subjectNamed } from "./subjects.js";

const EXAMPLES = [
  "segmf check                                            the corrected driver: 2 pages with a fork, 3 without",
  "segmf check --driver ./seg_mf.c --out findings         a C driver; counterexamples into findings/",
  "segmf check --driver illumos --fix release-unlocked    the shipped driver but for one erratum",
  "segmf check --pages 3 --limit-seconds 60               as far as that takes",
  "segmf check --pages 3 --forks 1 --checkpoint big.ckpt  some minutes; goes on after a stop with --resume big.ckpt",
  "segmf check --random 100 --driver ./seg_mf.c           random runs beyond the scope",
];

const CODES: Readonly<Record<VerdictName, ExitCode>> = {
  holds: EXIT.holds,
  violated: EXIT.violated,
  incomplete: EXIT.incomplete,
};

/** `segmf check`: a driver against the specification, to exhaustion. */
export const checkCommand: Register = (program, io, checker, done) => {
  const command = program
    .command("check")
    .description("explore the specification and a driver to exhaustion, and verify every invariant");
  addCheckOptions(command)
    .argument("[names...]", "checks that segmf.config.ts, .js or .json names (default: all of them, if there is one)")
    .option("--config <file>", "another configuration than the one in this folder")
    .option("--no-config", "no configuration: what the options say")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (names: readonly string[], options: CheckOptions & ConfigOptions) => {
      done(await runAll(await checksMeant(names, options, command), io, checker));
    });
};

/** One check after the other. The worst that comes of one comes of all. */
async function runAll(checks: readonly Named[], io: Io, checker: Checker): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const { name, options } of checks) {
    if (codes.length > 0) io.out("\n");
    codes.push(await run(options, name, io, checker));
    if (io.signal.aborted) break;
  }
  return WORST.find((code) => codes.includes(code)) ?? EXIT.holds;
}

const WORST: readonly ExitCode[] = [EXIT.misuse, EXIT.violated, EXIT.incomplete];

/** All that can be wrong with the command line is found before the work begins, which may take long. */
async function run(options: CheckOptions, name: string | null, io: Io, checker: Checker): Promise<ExitCode> {
  checkTogether(options);
  const subject = subjectNamed(options);
  const expected = expectedBy(options);
  if (options.record !== undefined) checkRecord(options.record, options.force === true);
  if (options.out !== undefined) makeDirectory(options.out, "--out");
  if (options.checkpoint !== undefined) checkCheckpoint(options.checkpoint, options.force === true);
  const { random } = options;
  checkReporters(reportersOf(options), options.force === true);
  if (random !== undefined) return await randomCheck(subject, { ...options, random }, io, checker);
  const started = performance.now();
  const scope = scopeOfCheck(options);
  const ledger = ledgerOf(subject, options, scope);
  const found = await explored(subject, options, io, checker, scope, ledger);
  ledger?.close();
  const report = { ...found, seconds: (performance.now() - started) / 1000 };
  const performer = { subject, choice: options, checker };
  const code = await conclude({ report, name, options, expected }, io, performer);
  if ((ledger?.problem ?? null) === null) return code;
  io.err(`segmf: ${escapeUnprintable(ledger?.problem ?? "")}\n`);
  return EXIT.misuse;
}

/** What is expected to be found; `null` if nothing is said of it, or if it is to be what is found now. */
function expectedBy({ expect, updateExpectations = false, force = false }: CheckOptions): Expected {
  if (expect === undefined) return null;
  if (!updateExpectations) return readExpected(expect);
  checkRecord(expect, force);
  return "updated";
}

/** Findings that were recorded, or the ones that are found now. */
type Expected = readonly RecordedFinding[] | "updated" | null;

/** Two pages show what a faulty driver does wrong. Its violations are many, and each of them is looked into. */
function scopeOfCheck(options: CheckOptions): Scope | undefined {
  return scopeOf(options) ?? (options.driver === "corrected" ? undefined : defineScope());
}

/** What keeps the check's progress, if anything is to. */
function ledgerOf(subject: Subject, options: CheckOptions, scope: Scope | undefined): FileLedger | null {
  const { checkpoint = null, resume, checkpointEvery, kernel, selfCheck } = options;
  const { plan } = subject;
  if (plan === undefined || (checkpoint === null && resume === undefined)) return null;
  const identity = identityOf({ plan, kernel, scope, selfCheck });
  const kept = resume === undefined ? null : readCheckpoint(resume, identity);
  return new FileLedger({ path: checkpoint, identity, everySeconds: checkpointEvery ?? SECONDS_BETWEEN, kept });
}

const SECONDS_BETWEEN = 30;

async function explored(
  subject: Subject,
  options: CheckOptions,
  io: Io,
  { check }: Checker,
  scope: Scope | undefined,
  ledger: FileLedger | null,
): Promise<TimelessReport> {
  if (scope !== undefined && isCFile(options.driver)) {
    io.progress(`compiling ${options.driver}`);
    await subject.open({ kernel: options.kernel, pages: scope.pages, maxGrefs: scope.maxGrefs });
  }
  const found = await check(subject, {
    kernel: options.kernel,
    ...(scope === undefined ? {} : { scope }),
    limits: {
      signal: io.signal,
      ...(options.limitStates === undefined ? {} : { states: options.limitStates }),
      ...(options.limitSeconds === undefined ? {} : { seconds: options.limitSeconds }),
      ...(options.maxMemory === undefined ? {} : { memory: options.maxMemory }),
    },
    ...(options.selfCheck === undefined ? {} : { selfCheck: options.selfCheck }),
    progress: teller(io),
    crew: crewOf(options.workers ?? availableParallelism()),
    ...(ledger === null ? {} : { ledger }),
  }).catch((error: unknown) => {
    // `bad-option`: there is no room in --max-memory for the states of the checkpoint.
    const isOurs = !(error instanceof EngineError) || (error.code !== "bad-checkpoint" && error.code !== "bad-option");
    if (options.resume === undefined || isOurs) throw error;
    throw new Misuse(`--resume ${options.resume}: can't be resumed: ${error.headline}`);
  });
  io.progress(null);
  return found;
}

interface Concluded {
  readonly report: CheckReport;
  /** What a configuration calls the check. */
  readonly name: string | null;
  readonly options: CheckOptions;
  /** The findings that were recorded, if they are to be compared. */
  readonly expected: Expected;
}

/** Writes what is to be written, prints the report, and answers with its exit code. */
async function conclude(
  { report, name, options, expected }: Concluded,
  io: Io,
  performer: Performer,
): Promise<ExitCode> {
  const written = await write(report, options, performer);
  const recorded = expected === "updated" ? report.findings.map(recordOf) : expected;
  const comparison =
    recorded === null || options.expect === undefined ? null : compareFindings(options.expect, recorded, report);
  const presentation: Presentation = {
    colours: io.colours,
    choice: options,
    compiled: isCFile(options.driver),
    files: written.files,
    replayed: formatOf(options).readable,
    comparison,
    ...(name === null ? {} : { name }),
  };
  // First the report: what took long must not be lost because a file can't be written.
  const unwritten = giveReports(reportersOf(options), report, presentation, io, process.env.GITHUB_STEP_SUMMARY);
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
