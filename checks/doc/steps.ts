import type { RunSegment, RunStep } from "../../traces/run/run.js";
import { stepText } from "../../traces/scenario/text.js";
import { cellOf, countsOf, type Pair, pairOf } from "../../traces/svg/cells.js";
import type { Trace } from "../../traces/trace/trace.js";
import { code, type Piece, type Row, strong } from "./document.js";

/** Map and page table step by step as a table: what a step changed is told by what it was before. */
export function stepRows({ scenario, run }: Trace): {
  readonly head: readonly string[];
  readonly rows: readonly Row[];
} {
  const rows = run.steps.flatMap((result, at) => {
    const before = run.steps[at - 1];
    const step = scenario.steps[at];
    const came = result.panic === null ? `returns ${result.ret ?? "nothing"}` : "panics";
    const call: readonly Piece[] = [`${at + 1}. `, code(step === undefined ? "" : stepText(step)), ` ${came}`];
    const lines = pairsOf(before, result).flatMap(pairLines);
    return (lines.length === 0 ? [["", "", ""]] : lines).map((line, index) => ({
      cells: [index === 0 ? call : "", ...line],
    }));
  });
  return { head: ["Step", "Place", "Driver's map", "Page table"], rows };
}

type Line = readonly (string | readonly Piece[])[];

function pairsOf(before: RunStep | undefined, after: RunStep): readonly Pair[] {
  return after.segments.flatMap((segment, seg) => {
    const earlier = before?.segments[seg] ?? null;
    return segment === null && earlier === null ? [] : [pairOf(seg, earlier, segment)];
  });
}

function pairLines({ seg, before, after, pages, cut }: Pair): readonly Line[] {
  const counts: Line = [`segment ${seg}`, changed(countsOf(before), countsOf(after), before), ""];
  const cells = pages.map((page): Line => {
    const now = after === null ? null : cellOf(after, page);
    const was = before === null ? null : cellOf(before, page);
    return [
      `segment ${seg}, page ${page}`,
      changed(was?.map ?? "", now?.map ?? "gone", before),
      changed(was?.pte ?? "", now?.pte ?? "gone", before),
    ];
  });
  return [counts, ...(after === null ? [] : cells), ...(cut ? [[`segment ${seg}, other pages`, "empty", "–"]] : [])];
}

function changed(was: string, now: string, before: RunSegment | null): string | readonly Piece[] {
  return before === null || was === now ? now : [`${was} → `, strong(now)];
}
