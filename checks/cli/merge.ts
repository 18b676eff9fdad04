import { escapeUnprintable } from "../../traces/json/value.js";
import { reportOfParts } from "../conformance/random.js";
import type { CheckReport } from "../conformance/report.js";
import { crewOfParts } from "../conformance/shards.js";
import type { Subject } from "../conformance/subject.js";
import type { Checker } from "./checker.js";
import {
  addReportOptions,
  type CheckOptions,
  checkRandomOptions,
  checkReportTogether,
  type ReportOptions,
} from "./checkoptions.js";
import { conclude, expectedBy, worst } from "./conclude.js";
import { type ConfigOptions, configuredAs, withName } from "./config/named.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkRecord } from "./expect.js";
import { explored, scopeOfCheck } from "./exploring.js";
import { makeDirectory } from "./files.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { concludeRandom, randomOptions } from "./random.js";
import type { Register } from "./register.js";
import { checkReporters, reportersOf } from "./reporters.js";
import { identityOfCheck } from "./shard.js";
import { readShards, type ShardFile, type ShardOf } from "./shardfile.js";
import { checkAlike, checkHere, lack, missingOf, type Shards } from "./shardset.js";
import { subjectNamed } from "./subjects.js";
import { checkForSuite, mergeSuite } from "./suiteshard.js";

interface MergeOptions extends ReportOptions, ConfigOptions {
  readonly driver?: string;
  /** The file that the traces of a suite are written into. */
  readonly suite?: string;
}

const EXAMPLES = [
  "segmf check --shard 1/2 --into shards; segmf check --shard 2/2 --into shards; segmf merge shards",
  "segmf merge shards --reporter pretty --reporter sarif=segmf.sarif --out findings",
  "segmf merge suiteshards --suite suite.jsonl",
];

/** `segmf merge`: one report of all shards of a check, or of a suite of traces. */
export const mergeCommand: Register = (program, io, checker, done) => {
  const command = program
    .command("merge")
    .description(
      "make one report of the shards of a check or of a suite of traces, the same as without shards; a missing one makes it incomplete",
    )
    .argument("<dir>", "the directory that --shard I/N --into wrote them into")
    .option("--suite <file>", "of a suite of traces: write them into one file, a scenario a line")
    .option("--driver <file>", "where the C file is now, if not where it was when it was checked")
    .option("--config <file>", "another configuration than the one in this folder, for checks that one names")
    .option("--no-config", "no configuration: what the options say");
  addReportOptions(command)
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (directory: string, options: MergeOptions) => {
      done(await mergeAll(directory, options, io, checker));
    });
};

async function mergeAll(directory: string, options: MergeOptions, io: Io, checker: Checker): Promise<ExitCode> {
  checkReportTogether(options);
  const files = readShards(directory);
  const suites = [...files].filter(([, { result }]) => result.kind === "suite");
  if (suites.length > 0) {
    if (suites.length < files.size) {
      throw new Misuse(`merge ${directory}: there are shards of a check and of a suite in it; keep them apart`);
    }
    checkForSuite(options);
    checkAlike(suites);
    return await mergeSuite(suites, options, io, checker);
  }
  if (options.suite !== undefined) {
    throw new Misuse(`--suite is about a suite of traces, the shards in ${directory} are of a check; leave it out`);
  }
  const checks = new Map<string | null, (readonly [string, ShardFile])[]>();
  for (const [path, file] of files) {
    const shards = checks.get(file.of.name) ?? [];
    shards.push([path, file]);
    checks.set(file.of.name, shards);
  }
  for (const shards of checks.values()) checkAlike(shards);
  const codes: ExitCode[] = [];
  for (const shards of checks.values()) {
    if (codes.length > 0) io.out("\n");
    codes.push(await mergeOne(shards, options, io, checker));
    if (io.signal.aborted) return worst(codes);
  }
  for (const name of new Set([...files.values()].flatMap(({ of }) => of.names))) {
    if (checks.has(name)) continue;
    io.err(`segmf: ${escapeUnprintable(name ?? "check")}: all shards are missing\n`);
    codes.push(EXIT.incomplete);
  }
  return worst(codes);
}

async function mergeOne(shards: Shards, options: MergeOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const [first] = shards;
  if (first === undefined) return EXIT.holds;
  const [path, { identity, of }] = first;
  const all = await optionsOf(of, options);
  checkReportTogether(all);
  if (all.random !== undefined) checkRandomOptions(all);
  const subject = subjectNamed(all);
  checkHere(path, identity, identityOfCheck({ subject, options: all }));
  const expected = expectedBy(all);
  if (all.record !== undefined) checkRecord(all.record, all.force === true);
  if (all.out !== undefined) makeDirectory(all.out, "--out");
  checkReporters(reportersOf(all), all);
  const missing = missingOf(shards);
  for (const number of missing) io.err(`segmf: ${lack(number, of.shard.of)}\n`);
  const whole: Whole = { subject, name: of.name, options: all, missing, shards };
  if (all.random !== undefined) return await mergeRandom(whole, all.random, io, checker);
  const report = await mergedReport(whole, io, checker);
  const code = await conclude({ report, name: of.name, options: all, expected }, io, { subject, choice: all, checker });
  return code === EXIT.holds && missing.length > 0 ? EXIT.incomplete : code;
}

/** What the shards did, and what the command line and the configuration say of how that is reported. */
async function optionsOf({ name, options: done }: ShardOf, options: MergeOptions): Promise<CheckOptions> {
  const { driver, config: _config, suite: _suite, ...said } = options;
  const { expect: _expect, ...own } = done;
  if (name === null) return { ...own, ...said, driver: driver ?? own.driver };
  const configured = await configuredAs(name, options);
  if (configured === null) return withName({ ...own, ...said, driver: driver ?? own.driver }, name);
  const { expect, invariants, out, format, reporter } = configured;
  return withName(
    {
      ...own,
      ...(expect === undefined ? {} : { expect }),
      ...(invariants === undefined ? {} : { invariants }),
      ...(out === undefined ? {} : { out }),
      ...(format === undefined ? {} : { format }),
      ...(reporter === undefined ? {} : { reporter }),
      ...said,
      driver: driver ?? configured.driver,
    },
    name,
  );
}

/** What all shards together are of. */
interface Whole {
  readonly subject: Subject;
  /** What a configuration calls it. */
  readonly name: string | null;
  readonly options: CheckOptions;
  /** The numbers of the shards that are missing. */
  readonly missing: readonly number[];
  readonly shards: Shards;
}

async function mergedReport(
  { subject, options, missing, shards }: Whole,
  io: Io,
  checker: Checker,
): Promise<CheckReport> {
  const stop = new AbortController();
  const parts = shards.flatMap(([, { result }]) => (result.kind === "check" ? [result.part] : []));
  const crew = crewOfParts(parts, () => stop.abort());
  const scope = scopeOfCheck(options);
  const found = await explored({ subject, options, scope, crew }, { ...io, signal: stop.signal }, checker);
  const seconds = shards.reduce((sum, [, { of }]) => sum + of.seconds, 0);
  const count = shards[0]?.[1].of.shard.of ?? 0;
  const wasStopped = parts.some((part) => [...part.values()].some(({ stopped }) => stopped === "aborted"));
  const reasons = [...found.reasons, ...missing.map((number) => lack(number, count))];
  const isIncomplete = found.verdict === "holds" && (missing.length > 0 || wasStopped);
  return {
    ...found,
    reasons,
    interrupted: found.interrupted || wasStopped || missing.length > 0,
    verdict: isIncomplete ? "incomplete" : found.verdict,
    seconds,
  };
}

async function mergeRandom(
  { subject, name, options, missing, shards }: Whole,
  runs: number,
  io: Io,
  checker: Checker,
): Promise<ExitCode> {
  const seed = options.seed ?? 0;
  const parts = shards.flatMap(([, { result }]) => (result.kind === "random" ? [result.part] : []));
  const merged = reportOfParts(randomOptions({ ...options, random: runs }, seed, io), parts);
  // With more shards than runs one has nothing to do; that it had nothing to do is known once it is there.
  const report = { ...merged, complete: merged.complete && missing.length === 0 };
  return await concludeRandom({ subject, name, options: { ...options, random: runs } }, report, io, checker);
}
