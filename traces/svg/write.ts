import type { RunResult, RunStep } from "../run/run.js";
import type { Step } from "../scenario/scenario.js";
import { stepText } from "../scenario/text.js";
import { markOf } from "../trace/mark.js";
import type { Trace } from "../trace/trace.js";
import { type Pair, pairOf } from "./cells.js";
import { columnsOf, drawPair, heightOf, widthOf } from "./pair.js";
import { SIZE, STYLE } from "./style.js";
import { comment, element, textElement, type Xml } from "./xml.js";

export const SVG_FORMAT = "segmf-svg/1";

/** A step as it is drawn. */
interface Panel {
  readonly head: string;
  readonly bad: readonly string[];
  readonly pairs: readonly Pair[];
}

/**
 * Draws a trace: for each step the call and what it returned, then each segment before it and after it, page by page, what
 * the driver's map says beside what the page table does. What has changed is framed and marked with a triangle.
 * Light or dark as the reader's system is; titles and descriptions for screen readers.
 */
export function writeSvg(trace: Trace): string {
  return `${comment(markOf(SVG_FORMAT))}\n${drawTrace(trace, "segmf", STYLE)}\n`;
}

/** The drawing by itself, for a page that has several: their ids begin differently, and the page may have the style once (`styleWithin`). */
export function drawTrace({ name, scenario, run }: Trace, prefix: string, style: string | null): Xml {
  const panels = run.steps.map((_, index) => panelOf(index, scenario.steps[index], run));
  const columns = columnsOf(panels.flatMap(({ pairs }) => pairs));
  const width = widthOf(columns);
  const characters = Math.floor(width / SIZE.character);
  let y = SIZE.margin;
  const drawn: Xml[] = [];
  const lines = (text: string, style: string): void => {
    for (const line of wrapped(text, characters)) {
      drawn.push(textElement("text", { x: SIZE.margin, y: y + SIZE.font, class: style }, line));
      y += SIZE.line;
    }
  };
  const summary = `${run.driver} on the ${run.kernel} kernel`;
  lines(`${name}: ${summary}`, "head");
  lines("driver's map | page table, before and after each step; ▸ marks what has changed", "dim");
  for (const { head, bad, pairs } of panels) {
    y += SIZE.gap;
    lines(head, "head");
    for (const text of bad) lines(`✗ ${text}`, "bad");
    for (const pair of pairs) {
      drawn.push(drawPair(pair, columns, y));
      y += heightOf(pair);
    }
  }
  const left = scenario.steps.length - run.steps.length;
  if (left > 0) lines(`${left} more in the scenario, not run`, "dim");
  const height = y + SIZE.margin;
  const total = width + 2 * SIZE.margin;
  const description = panels.map(({ head, bad }) => [head, ...bad].join("; ")).join(". ");
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      role: "img",
      "aria-labelledby": `${prefix}-title ${prefix}-description`,
      viewBox: `0 0 ${total} ${height}`,
      width: total,
      height,
    },
    [
      textElement("title", { id: `${prefix}-title` }, `${name}: ${summary}`),
      textElement("desc", { id: `${prefix}-description` }, description === "" ? "no step" : description),
      ...(style === null ? [] : [`<style>${style}</style>`]),
      element("rect", { class: "paper", width: total, height }),
      ...drawn,
    ],
  );
}

function panelOf(index: number, step: Step | undefined, run: RunResult): Panel {
  const result = run.steps[index];
  const before = index === 0 ? undefined : run.steps[index - 1];
  const called = step === undefined ? "" : stepText(step);
  if (result === undefined) return { head: called, bad: [], pairs: [] };
  const came = result.panic === null ? `→ ${result.ret ?? "returns"}` : "→ panic";
  return {
    head: `${index + 1}. ${called} ${came}`,
    bad: [
      ...(result.panic === null ? [] : [`panic: ${result.panic}`]),
      ...result.violations.map(({ invariant, detail }) => `${invariant}: ${detail}`),
    ],
    pairs: pairsOf(before, result),
  };
}

/** Segments that are gone before and after are not drawn. */
function pairsOf(before: RunStep | undefined, after: RunStep): readonly Pair[] {
  return after.segments.flatMap((segment, seg) => {
    const earlier = before?.segments[seg] ?? null;
    return segment === null && earlier === null ? [] : [pairOf(seg, earlier, segment)];
  });
}

/** Breaks text at spaces, and a word that is longer than a line anywhere. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.replaceAll(/\s+/g, " ");
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    const end = space > 2 ? space : most;
    lines.push(rest.slice(0, end));
    rest = `  ${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
