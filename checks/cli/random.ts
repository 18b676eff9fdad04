import { randomInt } from "node:crypto";
import { escapeUnprintable } from "../../traces/json/value.js";
import type { RandomOptions, RandomReport } from "../conformance/random.js";
import type { Subject } from "../conformance/subject.js";
import { commandLine } from "../report/command.js";
import type { RandomPresentation } from "../report/random.js";
import { findingsOf } from "../report/told.js";
import type { Checker } from "./checker.js";
import { type CheckOptions, pagesOfRandom } from "./checkoptions.js";
import { placesIn } from "./conclude.js";
import { EXIT, type ExitCode } from "./exit.js";
import { noting } from "./faultreport.js";
import { formatOf } from "./formats.js";
import type { Io } from "./io.js";
import { giveReports, reportersOf } from "./reporters.js";
import { isCFile } from "./subjects.js";
import { filesFor, type TraceFile, writeTrace } from "./tracefiles.js";

/** Calls of one run at most. */
const MOST_CALLS = 200;

/** What random runs are made of. */
type AskedRandom = CheckOptions & { readonly random: number };

/** Random runs that are to be made, or were. */
export interface ToRun {
  readonly subject: Subject;
  /** What a configuration calls them. */
  readonly name: string | null;
  readonly options: AskedRandom;
}

/** Random runs of a driver against the specification; a failing one is shrunk to a scenario. */
export async function randomCheck({ subject, name, options }: ToRun, io: Io, checker: Checker): Promise<ExitCode> {
  const seed = options.seed ?? randomInt(0x7fff_ffff);
  targetOf(options, seed);
  io.progress(`${options.random} random runs, seed ${seed}`);
  const report = await noting({ seed }, () => checker.randomRuns(subject, randomOptions(options, seed, io)));
  io.progress(null);
  return await concludeRandom({ subject, name, options }, report, io, checker);
}

/** Options of random runs, as those who make them have them. */
export function randomOptions(options: AskedRandom, seed: number, io: Io): RandomOptions {
  return {
    kernel: options.kernel,
    runs: options.random,
    seed,
    maxPages: pagesOfRandom(options),
    maxCalls: MOST_CALLS,
    signal: stopOf(options, io),
  };
}

/** Where a failing run is to be written. Throws `Misuse` if it can't be. */
function targetOf(options: CheckOptions, seed: number): TraceFile | null {
  const { out, force = false } = options;
  const format = formatOf(options);
  return out === undefined ? null : (filesFor(out, [`random-${seed}`], format, force)[0] ?? null);
}

/** Writes what is to be written of random runs, prints the report, and answers with its exit code. */
export async function concludeRandom(
  { subject, name, options }: ToRun,
  report: RandomReport,
  io: Io,
  checker: Checker,
): Promise<ExitCode> {
  const { failure, seed } = report;
  const format = formatOf(options);
  const target = targetOf(options, seed);
  if (failure !== null && target !== null) {
    const { scenario } = failure;
    const run = () => checker.runScenario(subject, options.kernel, scenario);
    await writeTrace(target.path, format, { name: target.name, scenario, run });
  }
  const pages = options.pages === undefined ? [] : ["--pages", String(options.pages)];
  const presentation: RandomPresentation = {
    driver: subject.name,
    kernel: options.kernel,
    ...(name === null ? {} : { name }),
    colours: io.colours,
    choice: options,
    compiled: isCFile(options.driver),
    places: await placesIn(findingsOf(report), options, io),
    report,
    again: commandLine(["check", "--random", String(options.random), "--seed", String(seed), ...pages], options),
    written:
      failure === null || target === null
        ? null
        : { file: target.path, replay: format.readable ? commandLine(["run", target.path], options) : null },
  };
  const problems = giveReports(
    reportersOf(options),
    (reporter, colours) => reporter.writeRandom({ ...presentation, colours }),
    io,
    process.env.GITHUB_STEP_SUMMARY,
  );
  for (const problem of problems) io.err(`segmf: ${escapeUnprintable(problem)}\n`);
  if (problems.length > 0) return EXIT.misuse;
  if (failure !== null) return EXIT.violated;
  return report.complete ? EXIT.holds : EXIT.incomplete;
}

/** The longest delay that a timer takes, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** What stops the runs: the user, or the limit on seconds. */
function stopOf({ limitSeconds }: CheckOptions, { signal }: Io): AbortSignal {
  if (limitSeconds === undefined) return signal;
  // Not AbortSignal.any and AbortSignal.timeout: Node 20 may collect them as garbage before they fire.
  const stop = new AbortController();
  if (signal.aborted) stop.abort();
  signal.addEventListener("abort", () => stop.abort(), { once: true });
  setTimeout(() => stop.abort(), Math.min(limitSeconds * 1000, LONGEST)).unref();
  return stop.signal;
}
