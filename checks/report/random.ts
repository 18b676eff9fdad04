import type { KernelKind } from "../../impl/driver.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { stepText } from "../../traces/scenario/text.js";
import type { Places } from "../conformance/places.js";
import type { RandomReport } from "../conformance/random.js";
import type { VerdictName } from "../conformance/report.js";
import type { DriverChoice } from "./command.js";
import { violationLines } from "./finding.js";
import { counted, definitions, hanging, type Style, styleFor } from "./style.js";

/** Random runs with what led to them. */
export interface RandomPresentation {
  readonly driver: string;
  readonly kernel: KernelKind;
  /** What a configuration calls the runs. */
  readonly name?: string;
  readonly colours: boolean;
  readonly choice: DriverChoice;
  /** Whether the driver is a C file. */
  readonly compiled: boolean;
  /** Where the steps of the failing run pass in the C file; `null` if the driver is none, or that is not known. */
  readonly places?: readonly Places[] | null;
  readonly report: RandomReport;
  /** The command that makes the same runs. */
  readonly again: string;
  /** Where the failing run was written and the command that performs it (if it can be read back), `null` if it was not. */
  readonly written: { readonly file: string; readonly replay: string | null } | null;
}

/** Random runs for people. The same seed gives the same text. */
export function renderRandom({ driver, kernel, report, again, written, colours }: RandomPresentation): string {
  const style = styleFor(colours);
  const { seed, failure } = report;
  const head = definitions([
    ["driver", `${driver} on the ${kernel} kernel`],
    ["random", callsText(report)],
    ["seed", String(seed)],
  ]);
  const end = definitions([
    ["verdict", verdictText(report, style)],
    ["again", again],
  ]);
  if (failure === null) return `${head}\n${end}`;
  const { scenario, panic, breaches } = failure;
  const shrunk = [
    `shrunk to ${counted(scenario.steps.length, "step")} at ${counted(scenario.pages, "page")}\n`,
    ...scenario.steps.map((step, i) => hanging(`   ${i + 1}. `, stepText(step))),
    ...violationLines(panic, breaches, style),
    written === null
      ? ""
      : `   ${written.replay === null ? `written to: ${escapeUnprintable(written.file)}` : `again: ${written.replay}`}\n`,
  ];
  return [head, shrunk.join(""), end].join("\n");
}

/** Random runs as JSON (`segmf-random/1`), the failing one as the scenario that shows it. */
export function randomJson({ driver, kernel, report, again, written }: RandomPresentation): string {
  const { seed, runs, calls, complete, failure } = report;
  const shown =
    failure === null
      ? null
      : {
          scenario: JSON.parse(formatScenario(failure.scenario)) as unknown,
          ...(written === null ? {} : { file: written.file }),
          panic: failure.panic,
          breaches: failure.breaches,
        };
  const members = {
    driver,
    kernel,
    seed,
    runs,
    calls,
    complete,
    failure: shown,
    verdict: verdictOfRuns(report),
    again,
  };
  return `${JSON.stringify({ format: "segmf-random/1", ...members }, null, 2)}\n`;
}

function callsText({ runs, calls }: RandomReport): string {
  return `${counted(runs, "run")}, ${counted(calls, "call")}, each judged`;
}

/** What was looked at, in one line. */
export function runsText(report: RandomReport): string {
  const { seed, complete, failure } = report;
  const end = failure === null && !complete ? "; not all were made" : "";
  return `${callsText(report)}, seed ${seed}${end}`;
}

/** What random runs come to. */
export function verdictOfRuns({ failure, complete }: RandomReport): VerdictName {
  if (failure !== null) return "violated";
  return complete ? "holds" : "incomplete";
}

function verdictText(report: RandomReport, style: Style): string {
  const verdict = verdictOfRuns(report);
  if (verdict === "violated") return style.red(verdict);
  return verdict === "holds"
    ? style.green(verdict)
    : `${style.yellow(verdict)}\nonly ${counted(report.runs, "run")} ${report.runs === 1 ? "was" : "were"} made`;
}
