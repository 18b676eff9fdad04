import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Scope } from "../../model/scope.js";
import { GRAPH_FORMATS, type GraphFormat } from "../../traces/graph/formats.js";
import type { Graph } from "../../traces/graph/graph.js";
import { deterministic } from "../conformance/graph/deterministic.js";
import { filtered } from "../conformance/graph/filter.js";
import { graphOfCalls, graphOfProtocol, graphOfStates } from "../conformance/graph/graphs.js";
import { graphOfStatechart } from "../conformance/graph/statechart.js";
import { MOST_TRANSITIONS, stateSpace } from "../conformance/graph/statespace.js";
import { scopeReport } from "../conformance/scopereport.js";
import { scopeText } from "../report/scope.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { checkWritable, makeDirectory, writeWhole } from "./files.js";
import { helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { choice, whole } from "./options.js";
import type { Register } from "./register.js";
import { addScopeOptions, MOST_PAGES_EXPLORED, type ScopeOptions, saidScope } from "./scopeoptions.js";

const ABSTRACTIONS = ["calls", "protocol"] as const;
type Abstraction = (typeof ABSTRACTIONS)[number];

interface GraphOptions extends ScopeOptions {
  readonly to: GraphFormat;
  readonly statechart?: boolean;
  readonly abstract?: Abstraction;
  readonly from?: number;
  readonly depth?: number;
  readonly cap?: number;
  readonly out?: string;
  readonly force?: boolean;
}

const EXAMPLES = [
  "segmf graph --to aut --pages 1 --out segmf.aut",
  "segmf graph --to dot --pages 1 --abstract calls",
  "segmf graph --to mermaid --abstract protocol",
  "segmf graph --to mermaid --statechart --pages 1",
  "segmf graph --to rv --pages 1",
];

const NAMES = GRAPH_FORMATS.map(({ name }) => name);

/** More transitions than these can't be read in a picture. */
const MOST_DRAWN = 400;

/** `segmf graph`: the specification as a graph, for other tools and for the eye. */
export const graphCommand: Register = (program, io, _checker, done) => {
  const command: Command = program
    .command("graph")
    .description("write the specification's state graph, or its statechart, in the format of another tool")
    .requiredOption("--to <format>", `one of ${NAMES.join(", ")}`, graphFormat)
    .option("--pages <n>", "pages of every segment (default: 2)", whole("--pages", 1, MOST_PAGES_EXPLORED));
  addScopeOptions(command)
    .option("--statechart", "the statechart as it is written, instead of its states")
    .option(
      "--abstract <what>",
      "calls: only states at rest, and what whole calls do to them; protocol: calls without arguments, as rv has them",
      choice("--abstract", "abstraction", ABSTRACTIONS),
    )
    .option("--from <n>", "begin at the state of this number", whole("--from", 0, MOST_TRANSITIONS))
    .option("--depth <n>", "go on only from states within fewer steps than this", whole("--depth", 1, MOST_TRANSITIONS))
    .option(
      "--cap <n>",
      `draw up to so many transitions, instead of refusing what can't be read (default: ${MOST_DRAWN})`,
      whole("--cap", 1, MOST_TRANSITIONS),
    )
    .option("--out <path>", "a file, or the folder that the file goes into (default: standard output)")
    .option(
      "--force",
      "let --out overwrite a file that is not segmf's own (of any .aut file, which can't say whose it is)",
    )
    .addHelpText("after", `\nFormats:\n${formatsHelp()}\n${helpEnd(EXAMPLES)}`)
    .action(async (options: GraphOptions) => done(await writeGraph(options, io)));
};

function graphFormat(text: string): GraphFormat {
  const name = choice("--to", "format", NAMES)(text);
  const format = GRAPH_FORMATS.find((each) => each.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format;
}

function formatsHelp(): string {
  const width = Math.max(...NAMES.map((name) => name.length));
  return GRAPH_FORMATS.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n");
}

async function writeGraph(options: GraphOptions, io: Io): Promise<ExitCode> {
  checkTogether(options);
  const path = options.out === undefined ? null : pathOf(options.out, options);
  const made = await graphFor(options, io);
  io.progress(null);
  if (typeof made === "number") return made;
  checkReadable(made, options);
  const text = options.to.write(made);
  if (path === null) io.out(text);
  else writeWhole(path, text);
  return EXIT.holds;
}

/** Parts of the graph of states: the statechart and the protocol are shown whole. */
const FILTERS = ["from", "depth", "abstract"] as const;

function isProtocol({ to, abstract }: GraphOptions): boolean {
  return to.deterministic || abstract === "protocol";
}

function checkTogether(options: GraphOptions): void {
  const { to, statechart = false, cap } = options;
  if (statechart && !to.nests) {
    const expected = GRAPH_FORMATS.filter(({ nests }) => nests).map(({ name }) => name);
    throw new Misuse(`--statechart: ${to.name} has no states within states; expected --to ${expected.join(", ")}`);
  }
  if (cap !== undefined && !to.drawn) throw new Misuse(`--cap is about pictures, and ${to.name} is none; leave it out`);
  if (!statechart && !isProtocol(options)) return;
  const filter = FILTERS.find((name) => options[name] !== undefined && (statechart || options[name] !== "protocol"));
  if (filter === undefined) return;
  const what = statechart ? "the statechart" : "the protocol";
  throw new Misuse(`--${filter} is about the graph of states, and ${what} is written whole; leave it out`);
}

/** The file that `--out` names, or one in the folder that it names. */
function pathOf(out: string, options: GraphOptions): string {
  const { to, statechart = false, force = false } = options;
  const isFolder = out.endsWith("/") || (existsSync(out) && statSync(out).isDirectory());
  if (isFolder) makeDirectory(out, "--out");
  const stem = statechart ? "segmf-statechart" : isProtocol(options) ? "segmf-protocol" : "segmf-states";
  const path = isFolder ? join(out, `${stem}${to.extension}`) : out;
  checkWritable(path, to.format, force);
  return path;
}

/** The graph that the options ask for, or why there is none. */
async function graphFor(options: GraphOptions, io: Io): Promise<Graph | ExitCode> {
  const { statechart = false, from, depth, abstract } = options;
  const scope = saidScope(options);
  if (statechart) return graphOfStatechart(scope, titleOf("statechart", scope, options));
  io.progress("exploring the specification");
  const isPlain = abstract === undefined && !isProtocol(options);
  const space = await stateSpace(scope, {
    signal: io.signal,
    // Numbers of states are those of the whole, and so are the calls between states at rest.
    ...(isPlain && from === undefined && depth !== undefined ? { depth } : {}),
  });
  io.progress(null);
  if (space.stopped === "aborted") return EXIT.interrupted;
  if (space.stopped === "transitions") {
    io.err(
      `segmf: stopped at ${MOST_TRANSITIONS} transitions, and nothing was written; give a smaller scope, or --depth\n`,
    );
    return EXIT.incomplete;
  }
  if (isProtocol(options)) return deterministic(graphOfProtocol(space, titleOf("protocol", scope, options)));
  const title = titleOf(isPlain ? "states" : "calls", scope, options);
  const whole = isPlain ? graphOfStates(space, title) : graphOfCalls(space, title);
  const graph = filtered(whole, {
    ...(from === undefined ? {} : { from: `s${from}` }),
    ...(depth === undefined ? {} : { depth }),
  });
  if (graph !== null) return graph;
  throw new Misuse(
    `--from: there is no state ${from}${isPlain ? "" : " at rest"} among ${space.states.length}; expected the number of one in the graph without --from`,
  );
}

function titleOf(what: string, scope: Scope, { from, depth }: GraphOptions): string {
  const begun = from === undefined ? "" : `, from state ${from}`;
  return `segmf, ${what}: ${scopeText(scopeReport(scope)).replace("\n", ", ")}${begun}${depth === undefined ? "" : `, to depth ${depth}`}`;
}

/** Nothing is drawn that can't be read. */
function checkReadable({ kind, edges }: Graph, { to, cap = MOST_DRAWN }: GraphOptions): void {
  if (!to.drawn || edges.length <= cap) return;
  const filters =
    kind === "states"
      ? "--abstract calls, --depth or --from"
      : kind === "calls"
        ? "--abstract protocol, --depth or --from"
        : "a smaller scope";
  throw new Misuse(
    `${to.name}: ${edges.length} transitions are more than can be read in a picture (${cap}); show fewer with ${filters}, or draw them all with --cap ${edges.length}`,
  );
}
