import type { Driver, KernelKind } from "../../impl/driver.js";
import { CallerError } from "../../impl/kernel/errors.js";
import { type LogEvent, type LogHeader, PLAIN_HEADER } from "../../traces/log/log.js";
import { eventLoopTurn } from "../conformance/eventloop.js";
import { logLines } from "../conformance/record/log.js";
import { randomEvents } from "../conformance/record/random.js";
import { scenarioEvents } from "../conformance/record/scenario.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import type { Subject } from "../conformance/subject.js";
import type { DriverChoice } from "../report/command.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { type Aside, writeAside } from "./files.js";
import { helpEnd } from "./help.js";
import { onlyTrace, readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, choice, whole } from "./options.js";
import type { Register } from "./register.js";
import { subjectNamed } from "./subjects.js";

interface RecordOptions extends DriverChoice {
  readonly random?: boolean;
  readonly seed: number;
  readonly calls: number;
  readonly pages: number;
  readonly threads: number;
  readonly segments: number;
  readonly maxGrefs: number;
  readonly without?: "answers" | "some-answers";
  readonly from: number;
  readonly out?: string;
  readonly force?: boolean;
}

const EXAMPLES = [
  "segmf record scenario.json > run.jsonl",
  "segmf record --random --seed 7 --calls 1000 --threads 3 --driver ./seg_mf.c --out run.jsonl",
  "segmf record --random --without answers --from 100 | segmf validate -",
];

/** Characters gathered before they are written. */
const PIECE = 2 ** 16;

/** `segmf record`: makes a log of a driver, as tracing would of a machine. */
export const recordCommand: Register = (program, io, _checker, done) => {
  const command = program
    .command("record")
    .description(
      "perform a scenario, or random calls, and write what could be seen from outside as a log (segmf-log/1)",
    )
    .argument("[file]", "a scenario file; - reads standard input")
    .option("--random", "random calls instead of a scenario")
    .option("--seed <n>", "of the random calls", whole("--seed", 0, 0x7fff_ffff), 1)
    .option("--calls <n>", "how many random calls", whole("--calls", 1, 100_000_000), 100)
    .option("--pages <n>", "pages of the segments of random calls", whole("--pages", 1, 512), 4)
    .option("--threads <n>", "threads that make random calls at the same time", whole("--threads", 1, 64), 1)
    .option("--segments <n>", "the most segments that random calls keep at a time", whole("--segments", 1, 64), 3);
  addDriverOptions(command)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS", whole("--max-grefs", 1, 16), FIELD_MAX_GREFS)
    .option(
      "--without <what>",
      "leave out the kernel's answers, or those of every other return (some-answers)",
      choice("--without", "part of a log", ["answers", "some-answers"]),
    )
    .option(
      "--from <n>",
      "leave out the first n events, as if tracing had begun later",
      whole("--from", 0, 200_000_000),
      0,
    )
    .option("--out <file>", "write there instead of to standard output, whole or not at all")
    .option("--force", "let --out overwrite a file that is not segmf's own")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (file: string | undefined, options: RecordOptions) => {
      const given = OF_RANDOM.find((name) => command.getOptionValueSource(name) === "cli");
      if (file !== undefined && options.random !== true && given !== undefined) {
        throw new Misuse(`--${given} belongs to --random; leave it out, or give --random instead of the file`);
      }
      done(await record(file, options, io));
    });
};

/** What a scenario has no use for, since it says so itself. */
const OF_RANDOM = ["seed", "calls", "pages", "threads", "segments"] as const;

async function record(file: string | undefined, options: RecordOptions, io: Io): Promise<ExitCode> {
  if ((file === undefined) === (options.random !== true)) {
    throw new Misuse("record: expected a scenario file or --random, and not both; see segmf record --help");
  }
  const subject = subjectNamed(options);
  const recorded = await begin(file, options, subject, io);
  if (recorded === null) return EXIT.interrupted;
  const { events, pages } = recorded;
  const { maxGrefs, kernel, without, from } = options;
  const header = { ...PLAIN_HEADER, pages, maxGrefs, recorded: { driver: subject.name, kernel } };
  const lines = logLines(header, events, { answers: answersLeft(without), from });
  const aside = options.out === undefined ? null : writeAside(options.out, "segmf-log/1", options.force === true);
  try {
    if (!(await writeAll(lines, aside, io))) return EXIT.interrupted;
    aside?.commit();
  } catch (error) {
    if (!(error instanceof CallerError)) throw error;
    throw new Misuse(
      `the driver ${subject.name} can't be recorded: ${error.message}; expected one that keeps to its segments`,
    );
  } finally {
    aside?.abandon();
    io.progress(null);
  }
  return EXIT.holds;
}

/** Whether all was written before the user had had enough. */
async function writeAll(lines: Iterable<string>, aside: Aside | null, io: Io): Promise<boolean> {
  const write = (text: string): void => (aside === null ? io.out(text) : aside.write(text));
  let piece = "";
  let written = 0;
  for (const line of lines) {
    piece += line;
    written++;
    if (piece.length < PIECE) continue;
    write(piece);
    piece = "";
    io.progress(`${written} lines`);
    await eventLoopTurn();
    if (io.signal.aborted) return false;
  }
  write(piece);
  return true;
}

async function begin(
  file: string | undefined,
  { kernel, maxGrefs, pages, seed, calls, threads, segments }: RecordOptions,
  subject: Subject,
  io: Io,
): Promise<{ readonly events: Iterable<LogEvent>; readonly pages: number } | null> {
  const open = (ofPages: number): Promise<Driver> =>
    subject.open({ kernel: kernel satisfies KernelKind, pages: ofPages, maxGrefs });
  if (file === undefined) {
    return { pages, events: randomEvents(await open(pages), { seed, calls, threads, segments }) };
  }
  const read = await readScenarios([file], io);
  if (read === null) return null;
  const { scenario } = onlyTrace(file, read);
  return { pages: scenario.pages, events: scenarioEvents(await open(scenario.pages), scenario) };
}

function answersLeft(without: RecordOptions["without"]): LogHeader["answers"] {
  return without === undefined ? "all" : without === "answers" ? "none" : "some";
}
