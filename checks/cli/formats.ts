import type { Command } from "commander";
import { TRACE_FORMATS, type TraceFormat } from "../../traces/formats.js";
import { Misuse } from "./exit.js";
import { choice } from "./options.js";

/** The format that traces are written in unless something else is said: the first. */
export const [SCENARIO] = TRACE_FORMATS;

const NAMES = TRACE_FORMATS.map(({ name }) => name);

/** For the help of an option that takes one. */
export const FORMAT_NAMES = NAMES.join(", ");

/** A format by its name. */
export function traceFormat(flag: string): (text: string) => TraceFormat {
  const known = choice(flag, "format", NAMES);
  return (text) => {
    const name = known(text);
    const format = TRACE_FORMATS.find((each) => each.name === name);
    if (format === undefined) throw new Error(`no format ${name}`);
    return format;
  };
}

/** A line for each format, for help. */
export function formatsHelp(): string {
  const width = Math.max(...NAMES.map((name) => name.length));
  return TRACE_FORMATS.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n");
}

/** Options that say whether traces are written, and how. */
export interface OutputOptions {
  readonly out?: string;
  readonly format?: TraceFormat;
  readonly force?: boolean;
}

/** Declares `--out`, `--format` and `--force`; `what` is written goes into the help. */
export function addOutputOptions(command: Command, what: string, force: string): Command {
  return command
    .option("--out <dir>", `write ${what} as a scenario file`)
    .option("--format <format>", `with --out: another format, one of ${FORMAT_NAMES}`, traceFormat("--format"))
    .option("--force", force);
}

/** The format that traces are written in, a scenario unless the options say otherwise. Throws `Misuse` for one without `--out`. */
export function formatOf({ out, format }: OutputOptions): TraceFormat {
  if (format !== undefined && out === undefined) throw new Misuse("--format belongs to --out; add --out DIR");
  return format ?? SCENARIO;
}
