import { randomInt } from "node:crypto";
import type { KernelKind } from "../../impl/driver.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { type RandomReport, randomRuns } from "../conformance/random.js";
import type { Subject } from "../conformance/subject.js";
import { stepText } from "../report/call.js";
import { EXIT, type ExitCode } from "./exit.js";
import { fileIn, makeDirectory, writeOwn } from "./files.js";
import type { Io } from "./io.js";

/** What `segmf check --random` takes of the command's options. */
export interface RandomCommandOptions {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly random: number;
  readonly seed?: number;
  readonly pages?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Up to 64 pages and 200 calls a run (issue: beyond the bounds of exploration). */
const MOST_PAGES = 64;
const MOST_CALLS = 200;

/** Random runs of a driver against the specification; a failing one is shrunk to a scenario. */
export async function randomCheck(subject: Subject, options: RandomCommandOptions, io: Io): Promise<ExitCode> {
  const seed = options.seed ?? randomInt(0x7fff_ffff);
  const report = await randomRuns(subject, {
    kernel: options.kernel,
    runs: options.random,
    seed,
    maxPages: options.pages ?? MOST_PAGES,
    maxCalls: MOST_CALLS,
    signal: io.signal,
  });
  if (report.failure !== null && options.out !== undefined) {
    makeDirectory(options.out, "--out");
    const file = fileIn(options.out, `random-${seed}`, ".json");
    writeOwn(file, formatScenario(report.failure.scenario), options.force === true);
  }
  io.out(options.json === true ? json(subject, report) : text(subject, report, options));
  if (report.failure !== null) return EXIT.violated;
  return report.complete ? EXIT.holds : EXIT.incomplete;
}

function text(subject: Subject, report: RandomReport, { random, kernel, driver }: RandomCommandOptions): string {
  const { seed, runs, calls, failure } = report;
  const again = `segmf check --driver ${driver} --kernel ${kernel} --random ${random} --seed ${seed}`;
  const head = `${subject.name} on the ${kernel} kernel: ${runs} random runs, ${calls} calls, each judged; seed ${seed}\n`;
  if (failure === null) return `${head}${report.complete ? "holds" : "incomplete: stopped early"}\nagain: ${again}\n`;
  const steps = failure.scenario.steps.map((step, i) => `   ${i + 1}. ${stepText(step)}\n`).join("");
  const breaches = failure.breaches.map(({ invariant, detail }) => `   ${invariant}: ${detail}\n`).join("");
  const panic = failure.panic === null ? "" : `   panic: ${failure.panic}\n`;
  return `${head}violated, shrunk to ${failure.scenario.steps.length} steps on ${failure.scenario.pages} pages\n${steps}${panic}${breaches}again: ${again}\n`;
}

function json(subject: Subject, { failure, ...report }: RandomReport): string {
  const shown =
    failure === null ? null : { ...failure, scenario: JSON.parse(formatScenario(failure.scenario)) as unknown };
  return `${JSON.stringify({ format: "segmf-random/1", driver: subject.name, ...report, failure: shown }, null, 2)}\n`;
}
