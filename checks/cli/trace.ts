import type { Command } from "commander";
import type { TraceFormat } from "../../traces/formats.js";
import type { DriverChoice } from "../report/command.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode } from "./exit.js";
import { traceNameOf } from "./filenames.js";
import { writeWhole } from "./files.js";
import { FORMAT_NAMES, formatsHelp, traceFormat } from "./formats.js";
import { helpEnd } from "./help.js";
import { onlyTrace, readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, whole } from "./options.js";
import { addPathsCommand } from "./paths.js";
import { perform } from "./perform.js";
import type { Register } from "./register.js";
import { subjectNamed } from "./subjects.js";
import { fileAt, textIn } from "./tracefiles.js";

interface ConvertOptions extends DriverChoice {
  readonly to: TraceFormat;
  readonly maxGrefs?: number;
  readonly out?: string;
  readonly force?: boolean;
}

const EXAMPLES = [
  "segmf trace convert finding.json --to mermaid",
  "segmf trace convert finding.json --to svg --driver illumos --kernel release --out finding.svg",
  "segmf trace convert finding.itf.json --to scenario",
];

/** `segmf trace …`: what is done with traces as files. */
export const traceCommand: Register = (program, io, checker, done) => {
  const group = program
    .command("trace")
    .description("traces in the formats of other tools")
    .helpCommand(false)
    .addHelpText("after", helpEnd(EXAMPLES));
  const command: Command = group
    .command("convert")
    .description("write a trace in another format, with what comes of it on a driver")
    .argument("<file>", "a trace file of any format that is read (scenario, itf, jsonl); - reads standard input")
    .requiredOption("--to <format>", `one of ${FORMAT_NAMES}`, traceFormat("--to"));
  addDriverOptions(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--out <path>", "a file, or the folder that the file goes into (default: standard output)")
    .option("--force", "let --out overwrite a file that is not segmf's own")
    .addHelpText("after", `\nFormats:\n${formatsHelp()}\n${helpEnd(EXAMPLES)}`)
    .action(async (file: string, options: ConvertOptions) => done(await convert(file, options, io, checker)));
  addPathsCommand(group, io, checker, done);
};

/** What a run breaks is no failure here: the exit code says whether the trace was written. */
async function convert(file: string, options: ConvertOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const { to: format, maxGrefs } = options;
  const subject = subjectNamed(options);
  const read = await readScenarios([file], io);
  if (read === null) return EXIT.interrupted;
  const trace = onlyTrace(file, read);
  const target =
    options.out === undefined ? null : fileAt(options.out, traceNameOf(trace.file), format, options.force === true);
  const text = await textIn(format, {
    name: target?.name ?? traceNameOf(trace.file),
    scenario: trace.scenario,
    ...(maxGrefs === undefined ? {} : { maxGrefs }),
    run: () => perform(trace, subject, options, checker, io.signal),
  });
  io.progress(null);
  // A run that was cut short is not the trace that was asked for.
  if (io.signal.aborted) return EXIT.interrupted;
  if (target === null) io.out(text);
  else writeWhole(target.path, text);
  return EXIT.holds;
}
