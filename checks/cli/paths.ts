import type { Command } from "commander";
import { formatScenarioLines } from "../../traces/scenario/lines.js";
import { SCENARIO_FORMAT } from "../../traces/scenario/scenario.js";
import { stateSpace } from "../conformance/graph/statespace.js";
import { type CoverKind, MOST_SCENARIOS, type Suite, suite } from "../conformance/graph/suite.js";
import type { Shard } from "../conformance/shards.js";
import type { DriverChoice } from "../report/command.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode } from "./exit.js";
import { checkWritable, writeWhole } from "./files.js";
import { addOutputOptions, formatOf, type OutputOptions } from "./formats.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { addDriverOptions, shard, unexpected, whole } from "./options.js";
import { perform } from "./perform.js";
import { addScopeOptions, MOST_PAGES_EXPLORED, type ScopeOptions, saidScope } from "./scopeoptions.js";
import { subjectNamed } from "./subjects.js";
import { filesFor, writeTrace } from "./tracefiles.js";

interface PathsOptions extends DriverChoice, ScopeOptions, OutputOptions {
  readonly cover: CoverKind;
  readonly shard?: Shard;
  /** Also all of them in one file. */
  readonly suite?: string;
}

const EXAMPLES = [
  "segmf trace paths --cover transitions --pages 1 --out suite",
  "segmf trace paths --cover pairs --pages 1 --domids 1 --faults none --shard 1/4 --out suite",
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
    .option("--suite <file>", "write them into one file, a scenario a line, as segmf run reads it")
    .option("--pages <n>", "pages of every segment (default: 2)", whole("--pages", 1, MOST_PAGES_EXPLORED));
  addOutputOptions(
    addDriverOptions(addScopeOptions(command)),
    "each trace",
    "let --out and --suite overwrite files that are not segmf's own",
  )
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (options: PathsOptions) => done(await paths(options, io, checker)));
}

function coverKind(text: string): CoverKind {
  if (text === "states" || text === "transitions" || text === "pairs") return text;
  const [, length] = /^paths:([1-9]\d?)$/.exec(text) ?? [];
  if (length !== undefined) return { paths: Number(length) };
  throw unexpected("--cover", "states, transitions, pairs or paths:K with K from 1 to 99", text);
}

async function paths(options: PathsOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const format = formatOf(options);
  const subject = subjectNamed(options);
  if (options.suite !== undefined) checkWritable(options.suite, SCENARIO_FORMAT, options.force === true);
  io.progress("exploring the specification");
  const space = await stateSpace(saidScope(options), { signal: io.signal });
  io.progress(null);
  if (space.stopped === "aborted") return interrupted(io, 0, 0);
  const made =
    space.stopped === null
      ? await suite(space, options.cover, {
          signal: io.signal,
          progress: (covered, of) => io.progress(`${covered} of ${of} covered`),
        })
      : null;
  io.progress(null);
  if (io.signal.aborted) return interrupted(io, 0, 0);
  if (made === null) {
    io.err(
      `segmf: more than can be covered (${MOST_SCENARIOS} traces at most), and nothing was written; give a smaller scope or --cover\n`,
    );
    return EXIT.incomplete;
  }
  const { number, of } = options.shard ?? { number: 1, of: 1 };
  const name = typeof options.cover === "object" ? `paths${options.cover.paths}` : options.cover;
  const digits = String(made.scenarios.length).length;
  const own = made.scenarios.flatMap((scenario, at) =>
    at % of === number - 1 ? [{ scenario, file: `${name}-${String(at + 1).padStart(digits, "0")}` }] : [],
  );
  if (options.out !== undefined) {
    const { maxGrefs } = space.scope;
    const targets = filesFor(
      options.out,
      own.map(({ file }) => file),
      format,
      options.force === true,
    );
    for (const [at, { path, name: called }] of targets.entries()) {
      const trace = own[at];
      if (io.signal.aborted) return interrupted(io, at, targets.length);
      if (trace === undefined) throw new Error("a file without a trace");
      const run = () => perform(trace, subject, { ...options, maxGrefs }, checker, io.signal);
      await writeTrace(path, format, { name: called, scenario: trace.scenario, maxGrefs, run });
    }
  }
  if (options.suite !== undefined) writeWhole(options.suite, formatScenarioLines(own.map(({ scenario }) => scenario)));
  io.out(summary(made, name, options, own.length));
  return EXIT.holds;
}

/** A suite that was not written to its end must not be taken for one. */
function interrupted(io: Io, written: number, of: number): ExitCode {
  io.err(`segmf: interrupted; ${written === 0 ? "nothing was written" : `${written} of ${of} traces were written`}\n`);
  return EXIT.interrupted;
}

function summary(
  { scenarios, length, least, targets }: Suite,
  name: string,
  { shard: part, out, suite: file }: PathsOptions,
  own: number,
): string {
  return [
    `${name}: ${targets} to cover; ${scenarios.length} traces with ${length} calls`,
    `no suite has fewer than ${least.walks} traces, or fewer than ${least.length} calls`,
    ...(part === undefined ? [] : [`shard ${part.number}/${part.of}: ${own} traces`]),
    ...written(out, file),
    "",
  ].join("\n");
}

function written(...places: readonly (string | undefined)[]): readonly string[] {
  const given = places.filter((place) => place !== undefined);
  return given.length === 0
    ? ["nothing was written; --out DIR writes them, --suite FILE into one file"]
    : given.map((place) => `written to ${place}`);
}
