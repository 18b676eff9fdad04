import { CommanderError } from "commander";
import { NativeError } from "../../impl/native/index.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { ScenarioError } from "../../traces/scenario/error.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import type { Io } from "./io.js";

/**
 * Says what ended a command, and which exit code that is. A user's mistake is one line (a compiler's own messages are
 * left as they are); anything else is a fault of ours, and its stack is for `SEGMF_DEBUG=1` only.
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
  io.err(
    `segmf: internal error, which is our fault and not yours: ${escapeUnprintable(summaryOf(error))}; ${REQUEST}\n`,
  );
  if (io.debug) io.err(`${detailOf(error)}\n`);
  return EXIT.fault;
}

const REQUEST = "please report it with the command you ran and what it prints with SEGMF_DEBUG=1";

function summaryOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s+/g, " ").trim();
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${detailOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
