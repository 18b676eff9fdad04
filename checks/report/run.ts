import { escapeUnprintable } from "../../traces/json/value.js";
import type { RunResult, RunSegment, RunStep } from "../../traces/run/run.js";
import type { Scenario, Step } from "../../traces/scenario/scenario.js";
import { stepText as callOf } from "../../traces/scenario/text.js";
import { violationLines } from "./finding.js";
import { pteText, recordText } from "./pages.js";
import { counted, hanging, type Style, styleFor } from "./style.js";

/** A run for people: each step, what it returned, the segments after it and what it broke. */
export function renderRun(file: string, scenario: Scenario, run: RunResult, colours: boolean): string {
  const style = styleFor(colours);
  const steps = run.steps.map((step, i) => stepText(i + 1, scenario.steps[i], step, style));
  const head = hanging("", `${style.bold(escapeUnprintable(file))}: ${run.driver} on the ${run.kernel} kernel`);
  return `${head}${steps.join("")}${verdictText(scenario, run, style)}`;
}

function verdictText(scenario: Scenario, run: RunResult, style: Style): string {
  const broken = run.steps.filter(({ violations }) => violations.length > 0).length;
  const left = scenario.steps.length - run.steps.length;
  const parts = [
    broken === 0 ? style.green("holds:") : style.red("violated:"),
    `${broken} of ${counted(run.steps.length, "step")} broke an invariant`,
  ];
  const alone = run.steps.findIndex(({ reference }) => reference === false);
  if (alone >= 0) parts.push(`(from step ${alone + 1} on only invariants on state are judged)`);
  if (left > 0) {
    const why = run.steps.at(-1)?.panic ? " after the panic" : ": the driver left no segment for the next";
    parts.push(`(${counted(left, "step")} not run${why})`);
  }
  return hanging("", parts.join(" "));
}

function stepText(index: number, step: Step | undefined, result: RunStep, style: Style): string {
  const call = step === undefined ? "" : `${callOf(step)} -> `;
  const came = result.panic === null ? String(result.ret ?? "nothing") : style.red("panic");
  return [
    hanging(`${index}. `, `${call}${came}`),
    ...result.segments.map((segment, seg) => hanging("   ", style.dim(`segment ${seg}: ${segmentText(segment)}`))),
    ...violationLines(result.panic, result.violations, style),
  ].join("");
}

/** Segments with more pages than this are shown by their pages that hold something. */
const MOST_PAGES = 8;

function segmentText(segment: RunSegment | null): string {
  if (segment === null) return "freed";
  const pages = segment.map.map(
    (record, page) => `${page} ${recordText(record)}/${pteText(segment.ptes[page] ?? null)}`,
  );
  const shown = pages.length <= MOST_PAGES ? pages : pages.filter((text) => !text.endsWith(" empty/-"));
  const { domid, softlockcnt, locks } = segment;
  return `domid ${domid}, softlockcnt ${softlockcnt}, locks ${locks}, pages ${shown.join(", ") || "all empty"}`;
}
