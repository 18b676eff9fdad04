import { markdownTable } from "markdown-table";
import type { BenchReport } from "./measure.js";
import { bytesPerState, type CaseResult, type Goal, nsPerTransition, perSecond, type Row, ratio } from "./result.js";

/** The report as text: a table a case, which is Markdown, and its goals below. */
export function table({ engine, effort, complete, cases }: BenchReport): string {
  const head = `engine: ${engine}; effort: ${effort}${complete ? "" : "; INTERRUPTED"}\n`;
  return [head, ...cases.map(caseText)].join("\n");
}

function caseText({ title, skipped, rows, goals }: CaseResult): string {
  if (skipped !== undefined) return `${title}\nskipped: ${skipped}\n`;
  const parts = [title, "", rowsTable(rows), "", ...goals.map(goalText)];
  return `${parts.join("\n")}\n`;
}

interface Column {
  readonly head: string;
  readonly cell: (row: Row, first: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { head: "what", cell: ({ what }) => what },
  { head: "by", cell: ({ by }) => by },
  { head: "how", cell: ({ how }) => how },
  { head: "states", cell: ({ states }) => figure(states) },
  { head: "transitions", cell: ({ transitions }) => figure(transitions) },
  { head: "rounds", cell: ({ rounds }) => figure(rounds) },
  { head: "best ms", cell: ({ bestMs }) => figure(bestMs) },
  { head: "median ms", cell: ({ medianMs }) => figure(medianMs) },
  { head: "CPU ms", cell: ({ cpuMs }) => figure(cpuMs) },
  { head: "peak MiB", cell: ({ peakMiB }) => figure(peakMiB) },
  { head: "ns a transition", cell: (row) => figure(nsPerTransition(row)) },
  { head: "a second", cell: (row) => figure(perSecond(row)) },
  { head: "bytes a state", cell: (row) => figure(bytesPerState(row)) },
  { head: "ratio", cell: (row, first) => ratio(row, first)?.toFixed(3) ?? "" },
];

/** Columns that nothing stands in are left out. The ratio is to the first row of the same thing, timed in the same way. */
function rowsTable(rows: readonly Row[]): string {
  const cells = COLUMNS.map(({ head, cell }) => [head, ...rows.map((row) => cell(row, firstOf(rows, row)))]);
  const columns = cells.filter(([, ...column]) => column.some((text) => text !== ""));
  const lines = [0, ...rows.map((_, i) => i + 1)].map((line) => columns.map((column) => column[line] ?? ""));
  return markdownTable(lines, { align: columns.map((_, i) => (i < 3 ? "l" : "r")) });
}

function firstOf(rows: readonly Row[], { what, how }: Row): Row {
  return rows.find((row) => row.what === what && row.how === how) as Row; // at the least the row itself
}

function goalText({ goal, bound, measured, met }: Goal): string {
  const [word, value] = "atLeast" in bound ? ["at least", bound.atLeast] : ["at most", bound.atMost];
  const verdict = met === null ? "not measured" : met ? "met" : "NOT MET";
  return `${verdict}: ${goal}: ${measured === null ? "-" : figure(measured)} (${word} ${figure(value)})`;
}

/** Three digits at the least, and no more after the point than that takes. */
function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
