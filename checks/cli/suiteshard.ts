import type { CoverKind } from "../conformance/graph/suite.js";
import type { Shard } from "../conformance/shards.js";
import type { Subject } from "../conformance/subject.js";
import type { Checker } from "./checker.js";
import type { CheckOptions, ReportOptions } from "./checkoptions.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { type Identity, identityOf } from "./identity.js";
import type { Io } from "./io.js";
import { saidScope } from "./scopeoptions.js";
import { type SuitePart, writeShard } from "./shardfile.js";
import { checkHere, lack, missingOf, type Shards } from "./shardset.js";
import { subjectNamed } from "./subjects.js";
import {
  checkSuiteFile,
  type NamedTrace,
  type SuiteOptions,
  type SuiteOutput,
  summary,
  writeSuite,
} from "./suitefiles.js";

interface ToKeep {
  readonly options: SuiteOptions;
  readonly shard: Shard;
  readonly subject: Subject;
  readonly part: SuitePart;
}

/** Writes one shard of a suite for `segmf merge`. Throws `Misuse` if it can't be written. */
export function keepPart(path: string, { options, shard, subject, part }: ToKeep): void {
  const {
    cover,
    shard: _shard,
    into: _into,
    suite: _suite,
    out: _out,
    format: _format,
    force: _force,
    ...of
  } = options;
  const identity = identityOfSuite(subject, of, cover);
  writeShard(path, {
    identity,
    of: { shard, name: null, names: [null], options: of, seconds: 0 },
    result: { kind: "suite", part },
  });
}

/** Shards of one suite have the same. */
function identityOfSuite(subject: Subject, options: CheckOptions, cover: CoverKind): Identity {
  const { plan } = subject;
  if (plan === undefined) throw new Error("a driver that stays in one thread has no shards");
  const all = identityOf({ plan, kernel: options.kernel, scope: saidScope(options), selfCheck: undefined });
  return { ...all, cover: JSON.stringify(cover) };
}

/** Options of `segmf merge` that are about a verdict: a suite has none. */
const OF_CHECK = {
  expect: "--expect",
  updateExpectations: "--update-expectations",
  record: "--record",
  invariants: "--invariants",
  json: "--json",
  reporter: "--reporter",
} as const satisfies { readonly [option in keyof ReportOptions]?: string };

/** Throws `Misuse` for options that a suite has no use for. */
export function checkForSuite(options: ReportOptions): void {
  for (const [option, flag] of Object.entries(OF_CHECK)) {
    if (option in options)
      throw new Misuse(`${flag} is about a check, the shards are of a suite of traces; leave it out`);
  }
}

/** Where the whole suite goes, and where its C file is now. */
type SuiteMerge = SuiteOutput & { readonly driver?: string };

/** Writes the whole suite as without shards. If one is missing nothing is written: what is there is no suite. */
export async function mergeSuite(shards: Shards, options: SuiteMerge, io: Io, checker: Checker): Promise<ExitCode> {
  const [first] = shards;
  if (first === undefined) return EXIT.holds;
  const [path, { identity, of }] = first;
  const choice = { ...of.options, driver: options.driver ?? of.options.driver };
  const subject = subjectNamed(choice);
  checkSuiteFile(options);
  const parts = shards.flatMap(([, { result }]) => (result.kind === "suite" ? [result.part] : []));
  const [part] = parts;
  if (part === undefined) throw new Error("no shard is of a suite");
  checkHere(path, identity, identityOfSuite(subject, choice, part.cover));
  const missing = missingOf(shards);
  for (const number of missing) io.err(`segmf: ${lack(number, of.shard.of)}\n`);
  if (missing.length > 0) {
    io.err("segmf: the suite is incomplete, and nothing was written; merge it with all of its shards\n");
    return EXIT.incomplete;
  }
  const traces = inOrder(parts);
  if (traces.length !== part.numbers.traces) throw new Error("the shards are not the suite");
  const { numbers, maxGrefs } = part;
  const code = await writeSuite({ traces, maxGrefs, subject, choice, output: options }, io, checker);
  if (code === EXIT.holds) io.out(summary(numbers, options, null));
  return code;
}

/** The names of the files have the numbers of the traces, all of the same width. */
function inOrder(parts: readonly SuitePart[]): readonly NamedTrace[] {
  return parts.flatMap(({ traces }) => traces).sort((a, b) => (a.file < b.file ? -1 : 1));
}
