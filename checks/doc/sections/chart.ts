import { segmentMachine } from "../../../model/machine.js";
import { GUARD_PROSE, INTERNAL_PROSE } from "../../../model/prose.js";
import { stateNodes } from "../../engine/chart.js";
import { drawingOf } from "../chart/graphs.js";
import { stateName } from "../chart/names.js";
import { writtenTransitions } from "../chart/transitions.js";
import { type Block, code, heading, paragraph, type Row, type Section } from "../document.js";

/** The statechart, drawn as a whole and by region, with what its names mean. */
export function chartSection(): Section {
  return {
    id: "statechart",
    title: "The statechart",
    summary: "Every state that a segment, its pages and a call under way can be in, as a whole and by region.",
    blocks: [
      paragraph(
        "The specification is a statechart. One region takes calls and waits for the answers of the environment; for each segment " +
          "there is a region with its life, and while it is live with its domain and each of its pages. All regions move " +
          "together. Drawn is a segment of one page; others are alike, and so are forks.",
      ),
      drawn("The whole chart. Refusals and calls without effect, which change no state, are left out.", [], false),
      heading("region-lifecycle", "Lifecycle"),
      paragraph(
        "A segment comes to be by create or dup, is live or stillborn as VOP_ADDMAP has it, and ends with unmap or free. " +
          "Beside its life it is known whether somebody waits for its address space.",
      ),
      drawn("The life of a segment, without its pages.", ["running", "segment0"], true, ["live"]),
      heading("region-call", "Call under way"),
      paragraph(
        "At rest the chart is in idle. A call that needs answers leaves it, waits for one answer after the other, and comes back.",
      ),
      drawn("The region of the call under way.", ["running", "call"], true),
      heading("region-page", "Page"),
      paragraph("What a page holds, and what callers said of its PTE, are two things: the second outlives the first."),
      drawn("A page of a live segment.", ["running", "segment0", "life", "live", "page0"], true),
      heading("states", "States in words"),
      { kind: "table", caption: "States that the model describes", head: ["State", "What it is"], rows: described() },
      heading("guards", "Guards in words"),
      {
        kind: "table",
        caption: "What a guard asks",
        head: ["Guard", "It holds if"],
        rows: usedGuards().map(([name, prose]) => ({ cells: [[code(name)], prose] })),
      },
      heading("inner-events", "Events inside"),
      {
        kind: "table",
        caption: "What the chart tells its own regions in the middle of a call",
        head: ["Event", "What it means"],
        rows: Object.entries(INTERNAL_PROSE).map(([event, prose]) => ({ cells: [[code(event)], prose] })),
      },
    ],
    parts: [],
  };
}

function drawn(caption: string, of: readonly string[], inFull: boolean, without: readonly string[] = []): Block {
  return { kind: "graph", caption, graph: drawingOf({ title: caption, of, inFull, without }) };
}

/** Charts with pages, forks and all that may fail: every state that there is. */
function described(): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const node of stateNodes(segmentMachine({ pages: 1, forks: 1, maxGrefs: 16 }))) {
    const { description } = node;
    if (description !== undefined) rows.set(stateName(node), { cells: [[code(stateName(node))], description] });
  }
  return [...rows.values()];
}

function usedGuards(): readonly (readonly [string, string])[] {
  const used = new Set(writtenTransitions().map(({ guard }) => guard));
  return Object.entries(GUARD_PROSE).filter(([name]) => used.has(name));
}
