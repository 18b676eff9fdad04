import type { PageRecord, Pte } from "../../impl/driver.js";
import type { RunResult, RunSegment, RunStep } from "../../traces/run/run.js";
import type { Scenario, Step } from "../../traces/scenario/scenario.js";
import { stepText } from "./call.js";
import { type Style, styleFor } from "./style.js";

/** A run for people: each step, what it returned, the segments after it and what it broke. */
export function renderRun(file: string, scenario: Scenario, run: RunResult, colours: boolean): string {
  const style = styleFor(colours);
  const steps = run.steps.map((step, i) => stepLines(i + 1, scenario.steps[i], step, style));
  const broken = run.steps.filter(({ violations }) => violations.length > 0).length;
  const verdict = broken === 0 ? style.green("holds") : style.red("violated");
  const left = scenario.steps.length - run.steps.length;
  const notRun = left > 0 ? `, ${left} not run after the panic` : "";
  return `${style.bold(file)}: ${run.driver} on the ${run.kernel} kernel\n${steps.join("")}${verdict}: ${broken} of ${run.steps.length} steps break an invariant${notRun}\n`;
}

function stepLines(index: number, step: Step | undefined, result: RunStep, style: Style): string {
  const what = step === undefined ? "" : stepText(step);
  const lines = [
    `${index}. ${what} -> ${result.panic === null ? String(result.ret ?? "nothing") : style.red(`panic: ${result.panic}`)}`,
    ...result.segments.map((segment, seg) => style.dim(`   segment ${seg}: ${segmentText(segment)}`)),
    ...result.violations.map(({ invariant, detail }) => `   ${style.red(invariant)}: ${detail}`),
  ];
  return `${lines.join("\n")}\n`;
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

function recordText(record: PageRecord): string {
  switch (record.type) {
    case "empty":
      return "empty";
    case "mfn":
      return `frame 0x${record.mfn.toString(16)}`;
    case "gref":
      return `ref ${record.gref}${record.mapped ? `#${record.handle}` : " unmapped"}`;
  }
}

function pteText(pte: Pte | null): string {
  if (pte === null) return "-";
  switch (pte.kind) {
    case "throwaway":
      return "throwaway";
    case "foreign":
      return `0x${pte.mfn.toString(16)} of ${pte.domid}${pte.writable ? " rw" : " ro"}`;
    case "grant":
      return `grant ${pte.handle}${pte.writable ? " rw" : " ro"}`;
  }
}
