import type { Command } from "commander";
import { INVARIANTS } from "../../model/invariants/index.js";
import { specification } from "../../model/invariants/specification.js";
import type { InvariantId } from "../../model/judged.js";
import type { Scope } from "../../model/scope.js";
import type { Shard } from "../conformance/shards.js";
import type { DriverChoice } from "../report/command.js";
import { Misuse } from "./exit.js";
import { addOutputOptions, formatOf, type OutputOptions } from "./formats.js";
import { addDriverOptions, choice, list, seconds, shard, share, size, unexpected, whole } from "./options.js";
import { type Asked, addReporterOption } from "./reporters.js";
import { addScopeOptions, MOST_PAGES_EXPLORED, type ScopeOptions, saidScope } from "./scopeoptions.js";

/** Options that say how a check is reported, and what is expected of it; what was not given is not there. */
export interface ReportOptions extends OutputOptions {
  readonly expect?: string;
  readonly updateExpectations?: boolean;
  readonly record?: string;
  readonly invariants?: readonly InvariantId[];
  readonly json?: boolean;
  readonly reporter?: readonly Asked[];
}

/** The options of `segmf check` as parsed; what was not given is not there, so that it can be told. */
export interface CheckOptions extends DriverChoice, ReportOptions, ScopeOptions {
  readonly limitStates?: number;
  readonly limitSeconds?: number;
  /** Bytes. */
  readonly maxMemory?: number;
  readonly selfCheck?: number;
  readonly workers?: number;
  readonly checkpoint?: string;
  /** Seconds. */
  readonly checkpointEvery?: number;
  readonly resume?: string;
  readonly random?: number;
  readonly seed?: number;
  readonly shard?: Shard;
  /** The directory that a shard is written into. */
  readonly into?: string;
  /** False: nothing that was found earlier. */
  readonly cache?: boolean;
}

/** The most pages that can be explored, and that random runs may have. */
const MOST_PAGES = { explored: MOST_PAGES_EXPLORED, random: 64 } as const;

const PAGES = `a whole number from 1 to ${MOST_PAGES.explored} (to ${MOST_PAGES.random} with --random)`;

/** Declares them. */
export function addCheckOptions(command: Command): Command {
  addDriverOptions(command).option(
    "--pages <n>",
    "pages of every segment (default: 2; if nothing is said of the scope, 2 with a fork and 3 without for the corrected driver)",
    whole("--pages", 1, MOST_PAGES.random, PAGES),
  );
  const described = addScopeOptions(command)
    .option(
      "--limit-states <n>",
      "stop each exploration after so many states",
      whole("--limit-states", 1, Number.MAX_SAFE_INTEGER),
    )
    .option("--limit-seconds <n>", "stop each exploration after so many seconds", seconds("--limit-seconds"))
    .option(
      "--max-memory <size>",
      "stop explorations before they hold more at a time, such as 512MiB or 2GiB",
      size("--max-memory"),
    )
    .option(
      "--self-check <share>",
      "make this share of the edges again and compare (default: all in a small scope, fewer in a larger one)",
      share("--self-check"),
    )
    .option(
      "--workers <n>",
      "threads that share the explorations; the report is the same (default: as many as there are processors)",
      whole("--workers", 1, 64),
    )
    .option("--checkpoint <file>", "write now and then, and when stopped, how far the check has come")
    .option(
      "--checkpoint-every <seconds>",
      "seconds from one checkpoint to the next (default: 30)",
      seconds("--checkpoint-every"),
    )
    .option("--resume <file>", "go on from a checkpoint of the same check, to the same report")
    .option("--no-cache", "explore again also what was explored before, of the same driver by the same segmf")
    .option("--random <n>", "instead: so many random runs, beyond the scope", whole("--random", 1, 1_000_000))
    .option("--seed <n>", "seed of the random runs (default: drawn, and printed)", whole("--seed", 0, 0x7fff_ffff))
    .option("--shard <i/n>", "do only this part, of n that together are the whole; segmf merge makes the report", shard)
    .option("--into <dir>", "with --shard: the directory that what came of it is written into");
  return addReportOptions(described);
}

/** Declares those that say how a check is reported. */
export function addReportOptions(command: Command): Command {
  const described = command
    .option("--expect <file>", "hold only if exactly the findings recorded in this file are found")
    .option("--update-expectations", "write the findings into the file of --expect, as what is expected from now on")
    .option("--record <file>", "record the findings for --expect")
    .option("--invariants <list>", "tell only of what breaks these; all are judged all the same", invariants)
    .option("--json", "the report as JSON (segmf-check/1; segmf-random/1 of random runs)");
  return addOutputOptions(
    addReporterOption(described),
    "each finding",
    "overwrite files that are not segmf's own with what is written",
  );
}

const INVARIANT_IDS: readonly InvariantId[] = [...INVARIANTS, specification].map(({ id }) => id);

function invariants(text: string): readonly InvariantId[] {
  const ids = list("--invariants")(text).map(choice("--invariants", "invariant", INVARIANT_IDS));
  return [...new Set(ids)];
}

/** Options that say how to explore: random runs don't. */
const OF_EXPLORATION = {
  domids: "--domids",
  refs: "--refs",
  forks: "--forks",
  maxGrefs: "--max-grefs",
  faults: "--faults",
  alphabet: "--alphabet",
  limitStates: "--limit-states",
  maxMemory: "--max-memory",
  selfCheck: "--self-check",
  workers: "--workers",
  checkpoint: "--checkpoint",
  checkpointEvery: "--checkpoint-every",
  resume: "--resume",
  expect: "--expect",
  updateExpectations: "--update-expectations",
  record: "--record",
  invariants: "--invariants",
} as const satisfies { readonly [option in keyof CheckOptions]?: string };

/** Options that a shard has no use for: whoever merges says how all of it is reported. */
const OF_WHOLE = {
  checkpoint: "--checkpoint",
  resume: "--resume",
  updateExpectations: "--update-expectations",
  record: "--record",
  invariants: "--invariants",
  json: "--json",
  reporter: "--reporter",
  out: "--out",
} as const satisfies { readonly [option in keyof CheckOptions]?: string };

/** The options but for those. */
export function forShard(options: CheckOptions): CheckOptions {
  const {
    checkpoint: _checkpoint,
    resume: _resume,
    updateExpectations: _update,
    record: _record,
    invariants: _invariants,
    json: _json,
    reporter: _reporter,
    out: _out,
    format: _format,
    ...others
  } = options;
  return others;
}

/** Throws `Misuse` for options that are fine one by one, and not together. */
export function checkTogether(options: CheckOptions): void {
  const { random, seed, pages, checkpoint, checkpointEvery, record, resume } = options;
  checkReportTogether(options);
  checkShard(options);
  if (random === undefined) {
    if (checkpointEvery !== undefined && checkpoint === undefined) {
      throw new Misuse("--checkpoint-every belongs to --checkpoint; add --checkpoint FILE");
    }
    if (checkpoint !== undefined && checkpoint === record) {
      throw new Misuse(`--checkpoint and --record: both name ${checkpoint}; they are two files`);
    }
    if (resume === "") throw new Misuse('--resume: expected the name of a file, got ""');
    if (seed !== undefined) throw new Misuse("--seed belongs to --random; add --random N");
    if (pages !== undefined && pages > MOST_PAGES.explored) throw unexpected("--pages", PAGES, String(pages));
    return;
  }
  checkRandomOptions(options);
}

/** Throws `Misuse` for options that random runs have no use for. */
export function checkRandomOptions(options: CheckOptions): void {
  for (const [option, flag] of Object.entries(OF_EXPLORATION)) {
    if (option in options) throw new Misuse(`${flag} is about exploring, --random does not explore; give one of them`);
  }
}

/** The same for those that say how a check is reported. */
export function checkReportTogether({
  expect,
  updateExpectations,
  record,
  invariants,
  out,
  format,
}: ReportOptions): void {
  formatOf({ ...(out === undefined ? {} : { out }), ...(format === undefined ? {} : { format }) });
  if (updateExpectations === true && expect === undefined) {
    throw new Misuse("--update-expectations belongs to --expect; add --expect FILE");
  }
  if (invariants === undefined) return;
  for (const [flag, file] of [["--expect", expect] as const, ["--record", record] as const]) {
    if (file !== undefined)
      throw new Misuse(`${flag} is about all findings, --invariants sets some aside; give one of them`);
  }
}

function checkShard(options: CheckOptions): void {
  const { shard, into, random, seed } = options;
  if (shard === undefined && into === undefined) return;
  if (shard === undefined) throw new Misuse("--into belongs to --shard; add --shard I/N");
  if (into === undefined) throw new Misuse("--shard: what comes of it has to be kept for segmf merge; add --into DIR");
  if (random !== undefined && seed === undefined) {
    throw new Misuse("--shard: random runs in shards need one seed for all; add --seed N");
  }
  for (const [option, flag] of Object.entries(OF_WHOLE)) {
    if (option in options) throw new Misuse(`${flag} is about the whole, --shard does a part; give it to segmf merge`);
  }
}

/** What the random runs' pages are at most. */
export function pagesOfRandom({ pages = MOST_PAGES.random }: CheckOptions): number {
  return pages;
}

/** Options that say how far to explore. */
const OF_SCOPE = ["pages", "domids", "refs", "forks", "maxGrefs", "faults", "alphabet"] as const;

/** The scope to explore; undefined if nothing is said of it. */
export function scopeOf(options: CheckOptions): Scope | undefined {
  return OF_SCOPE.some((option) => option in options) ? saidScope(options) : undefined;
}
