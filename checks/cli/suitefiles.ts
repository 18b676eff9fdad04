import { escapeUnprintable } from "../../traces/json/value.js";
import { formatScenarioLines } from "../../traces/scenario/lines.js";
import { SCENARIO_FORMAT, type Scenario } from "../../traces/scenario/scenario.js";
import type { CoverKind, Suite } from "../conformance/graph/suite.js";
import type { Shard } from "../conformance/shards.js";
import type { Subject } from "../conformance/subject.js";
import type { DriverChoice } from "../report/command.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode } from "./exit.js";
import { checkWritable, writeWhole } from "./files.js";
import { formatOf, type OutputOptions } from "./formats.js";
import type { Io } from "./io.js";
import { type MachineChoice, perform } from "./perform.js";
import type { ScopeOptions } from "./scopeoptions.js";
import { filesFor, writeTrace } from "./tracefiles.js";

/** Where the traces of a suite are written. */
export interface SuiteOutput extends OutputOptions {
  /** Also all of them in one file. */
  readonly suite?: string;
}

/** The options of `segmf trace paths` as parsed. */
export interface SuiteOptions extends DriverChoice, ScopeOptions, SuiteOutput {
  readonly cover: CoverKind;
  readonly shard?: Shard;
  /** The directory that a shard is kept in for `segmf merge`. */
  readonly into?: string;
}

/** A trace of a suite, and the name of its file without what the format adds. */
export interface NamedTrace {
  readonly scenario: Scenario;
  readonly file: string;
}

/** A suite in numbers. */
export interface SuiteNumbers extends Omit<Suite, "scenarios"> {
  /** What it covers. */
  readonly name: string;
  readonly traces: number;
}

/** Throws `Misuse` if the file of `--suite` can't be written. */
export function checkSuiteFile({ suite, force }: SuiteOutput): void {
  if (suite !== undefined) checkWritable(suite, SCENARIO_FORMAT, force === true);
}

export interface ToDeliver {
  readonly traces: readonly NamedTrace[];
  readonly maxGrefs: number;
  readonly subject: Subject;
  readonly choice: MachineChoice;
  readonly output: SuiteOutput;
}

/** Writes traces where they are asked for. `interrupted` if the signal came before the last one. */
export async function writeSuite(
  { traces, maxGrefs, subject, choice, output }: ToDeliver,
  io: Io,
  checker: Checker,
): Promise<ExitCode> {
  const { out, suite: file, force = false } = output;
  const format = formatOf(output);
  const names = traces.map((trace) => trace.file);
  const targets = out === undefined ? [] : filesFor(out, names, format, force);
  for (const [at, { path, name }] of targets.entries()) {
    const trace = traces[at];
    if (io.signal.aborted) return interrupted(io, at, targets.length);
    if (trace === undefined) throw new Error("a file without a trace");
    const run = () => perform(trace, subject, { ...choice, maxGrefs }, checker, io.signal);
    await writeTrace(path, format, { name, scenario: trace.scenario, maxGrefs, run });
  }
  if (file !== undefined) writeWhole(file, formatScenarioLines(traces.map(({ scenario }) => scenario)));
  return EXIT.holds;
}

/** A suite that was not written to its end must not be taken for one. */
function interrupted(io: Io, written: number, of: number): ExitCode {
  io.err(`segmf: interrupted; ${written === 0 ? "nothing was written" : `${written} of ${of} traces were written`}\n`);
  return EXIT.interrupted;
}

/** What is said of a part of a suite. */
export interface OwnPart {
  readonly part: Shard;
  /** Traces of it. */
  readonly own: number;
  /** The file that it is kept in for `segmf merge`. */
  readonly kept: string | null;
}

/** What was made and where it is, for people. */
export function summary(
  { name, targets, traces, length, least }: SuiteNumbers,
  { out, suite: file }: SuiteOutput,
  own: OwnPart | null,
): string {
  const places = [out, file, own?.kept ?? undefined].filter((place) => place !== undefined);
  return [
    `${name}: ${targets} to cover; ${traces} traces with ${length} calls`,
    `no suite has fewer than ${least.walks} traces, or fewer than ${least.length} calls`,
    ...(own === null ? [] : [`shard ${own.part.number}/${own.part.of}: ${own.own} traces`]),
    ...(places.length === 0
      ? ["nothing was written; --out DIR writes them, --suite FILE into one file"]
      : places.map((place) => `written to ${escapeUnprintable(place)}`)),
    "",
  ].join("\n");
}
