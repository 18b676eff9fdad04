import type { Command } from "commander";
import { CallerError } from "../../impl/kernel/errors.js";
import { formatRun } from "../../traces/run/format.js";
import type { RunResult } from "../../traces/run/run.js";
import { isViolated } from "../conformance/run.js";
import type { Subject } from "../conformance/subject.js";
import type { DriverChoice } from "../report/command.js";
import { renderRun } from "../report/run.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { helpEnd } from "./help.js";
import { type NamedScenario, readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, whole } from "./options.js";
import type { Register } from "./register.js";
import { subjectNamed } from "./subjects.js";

interface RunOptions extends DriverChoice {
  readonly maxGrefs?: number;
  readonly json?: boolean;
}

const EXAMPLES = [
  "segmf run scenario.json",
  "segmf run findings/*.json --driver illumos --kernel release",
  "segmf run - --driver ./seg_mf.c --json < scenario.json",
];

/** `segmf run FILE...`: scenarios on any driver. All files are read first; if one is wrong nothing runs. */
export const runCommand: Register = (program, io, checker, done) => {
  const command: Command = program
    .command("run")
    .description("perform scenarios (segmf-scenario/1) on a driver and judge every step")
    .argument("<files...>", "scenario files; - reads standard input");
  addDriverOptions(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--json", "one segmf-run/1 object a line")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (files: readonly string[], options: RunOptions) => done(await run(files, options, io, checker)));
};

async function run(files: readonly string[], options: RunOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const scenarios = await readScenarios(files, io);
  if (scenarios === null) return EXIT.interrupted;
  const subject = subjectNamed(options);
  const runs: { readonly named: NamedScenario; readonly run: RunResult }[] = [];
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
  return runs.some(({ run: result }) => isViolated(result)) ? EXIT.violated : EXIT.holds;
}

/**
 * Performs one scenario. What becomes of a segment follows from the file: a driver that has it otherwise can't be given
 * the steps that come after, and that is said of the file as a mistake.
 */
async function perform(
  { file, scenario }: NamedScenario,
  subject: Subject,
  { kernel, maxGrefs }: RunOptions,
  checker: Checker,
  signal: AbortSignal,
): Promise<RunResult> {
  try {
    return await checker.runScenario(subject, kernel, scenario, maxGrefs, signal);
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
    throw new Misuse(
      `${file}: the driver ${subject.name} does not follow it: ${error.message}; expected that create and dup leave a segment live unless addmap is answered with an error, and that unmap of the whole and free end it`,
    );
  }
}
