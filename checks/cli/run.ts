import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { KernelKind } from "../../impl/driver.js";
import { formatRun } from "../../traces/run/format.js";
import type { RunResult } from "../../traces/run/run.js";
import { parseScenarioBytes } from "../../traces/scenario/parse.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { isViolated, runScenario } from "../conformance/run.js";
import { renderRun } from "../report/run.js";
import { EXIT, Misuse } from "./exit.js";
import { driverOption, kernelOption } from "./options.js";
import type { Register } from "./program.js";
import { subjectNamed } from "./subjects.js";

interface RunOptions {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly json?: boolean;
}

/** `segmf run FILE...`: scenarios on any driver. All files are read first; if one is wrong nothing runs. */
export const runCommand: Register = (program, io, done) => {
  program
    .command("run")
    .description("run scenarios (segmf-scenario/1) on a driver and judge every step")
    .argument("<files...>", "scenario files; - reads standard input")
    .addOption(driverOption())
    .addOption(kernelOption())
    .option("--json", "one segmf-run/1 object a line")
    .action(async (files: readonly string[], options: RunOptions) => {
      const scenarios = await Promise.all(files.map(async (file) => ({ file, scenario: await read(file) })));
      const subject = subjectNamed(options.driver);
      const runs: { readonly file: string; readonly scenario: Scenario; readonly run: RunResult }[] = [];
      for (const { file, scenario } of scenarios) {
        if (io.signal.aborted) break;
        runs.push({ file, scenario, run: await runScenario(subject, options.kernel, scenario) });
      }
      for (const { file, scenario, run } of runs) {
        io.out(options.json === true ? `${formatRun(run)}\n` : renderRun(file, scenario, run, io.colours));
      }
      done(runs.some(({ run }) => isViolated(run)) ? EXIT.violated : EXIT.holds);
    });
};

async function read(file: string): Promise<Scenario> {
  if (file === "-") return parseScenarioBytes(await buffer(process.stdin), "standard input");
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new Misuse(`${file}: ${reasonOf(error)}; expected a scenario file (segmf-scenario/1)`);
  }
  return parseScenarioBytes(bytes, file);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "is a directory",
  EACCES: "may not be read",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
