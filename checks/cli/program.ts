import { Command } from "commander";
import { escapeUnprintable } from "../../traces/json/value.js";
import { cacheCommand } from "./cache.js";
import { checkCommand } from "./check.js";
import { CHECKER, type Checker } from "./checker.js";
import { compileCommand } from "./compile.js";
import { diffCommand } from "./diff.js";
import { docCommand } from "./doc.js";
import { doctorCommand } from "./doctor.js";
import { errataCommand } from "./errata.js";
import { EXIT, type ExitCode } from "./exit.js";
import { exploreCommand } from "./explore.js";
import { reportFailure } from "./failure.js";
import { graphCommand } from "./graph.js";
import { helpCommand, helpEnd } from "./help.js";
import type { Io } from "./io.js";
import { mergeCommand } from "./merge.js";
import { recordCommand } from "./record.js";
import type { Register } from "./register.js";
import { runCommand } from "./run.js";
import { shrinkCommand } from "./shrink.js";
import { traceCommand } from "./trace.js";
import { validateCommand } from "./validate.js";
import { packageVersion } from "./version.js";

const COMMANDS: readonly Register[] = [
  checkCommand,
  mergeCommand,
  runCommand,
  diffCommand,
  shrinkCommand,
  recordCommand,
  validateCommand,
  traceCommand,
  graphCommand,
  exploreCommand,
  compileCommand,
  errataCommand,
  docCommand,
  doctorCommand,
  cacheCommand,
  helpCommand,
];

const EXAMPLES = [
  "segmf check",
  "segmf check --driver ./seg_mf.c --out findings",
  "segmf run findings/*.json --driver ./seg_mf.c",
];

/** Parses the arguments, runs the command, and turns whatever happens into one line and an exit code. Never throws. */
export async function runProgram(args: readonly string[], io: Io, checker: Checker = CHECKER): Promise<ExitCode> {
  let code: ExitCode = EXIT.holds;
  try {
    const program = newProgram(io);
    for (const register of COMMANDS) {
      register(program, io, checker, (exit) => {
        code = exit;
      });
    }
    for (const command of program.commands) settle(command, program, io);
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return reportFailure(error, io);
  }
}

function newProgram(io: Io): Command {
  const program = new Command("segmf")
    .description(
      "An executable specification of the illumos machine-frame segment driver: explores it to exhaustion, and checks drivers against it.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .addHelpText("after", helpEnd(EXAMPLES));
  return saySettings(program, io);
}

/** A command and those within it, as the program is set. */
function settle(command: Command, parent: Command, io: Io): void {
  saySettings(command.copyInheritedSettings(parent), io);
  for (const inner of command.commands) settle(inner, command, io);
}

/** What commander says goes the way of all our output; its errors are one line that names the command's own help. */
export function saySettings(command: Command, io: Io): Command {
  const path = pathOf(command);
  return command.configureOutput({
    writeOut: io.out,
    writeErr: io.err,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    outputError: (text, write) => write(oneLine(text, path)),
  });
}

/** As it is called: `segmf trace convert`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Commander's message and its suggestion on one line, in the form of our own. */
function oneLine(text: string, path: string): string {
  const line = text
    .trim()
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/, " (did you mean $1?)")
    .replace(/\.$/, "");
  return `segmf: ${escapeUnprintable(line)}; see ${path} --help\n`;
}
