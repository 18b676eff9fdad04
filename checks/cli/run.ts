import type { Command } from "commander";
import { formatRun } from "../../traces/run/format.js";
import type { RunResult } from "../../traces/run/run.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import { isViolated } from "../conformance/run.js";
import type { DriverChoice } from "../report/command.js";
import { renderRun } from "../report/run.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode } from "./exit.js";
import { traceNameOf } from "./filenames.js";
import { addOutputOptions, formatOf, type OutputOptions } from "./formats.js";
import { helpEnd } from "./help.js";
import { readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, whole } from "./options.js";
import { perform } from "./perform.js";
import type { Register } from "./register.js";
import { subjectNamed } from "./subjects.js";
import { filesFor, writeTrace } from "./tracefiles.js";

interface RunOptions extends DriverChoice, OutputOptions {
  readonly maxGrefs?: number;
  readonly json?: boolean;
}

const EXAMPLES = [
  "segmf run scenario.json",
  "segmf run findings --driver illumos --kernel release",
  "segmf run findings/*.json --out pictures --format svg",
  "segmf run - --driver ./seg_mf.c --json < scenario.json",
];

/** `segmf run FILE...`: scenarios on any driver. All files are read first; if one is wrong nothing runs. */
export const runCommand: Register = (program, io, checker, done) => {
  const command: Command = program
    .command("run")
    .description("perform traces (segmf-scenario/1, segmf-log/1 or ITF) on a driver and judge every step")
    .argument("<files...>", "trace files, or folders of such; - reads standard input");
  addDriverOptions(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--json", "one segmf-run/1 object a line");
  addOutputOptions(command, "each trace", "let --out overwrite files that are not segmf's own")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (files: readonly string[], options: RunOptions) => done(await run(files, options, io, checker)));
};

interface Performed {
  readonly named: NamedScenario;
  readonly run: RunResult;
}

async function run(files: readonly string[], options: RunOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const format = formatOf(options);
  const scenarios = await readScenarios(files, io);
  if (scenarios === null) return EXIT.interrupted;
  const subject = subjectNamed(options);
  const names = scenarios.map(({ file }) => traceNameOf(file));
  const targets = options.out === undefined ? [] : filesFor(options.out, names, format, options.force === true);
  const runs: Performed[] = [];
  for (const named of scenarios) {
    if (io.signal.aborted) break;
    io.progress(named.file);
    runs.push({ named, run: await perform(named, subject, options, checker, io.signal) });
  }
  io.progress(null);
  for (const { named, run: result } of runs) {
    io.out(
      options.json === true ? `${formatRun(result)}\n` : renderRun(named.file, named.scenario, result, io.colours),
    );
  }
  const { maxGrefs } = options;
  // A run that was cut short is not the trace that was asked for.
  for (const [i, { path, name }] of io.signal.aborted ? [] : targets.entries()) {
    const performed = runs[i];
    if (performed === undefined) continue;
    const { scenario } = performed.named;
    const limit = maxGrefs === undefined ? {} : { maxGrefs };
    await writeTrace(path, format, { name, scenario, ...limit, run: () => Promise.resolve(performed.run) });
  }
  return runs.some(({ run: result }) => isViolated(result)) ? EXIT.violated : EXIT.holds;
}
