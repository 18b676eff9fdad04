import type { KernelKind } from "../../impl/driver.js";
import { escapeUnprintable } from "../../traces/json/value.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { stepText } from "../../traces/scenario/text.js";
import type { Shrunk } from "../conformance/shrinktrace.js";
import { violationLines } from "./finding.js";
import { counted, enumerated, hanging, type Style, styleFor } from "./style.js";

/** A shrunk trace with what led to it. */
export interface ShrinkPresentation {
  readonly file: string;
  readonly driver: string;
  readonly kernel: KernelKind;
  readonly original: Scenario;
  readonly shrunk: Shrunk;
  /** The command that performs what was written, `null` if it can't be read back or went to standard output. */
  readonly again: string | null;
}

/** What was left out of a trace and made simpler, for people, and what is left. */
export function renderShrink(presentation: ShrinkPresentation, colours: boolean): string {
  const style = styleFor(colours);
  const { file, driver, kernel, original, shrunk, again } = presentation;
  const { scenario, cause, breaches, panic } = shrunk;
  const done = [...removedLines(original, shrunk), ...changedLines(original, shrunk, style)];
  return [
    hanging("", `${style.bold(escapeUnprintable(file))}: ${driver} on the ${kernel} kernel`),
    hanging("finding: ", style.bold(cause)),
    ...(done.length > 0 ? done : ["already minimal: nothing can be left out or made simpler\n"]),
    `left: ${counted(scenario.steps.length, "step")} at ${counted(scenario.pages, "page")}\n`,
    ...scenario.steps.map((step, i) => hanging(`   ${i + 1}. `, stepText(step))),
    ...violationLines(panic, breaches, style),
    again === null ? "" : `   again: ${again}\n`,
  ].join("");
}

function removedLines({ pages, steps }: Scenario, { scenario, origins, after }: Shrunk): readonly string[] {
  const kept = new Set(origins);
  const removed = steps.flatMap((_step, i) => (kept.has(i) || i >= steps.length - after ? [] : [i + 1]));
  const lines: string[] = [];
  if (after > 0) lines.push(hanging("removed: ", `${counted(after, "step")} after the violation`));
  if (removed.length > 0) {
    const which = `${removed.length === 1 ? "step" : "steps"} ${enumerated(ranges(removed))} of ${steps.length}`;
    lines.push(hanging("removed: ", which));
  }
  if (scenario.pages < pages) lines.push(`removed: ${counted(pages - scenario.pages, "page")} of ${pages}\n`);
  return lines;
}

/** `3`, `5 to 9`. */
function ranges(numbers: readonly number[]): readonly string[] {
  const found: { readonly from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.to === number - 1) last.to = number;
    else found.push({ from: number, to: number });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
}

function changedLines({ steps }: Scenario, { scenario, origins }: Shrunk, style: Style): readonly string[] {
  return scenario.steps.flatMap((step, i) => {
    const index = origins[i] ?? 0;
    const original = steps[index];
    const was = original === undefined ? "" : stepText(original);
    const is = stepText(step);
    return was === is ? [] : [hanging(`changed: ${index + 1}. `, `${style.dim(was)}\n-> ${is}`)];
  });
}
