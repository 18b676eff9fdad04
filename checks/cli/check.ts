import type { Scope } from "../../model/scope.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import type { Subject } from "../conformance/subject.js";
import type { Violation } from "../conformance/violation.js";
import { counted } from "../report/style.js";
import type { Checker } from "./checker.js";
import { addCheckOptions, type CheckOptions, checkTogether } from "./checkoptions.js";
import { checkCheckpoint, FileLedger, readCheckpoint } from "./checkpoint.js";
import { conclude, expectedBy, toldOf, worst } from "./conclude.js";
import { type ConfigOptions, checksMeant, configFile, type Named } from "./config/named.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkRecord } from "./expect.js";
import { compiled, explored, scopeOfCheck } from "./exploring.js";
import { makeDirectory } from "./files.js";
import { helpEnd } from "./help.js";
import { identityOf } from "./identity.js";
import type { Io } from "./io.js";
import { randomCheck } from "./random.js";
import type { Register } from "./register.js";
import { checkReporters, reportersOf } from "./reporters.js";
import { CachedResults } from "./resultcache.js";
import { checkShard, randomShard } from "./shard.js";
import { isCFile, subjectNamed } from "./subjects.js";
import { type Spectator, watchChecks } from "./watch.js";
import { folderWatcher } from "./watcher.js";

const EXAMPLES = [
  "segmf check                                            the corrected driver: 2 pages with a fork, 3 without",
  "segmf check --driver ./seg_mf.c --out findings         a C driver; counterexamples into findings/",
  "segmf check --driver illumos --fix release-unlocked    the shipped driver but for one erratum",
  "segmf check --pages 3 --limit-seconds 60               as far as that takes",
  "segmf check --pages 3 --forks 1 --checkpoint big.ckpt  some minutes; goes on after a stop with --resume big.ckpt",
  "segmf check --random 100 --driver ./seg_mf.c           random runs beyond the scope",
  "segmf check --driver ./seg_mf.c --watch                again on every save",
  "segmf check --shard 1/3 --into shards                  a third of the work; segmf merge shards makes the report",
];

/** `segmf check`: a driver against the specification, to exhaustion. */
export const checkCommand: Register = (program, io, checker, done) => {
  const command = program
    .command("check")
    .description("explore the specification and a driver to exhaustion, and verify every invariant");
  addCheckOptions(command)
    .argument("[names...]", "checks that segmf.config.ts, .js or .json names (default: all of them, if there is one)")
    .option("--config <file>", "another configuration than the one in this folder")
    .option("--no-config", "no configuration: what the options say")
    .option("--watch", "check again whenever the C file or the configuration changes, and say first what has changed")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (names: readonly string[], options: CheckOptions & ConfigOptions & WatchOptions) => {
      const meant = () => checksMeant(names, options, command);
      if (options.watch === true) done(await watched(meant, options, io, checker));
      else done(await runAll(await meant(), io, checker));
    });
};

interface WatchOptions {
  readonly watch?: boolean;
}

/** The same again and again. */
async function watched(
  meant: () => Promise<readonly Named[]>,
  options: CheckOptions & ConfigOptions,
  io: Io,
  checker: Checker,
): Promise<ExitCode> {
  if (options.shard !== undefined) throw new Misuse("--watch and --shard exclude each other; give one of them");
  const files = async (): Promise<readonly string[]> => {
    const drivers = (await meant()).map(({ options: { driver } }) => driver).filter(isCFile);
    return [...new Set([...drivers, ...(await configFile(options))])];
  };
  // Later a file may be missing for a moment; one that is not there to begin with is a mistake.
  for (const { options: each } of await meant()) subjectNamed(each);
  const check = async (round: Io, spectator: Spectator) => runAll(await meant(), round, checker, spectator);
  // Whoever watches for nobody would never end.
  const stop = new AbortController();
  for (const signal of [io.signal, io.readerGone])
    signal?.addEventListener("abort", () => stop.abort(), { once: true });
  if (io.signal.aborted) stop.abort();
  const code = await watchChecks({ files, check }, { ...io, signal: stop.signal }, folderWatcher);
  return io.readerGone?.aborted === true ? EXIT.holds : code;
}

/** One check after the other. The worst that comes of one comes of all. */
async function runAll(
  checks: readonly Named[],
  io: Io,
  checker: Checker,
  spectator: Spectator | null = null,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  const names = checks.map(({ name }) => name);
  for (const check of checks) {
    if (codes.length > 0) io.out("\n");
    codes.push(await run(check, names, io, checker, spectator));
    if (io.signal.aborted) break;
  }
  return worst(codes);
}

/** All that can be wrong with the command line is found before the work begins, which may take long. */
async function run(
  { options, name }: Named,
  names: readonly (string | null)[],
  io: Io,
  checker: Checker,
  spectator: Spectator | null,
): Promise<ExitCode> {
  checkTogether(options);
  const subject = subjectNamed(options);
  const expected = expectedBy(options);
  if (options.record !== undefined) checkRecord(options.record, options.force === true);
  if (options.out !== undefined) makeDirectory(options.out, "--out");
  if (options.checkpoint !== undefined) checkCheckpoint(options.checkpoint, options.force === true);
  const { random, shard, into = "" } = options;
  checkReporters(reportersOf(options), options);
  if (shard !== undefined) {
    const part = { subject, options, name, names, shard, into, expected };
    return random === undefined ? await checkShard(part, io, checker) : await randomShard(part, random, io, checker);
  }
  if (random !== undefined) return await randomCheck({ subject, name, options: { ...options, random } }, io, checker);
  const started = performance.now();
  const scope = scopeOfCheck(options);
  if (!(await compiled(options, scope, io))) {
    io.err("segmf: interrupted before the C file was compiled\n");
    return EXIT.interrupted;
  }
  const ledger = ledgerOf(subject, options, scope);
  const cache = ledger === null ? await cacheOf(subject, options, scope, io) : null;
  const watched =
    spectator === null
      ? {}
      : { violated: (violation: Violation) => isToldOf(violation, options) && spectator.violated(name, violation) };
  const found = await explored({ subject, options, scope, ledger: ledger ?? cache, ...watched }, io, checker);
  ledger?.close();
  if (cache !== null) closeCache(cache, io);
  const report = { ...found, seconds: (performance.now() - started) / 1000 };
  spectator?.reported(name, toldOf(report, options));
  const performer = { subject, choice: options, checker };
  const code = await conclude({ report, name, options, expected }, io, performer);
  if ((ledger?.problem ?? null) === null) return code;
  io.err(`segmf: ${escapeUnprintable(ledger?.problem ?? "")}\n`);
  return EXIT.misuse;
}

/** Whether a violation is one that is asked for. */
function isToldOf({ breaches }: Violation, { invariants }: CheckOptions): boolean {
  return invariants === undefined || breaches.some(({ invariant }) => invariants.includes(invariant));
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

/** What is known of the check from earlier ones; `null` if that is not to be used. */
async function cacheOf(
  { plan }: Subject,
  { kernel, selfCheck, cache = true }: CheckOptions,
  scope: Scope | undefined,
  io: Io,
): Promise<CachedResults | null> {
  if (plan === undefined || !cache || !io.usesCache) return null;
  return await CachedResults.open(() => identityOf({ plan, kernel, scope, selfCheck }));
}

function closeCache(cache: CachedResults, io: Io): void {
  const { known, size, folder } = cache;
  cache.close();
  if (known === 0) return;
  const parts = `${known} of ${counted(size, "part")} of this check`;
  io.err(`segmf: ${parts} not explored again, but taken from ${escapeUnprintable(folder)}; --no-cache explores all\n`);
}
