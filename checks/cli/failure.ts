import { CommanderError } from "commander";
import { NativeError } from "../../impl/native/index.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { ScenarioError } from "../../traces/scenario/error.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { faultReport, writeFaultReport } from "./faultreport.js";
import type { Io } from "./io.js";

/** Whether what was thrown is the user's to mend. */
export function isMistake(error: unknown): boolean {
  return (
    error instanceof CommanderError ||
    error instanceof Misuse ||
    error instanceof ScenarioError ||
    error instanceof NativeError
  );
}

/**
 * Says what ended a command, and which exit code that is. A user's mistake is one line (a compiler's own messages are
 * left as they are); anything else is a fault of ours: there is a report of it to be attached, and its stack is printed
 * for `SEGMF_DEBUG=1` only.
 */
export function reportFailure(error: unknown, io: Io): ExitCode {
  io.progress(null);
  // Commander has said it already: help and version with code 0, the rest as an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.misuse;
  if (error instanceof Misuse || error instanceof ScenarioError) {
    io.err(`segmf: ${escapeUnprintable(error.message)}\n`);
    return EXIT.misuse;
  }
  if (error instanceof NativeError) {
    io.err(`segmf: ${error.message.trimEnd()}\n`);
    return EXIT.misuse;
  }
  const file = reportedIn(error, io);
  const request = file === null ? REQUEST : `please report it with ${escapeUnprintable(file)}`;
  io.err(
    `segmf: internal error, which is our fault and not yours: ${escapeUnprintable(summaryOf(error))}; ${request}\n`,
  );
  if (io.debug) io.err(`${detailOf(error)}\n`);
  return EXIT.fault;
}

const REQUEST = "please report it with the command you ran and what it prints with SEGMF_DEBUG=1";

/** Writes a report of a fault, if there is a place for it. Never throws: what is told is the fault. */
function reportedIn(error: unknown, { faultFolders = [] }: Io): string | null {
  try {
    return faultFolders.length === 0 ? null : writeFaultReport(faultFolders, faultReport(error, process.argv.slice(2)));
  } catch {
    return null;
  }
}

function summaryOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s+/g, " ").trim();
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${detailOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
