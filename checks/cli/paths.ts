import type { Command } from "commander";
import { stateSpace } from "../conformance/graph/statespace.js";
import { type CoverKind, MOST_SCENARIOS, type Suite, suite } from "../conformance/graph/suite.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { addOutputOptions, formatOf } from "./formats.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { addDriverOptions, shard, unexpected, whole } from "./options.js";
import { addScopeOptions, MOST_PAGES_EXPLORED, saidScope } from "./scopeoptions.js";
import { checkShardPath, suiteShardPath } from "./shardfile.js";
import { subjectNamed } from "./subjects.js";
import { checkSuiteFile, type NamedTrace, type SuiteOptions, summary, writeSuite } from "./suitefiles.js";
import { keepPart } from "./suiteshard.js";

const EXAMPLES = [
  "segmf trace paths --cover transitions --pages 1 --out suite",
  "segmf trace paths --cover pairs --pages 1 --domids 1 --faults none --shard 1/4 --into shards",
  "segmf trace paths --cover transitions --suite suite.jsonl",
  "segmf trace paths --cover paths:2 --pages 1",
];

/** `segmf trace paths`: a test suite out of the specification's states. */
export function addPathsCommand(group: Command, io: Io, checker: Checker, done: (code: ExitCode) => void): void {
  const command = group
    .command("paths")
    .description("write traces that cover the specification in a scope, few and short ones, for any driver to run")
    .requiredOption(
      "--cover <what>",
      "states (at rest), transitions (every call with every answer in each), pairs (of such after each other), or paths:K (every sequence of K calls)",
      coverKind,
    )
    .option("--shard <i/n>", "only every n-th of the traces, from the i-th on", shard)
    .option(
      "--into <dir>",
      "with --shard: keep the part in this directory, so that segmf merge can tell if one is missing",
    )
    .option("--suite <file>", "write them into one file, a scenario a line, as segmf run reads it")
    .option("--pages <n>", "pages of every segment (default: 2)", whole("--pages", 1, MOST_PAGES_EXPLORED));
  addOutputOptions(
    addDriverOptions(addScopeOptions(command)),
    "each trace",
    "let --out and --suite overwrite files that are not segmf's own",
  )
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (options: SuiteOptions) => done(await paths(options, io, checker)));
}

function coverKind(text: string): CoverKind {
  if (text === "states" || text === "transitions" || text === "pairs") return text;
  const [, length] = /^paths:([1-9]\d?)$/.exec(text) ?? [];
  if (length !== undefined) return { paths: Number(length) };
  throw unexpected("--cover", "states, transitions, pairs or paths:K with K from 1 to 99", text);
}

async function paths(options: SuiteOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const { shard: part, into, force = false } = options;
  formatOf(options);
  if (into !== undefined && part === undefined) throw new Misuse("--into belongs to --shard; add --shard I/N");
  const subject = subjectNamed(options);
  checkSuiteFile(options);
  const kept = into === undefined || part === undefined ? null : suiteShardPath(into, part);
  if (into !== undefined && kept !== null) checkShardPath(into, kept, force);
  io.progress("exploring the specification");
  const space = await stateSpace(saidScope(options), { signal: io.signal });
  io.progress(null);
  if (space.stopped === "aborted") return interrupted(io);
  const made =
    space.stopped === null
      ? await suite(space, options.cover, {
          signal: io.signal,
          progress: (covered, of) => io.progress(`${covered} of ${of} covered`),
        })
      : null;
  io.progress(null);
  if (io.signal.aborted) return interrupted(io);
  if (made === null) {
    io.err(
      `segmf: more than can be covered (${MOST_SCENARIOS} traces at most), and nothing was written; give a smaller scope or --cover\n`,
    );
    return EXIT.incomplete;
  }
  const { maxGrefs } = space.scope;
  const { number, of } = part ?? { number: 1, of: 1 };
  const name = coverName(options.cover);
  const own = named(name, made).filter((_, at) => at % of === number - 1);
  const numbers = {
    name,
    traces: made.scenarios.length,
    length: made.length,
    least: made.least,
    targets: made.targets,
  };
  const code = await writeSuite({ traces: own, maxGrefs, subject, choice: options, output: options }, io, checker);
  if (code !== EXIT.holds) return code;
  if (kept !== null && part !== undefined) {
    keepPart(kept, { options, shard: part, subject, part: { cover: options.cover, numbers, traces: own, maxGrefs } });
  }
  io.out(summary(numbers, options, part === undefined ? null : { part, own: own.length, kept }));
  return EXIT.holds;
}

function coverName(cover: CoverKind): string {
  return typeof cover === "object" ? `paths${cover.paths}` : cover;
}

/** Each with the name that its file has, the same in any number of shards. */
function named(name: string, { scenarios }: Suite): readonly NamedTrace[] {
  const digits = String(scenarios.length).length;
  return scenarios.map((scenario, at) => ({ scenario, file: `${name}-${String(at + 1).padStart(digits, "0")}` }));
}

function interrupted(io: Io): ExitCode {
  io.err("segmf: interrupted; nothing was written\n");
  return EXIT.interrupted;
}
