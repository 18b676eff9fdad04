import type { KernelKind } from "../../impl/driver.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { stepText } from "../../traces/scenario/text.js";
import type { RandomReport } from "../conformance/random.js";
import { violationLines } from "./finding.js";
import { counted, definitions, hanging, number, type Style, styleFor } from "./style.js";

/** Random runs with what led to them. */
export interface RandomPresentation {
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly report: RandomReport;
  /** The command that makes the same runs. */
  readonly again: string;
  /** Where the failing run was written and the command that performs it (if it can be read back), `null` if it was not. */
  readonly written: { readonly file: string; readonly replay: string | null } | null;
}

type Verdict = "holds" | "violated" | "incomplete";

/** Random runs for people. The same seed gives the same text. */
export function renderRandom({ driver, kernel, report, again, written }: RandomPresentation, colours: boolean): string {
  const style = styleFor(colours);
  const { seed, runs, calls, failure } = report;
  const head = definitions([
    ["driver", `${driver} on the ${kernel} kernel`],
    ["random", `${counted(runs, "run")}, ${counted(calls, "call")}, each judged`],
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
  const members = { driver, kernel, seed, runs, calls, complete, failure: shown, verdict: verdictOf(report), again };
  return `${JSON.stringify({ format: "segmf-random/1", ...members }, null, 2)}\n`;
}

function verdictOf({ failure, complete }: RandomReport): Verdict {
  if (failure !== null) return "violated";
  return complete ? "holds" : "incomplete";
}

function verdictText(report: RandomReport, style: Style): string {
  const verdict = verdictOf(report);
  if (verdict === "violated") return style.red(verdict);
  return verdict === "holds"
    ? style.green(verdict)
    : `${style.yellow(verdict)}\nstopped after ${number(report.runs)} runs`;
}
