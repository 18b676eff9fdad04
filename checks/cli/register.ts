import type { Command } from "commander";
import type { Checker } from "./checker.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";

/** How a command is wired to the program: it registers itself and reports its exit code when it has run. */
export type Register = (program: Command, io: Io, checker: Checker, done: (code: ExitCode) => void) => void;
