import { spawn } from "node:child_process";
import type { Command } from "commander";
import { NativeError, openModule } from "../../impl/native/index.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import { serve } from "../explorer/server.js";
import { hashOf, MOST_STEPS } from "../explorer/session/link.js";
import { type Chosen, MOST, type Setup, START, setupFor } from "../explorer/session/setup.js";
import { EMPTY_TREE, lineOf } from "../explorer/session/tree.js";
import type { DriverChoice } from "../report/command.js";
import { compilerFor } from "./compiler.js";
import { EXIT, type ExitCode, Misuse } from "./exit.js";
import { traceNameOf } from "./filenames.js";
import { reasonOf } from "./files.js";
import { helpEnd } from "./help.js";
import { onlyTrace, readScenarios } from "./input.js";
import type { Io } from "./io.js";
import { addDriverOptions, whole } from "./options.js";
import type { Register } from "./register.js";
import { isCFile, subjectNamed } from "./subjects.js";

interface ExploreOptions extends DriverChoice {
  readonly maxGrefs: number;
  readonly pages: number;
  readonly forks: number;
  readonly port: number;
  readonly open: boolean;
}

const EXAMPLES = [
  "segmf explore",
  "segmf explore finding.json --driver illumos --kernel release",
  "segmf explore --driver ./seg_mf.c --port 8000 --no-open",
];

/** `segmf explore`: serves the page in which one walks through the state space, until it is interrupted. */
export const exploreCommand: Register = (program, io, _checker, done) => {
  const command: Command = program
    .command("explore")
    .description("walk through the state space in a browser: serves the explorer's page on this machine until Ctrl-C")
    .argument("[file]", "a trace to step through (segmf-scenario/1, segmf-log/1 or ITF); - reads standard input");
  addDriverOptions(command)
    .option("--pages <n>", "pages of every segment, if no trace says", whole("--pages", 1, MOST.pages), START.pages)
    .option("--forks <n>", "how many forks are offered", whole("--forks", 0, MOST.forks), START.forks)
    .option("--max-grefs <n>", "SEGMF_MAX_GREFS", whole("--max-grefs", 1, 16), FIELD_MAX_GREFS)
    .option("--port <n>", "the port on 127.0.0.1; 0 takes any that is free", whole("--port", 0, 65_535), 0)
    .option("--no-open", "print the page's address, and do not open a browser")
    .addHelpText("after", helpEnd(EXAMPLES))
    .action(async (file: string | undefined, options: ExploreOptions) => done(await explore(file, options, io)));
};

async function explore(file: string | undefined, options: ExploreOptions, io: Io): Promise<ExitCode> {
  const subject = subjectNamed(options);
  const read = file === undefined ? [] : await readScenarios([file], io);
  if (read === null) return EXIT.interrupted;
  const trace = file === undefined ? undefined : onlyTrace(file, read);
  const { maxGrefs } = options;
  const compiler = compilerFor(io);
  if (isCFile(options.driver)) io.progress(`compiling ${options.driver}`);
  const driver = isCFile(options.driver) ? await compiler.file(options.driver, maxGrefs) : null;
  const chosen: Chosen =
    driver === null
      ? { kind: "edition", errata: [...subject.suspects] }
      : { kind: "native", native: await openModule(driver, options.driver) };
  io.progress(null);
  if (io.signal.aborted) return EXIT.interrupted;
  const running = await serve(
    {
      hash: beginning(chosen, options, trace),
      driver,
      compile: (name, text) => compiler.text(name, text, maxGrefs),
      isTheirs: (thrown) => thrown instanceof NativeError,
    },
    options.port,
  ).catch((thrown: unknown) => {
    throw new Misuse(`--port ${options.port}: ${portReason(thrown)}; expected a port that is free, or 0`);
  });
  io.out(`${running.url}\n`);
  if (io.isTerminal) io.err("segmf: serving the explorer; Ctrl-C stops it\n");
  if (options.open && io.isTerminal) openBrowser(running.url, io);
  await aborted(io.signal);
  await running.close();
  return EXIT.interrupted;
}

/** The walk that the page begins with, as a hash. */
function beginning(driver: Chosen, options: ExploreOptions, trace: NamedScenario | undefined): string {
  const { kernel, pages, forks, maxGrefs } = options;
  const setup: Setup = { ...START, driver, kernel, pages, forks, maxGrefs };
  if (trace === undefined) return hashOf({ setup, tree: EMPTY_TREE, name: "" });
  const { scenario, file } = trace;
  const { steps } = scenario;
  if (steps.length > MOST_STEPS) {
    throw new Misuse(
      `${file}: expected at most ${MOST_STEPS} steps to walk through, got ${steps.length}; segmf run takes any number`,
    );
  }
  return hashOf({ setup: setupFor(setup, scenario), tree: lineOf(steps), name: traceNameOf(file) });
}

const PORT_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has it",
  EACCES: "permission denied",
};

function portReason(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return PORT_REASONS[code] ?? reasonOf(thrown);
}

/** Asks the desktop for a browser. Where there is none the address has been printed. */
function openBrowser(url: string, io: Io): void {
  const [program, ...before] =
    process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  const child = spawn(program, [...before, url], { stdio: "ignore", detached: true });
  child.on("error", () => io.err("segmf: no browser could be opened; open the address above in one\n"));
  child.unref();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
