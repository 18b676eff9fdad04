import { appendFileSync } from "node:fs";
import type { Command } from "commander";
import { escapeUnprintable } from "../../traces/json/value.js";
import { REPORTERS, type Reporter } from "../report/reporters/index.js";
import { Misuse } from "./exit.js";
import { checkWritable, reasonOf, writeWhole } from "./files.js";
import type { Io } from "./io.js";
import { choice } from "./options.js";

/** A report that was asked for: how, and where it goes. */
export interface Asked {
  readonly reporter: Reporter;
  /** `null`: standard output. */
  readonly file: string | null;
}

const [PRETTY] = REPORTERS;
const NAMES = REPORTERS.map(({ name }) => name);

/** Declares `--reporter`, which may be given several times. */
export function addReporterOption(command: Command): Command {
  return command.option(
    "--reporter <name[=file]>",
    `report so: ${NAMES.join(", ")}; may be given several times (default: pretty)`,
    asked,
  );
}

function asked(text: string, before: readonly Asked[] = []): readonly Asked[] {
  const [name = "", ...rest] = text.split("=");
  const file = rest.length === 0 ? null : rest.join("=");
  if (file === "") throw new Misuse(`--reporter ${text}: expected the name of a file after "=", got nothing`);
  const known = choice("--reporter", "reporter", NAMES)(name);
  return [...before, { reporter: REPORTERS.find((each) => each.name === known) ?? PRETTY, file }];
}

/** The reports that options ask for: `--json` is `--reporter json`, and nothing said is `pretty`. */
export function reportersOf(options: {
  readonly reporter?: readonly Asked[];
  readonly json?: boolean;
}): readonly Asked[] {
  const { reporter = [], json = false } = options;
  const all = json ? [...reporter, ...REPORTERS.filter(({ name }) => name === "json").map(onStandardOutput)] : reporter;
  return all.length === 0 ? [onStandardOutput(PRETTY)] : all;
}

function onStandardOutput(reporter: Reporter): Asked {
  return { reporter, file: null };
}

interface WrittenAs {
  readonly force?: boolean;
  /** How many random runs they are of; undefined for a check. */
  readonly random?: number;
}

/** Throws `Misuse` if the reports can't all be given: before the work, which may take long. */
export function checkReporters(all: readonly Asked[], { force = false, random }: WrittenAs): void {
  const printed = all.filter(({ file }) => file === null).map(({ reporter }) => reporter);
  const document = printed.find(({ isLog }) => !isLog);
  if (document !== undefined && printed.length > 1) {
    const names = printed.map(({ name }) => name).join(" and ");
    throw new Misuse(
      `--reporter: ${names} can't share standard output; give one of them a file: --reporter ${document.name}=FILE`,
    );
  }
  const files = new Set<string>();
  for (const { reporter, file } of all) {
    if (file === null) continue;
    if (files.has(file)) throw new Misuse(`--reporter: two of them name ${file}; each needs a file of its own`);
    files.add(file);
    const { format, randomFormat = format } = reporter;
    checkWritable(file, random === undefined ? format : randomFormat, force);
  }
}

/** What a reporter has to say, with or without colours. */
export type Write = (reporter: Reporter, colours: boolean) => string;

/** Gives the reports. Returns what could not be written, and why. */
export function giveReports(
  all: readonly Asked[],
  write: Write,
  io: Io,
  summary: string | undefined,
): readonly string[] {
  const problems: string[] = [];
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      problems.push(error.message);
    }
  };
  for (const { reporter, file } of all) {
    if (file === null) io.out(write(reporter, io.colours));
    else {
      const text = write(reporter, false);
      attempt(() => writeWhole(file, `${reporter.heading ?? ""}${text}`));
    }
    if (reporter.name === "github" && summary !== undefined) attempt(() => addSummary(summary, write));
  }
  return problems;
}

/** A workflow's summary is a file to which every step adds what it has to say, in Markdown. */
function addSummary(path: string, write: Write): void {
  const markdown = REPORTERS.find(({ name }) => name === "markdown");
  try {
    appendFileSync(path, markdown === undefined ? "" : write(markdown, false));
  } catch (error) {
    throw new Misuse(`GITHUB_STEP_SUMMARY ${escapeUnprintable(path)}: can't be written (${reasonOf(error)})`);
  }
}
