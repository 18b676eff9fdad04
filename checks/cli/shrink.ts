import type { TraceFormat } from "../../traces/formats.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import { type Shrunk, shrinkTrace } from "../conformance/shrinktrace.js";
import type { Subject } from "../conformance/subject.js";
import { commandLine, type DriverChoice } from "../report/command.js";
import { renderShrink } from "../report/shrink.js";
import type { Checker } from "./checker.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { traceNameOf } from "./filenames.js";
import { writeWhole } from "./files.js";
import { FORMAT_NAMES, SCENARIO, traceFormat } from "./formats.js";
import { helpEnd } from "./help.js";
import { onlyTrace, readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, whole } from "./options.js";
import { perform } from "./perform.js";
import type { Register } from "./register.js";
import { subjectNamed } from "./subjects.js";
import { fileAt, textIn } from "./tracefiles.js";

interface ShrinkOptions extends DriverChoice {
  readonly maxGrefs?: number;
  readonly format?: TraceFormat;
  readonly out?: string;
  readonly force?: boolean;
}

const EXAMPLES = [
  "segmf shrink trace.json --driver ./seg_mf.c --out minimal.json",
  "segmf shrink trace.json --driver illumos --kernel release --format mermaid",
  "segmf shrink - --driver illumos < trace.itf.json > minimal.json",
];

/** `segmf shrink FILE`: a failing trace made minimal. */
export const shrinkCommand: Register = (program, io, checker, done) => {
  const command = program
    .command("shrink")
    .description("make a trace that breaks an invariant minimal: no step can be left out, no argument made simpler")
    .argument("<file>", "a trace file (segmf-scenario/1, segmf-log/1 or ITF); - reads standard input");
  addDriverOptions(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS (default: 16)", whole("--max-grefs", 1, 16))
    .option("--out <path>", "a file, or the folder that the file goes into (default: standard output)")
    .option("--format <format>", `one of ${FORMAT_NAMES} (default: scenario)`, traceFormat("--format"))
    .option("--force", "let --out overwrite a file that is not segmf's own")
    .addHelpText("after", `\n${ACCOUNT}\n${helpEnd(EXAMPLES)}`)
    .action(async (file: string, options: ShrinkOptions) => done(await shrink(file, options, io, checker)));
};

const ACCOUNT = `What was removed is told on standard output, or on standard error if the trace goes to standard output.
It exits with 0 once the trace is minimal, also if it was before, and with 2 if it breaks no invariant.`;

async function shrink(file: string, options: ShrinkOptions, io: Io, checker: Checker): Promise<ExitCode> {
  const { format = SCENARIO, out, force = false } = options;
  const read = await readScenarios([file], io);
  if (read === null) return EXIT.interrupted;
  const trace = onlyTrace(file, read);
  const subject = subjectNamed(options);
  const target = out === undefined ? null : fileAt(out, traceNameOf(trace.file), format, force);
  const shrunk = await shrinkUntilStopped(trace, subject, options, io);
  if (shrunk === null) return EXIT.interrupted;
  const { scenario } = shrunk;
  const text = await textIn(format, {
    name: target?.name ?? traceNameOf(trace.file),
    scenario,
    ...limitOf(options),
    run: () => perform({ file: trace.file, scenario }, subject, options, checker, io.signal),
  });
  io.progress(null);
  if (io.signal.aborted) return EXIT.interrupted;
  const { maxGrefs } = options;
  const words = ["run", target?.path ?? "", ...(maxGrefs === undefined ? [] : ["--max-grefs", String(maxGrefs)])];
  const account = {
    file: trace.file,
    driver: subject.name,
    kernel: options.kernel,
    original: trace.scenario,
    shrunk,
    again: target === null || !format.readable ? null : commandLine(words, options),
  };
  if (target === null) {
    io.err(renderShrink(account, false));
    io.out(text);
  } else {
    writeWhole(target.path, text);
    io.out(renderShrink(account, io.colours));
  }
  return EXIT.holds;
}

/** `null` if the user stopped it. Throws `Misuse` for a trace that breaks nothing. */
async function shrinkUntilStopped(
  { file, scenario }: NamedScenario,
  subject: Subject,
  options: ShrinkOptions,
  { signal, progress }: Io,
): Promise<Shrunk | null> {
  const { kernel } = options;
  progress(`shrinking ${file}`);
  try {
    const shrunk = await shrinkTrace(subject, scenario, { kernel, signal, ...limitOf(options) });
    if (shrunk !== null) return shrunk;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
  throw new Misuse(
    `nothing to shrink: ${file}: no step breaks an invariant with the driver ${subject.name} on the ${kernel} kernel; name the driver and the kernel that it fails on`,
  );
}

function limitOf({ maxGrefs }: ShrinkOptions): { readonly maxGrefs?: number } {
  return maxGrefs === undefined ? {} : { maxGrefs };
}
