import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { NativeError } from "../../impl/native/index.js";
import { ScenarioError } from "../../traces/scenario/error.js";
import { checkCommand } from "./check.js";
import { errataCommand } from "./errata.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import type { Io } from "./io.js";
import { runCommand } from "./run.js";

/** How a command is wired to the program: it registers itself and reports its exit code when it has run. */
export type Register = (program: Command, io: Io, done: (code: ExitCode) => void) => void;

const COMMANDS: readonly Register[] = [checkCommand, runCommand, errataCommand];

/** Parses the arguments, runs the command, and turns whatever happens into one line and an exit code. Never throws. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.holds;
  const program = newProgram(io);
  for (const register of COMMANDS) {
    register(program, io, (exit) => {
      code = exit;
    });
  }
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    io.progress(null);
    return explain(error, io);
  }
}

function newProgram(io: Io): Command {
  return new Command("segmf")
    .description(
      "An executable specification of the illumos machine-frame segment driver: explores it to exhaustion, and checks drivers against it.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: (text, write) => write(oneLine(text)) })
    .addHelpText("after", EXIT_CODES);
}

const EXIT_CODES = `
Exit codes: 0 holds, 1 violated, 2 misuse, 3 incomplete, 70 internal error, 130 interrupted, 143 terminated.`;

/** Commander's message and its suggestion on one line, in the form of our own. */
function oneLine(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/, ' (did you mean "$1"?)');
  return `segmf: ${line.replaceAll("\n", " ")}; see segmf --help\n`;
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.misuse;
  if (error instanceof Misuse || error instanceof ScenarioError || error instanceof NativeError) {
    io.err(`segmf: ${error.message}\n`);
    return EXIT.misuse;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`segmf: internal error, please report it with the command you ran: ${detail}\n`);
  return EXIT.fault;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === "object" && parsed !== null && "version" in parsed) return String(parsed.version);
  throw new Error("package.json has no version");
}
