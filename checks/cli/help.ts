import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { EXIT, Misuse } from "./exit.js";
import type { Register } from "./register.js";
import { suggestion } from "./suggest.js";

/** The root of the package; this module is `dist/checks/cli/help.js` in it. */
const README = fileURLToPath(new URL("../../../README.md", import.meta.url));

const EXIT_CODES = `Exit codes:
  0    everything holds, and everything was explored
  1    at least one violation, or two drivers differ
  2    the command line or a file is wrong: one line on standard error
  3    incomplete: a limit stopped it, and so far nothing was wrong
  70   an internal error: please report it
  130  interrupted (Ctrl-C), 143 terminated, after reporting what was done so far`;

/** What ends every help: examples, the exit codes, where more is said. */
export function helpEnd(examples: readonly string[]): string {
  return `
Examples:
${examples.map((example) => `  ${example}`).join("\n")}

${EXIT_CODES}

Documentation: ${README}`;
}

/** `segmf help [COMMAND]`: the same as `--help`. */
export const helpCommand: Register = (program, _io, _checker, done) => {
  program
    .command("help")
    .description("print this help, or that of a command")
    .argument("[command...]")
    .action((names: readonly string[]) => {
      names.reduce(commandNamed, program).outputHelp();
      done(EXIT.holds);
    });
};

function commandNamed(program: Command, name: string): Command {
  const command = program.commands.find((known) => known.name() === name);
  if (command !== undefined) return command;
  const names = program.commands.map((known) => known.name());
  throw new Misuse(`help: unknown command "${name}"${suggestion(name, names)}; expected one of ${names.join(", ")}`);
}
