import type { RunSegment } from "../run/run.js";
import { blankCell, type Cell, cellOf, countsOf, type Pair } from "./cells.js";
import { SIZE } from "./style.js";
import { element, textElement, type Xml } from "./xml.js";

/** Widths of the columns of every table of a drawing, in pixels. */
interface Columns {
  readonly page: number;
  readonly map: number;
  readonly pte: number;
}

/** So many characters the line over a table may take. */
const LEAST_CHARACTERS = 44;

/** Columns wide enough for all that is in these tables. */
export function columnsOf(pairs: readonly Pair[]): Columns {
  const cells = pairs.flatMap(({ before, after, pages }) =>
    [before, after].flatMap((segment) => (segment === null ? [] : pages.map((page) => cellOf(segment, page)))),
  );
  const widest = (texts: readonly string[], least: number): number =>
    texts.reduce((most, { length }) => Math.max(most, length), least);
  const page = 5;
  const map =
    widest(
      cells.map((cell) => cell.map),
      12,
    ) + 2;
  const pte = Math.max(
    widest(
      cells.map((cell) => cell.pte),
      12,
    ) + 2,
    LEAST_CHARACTERS - page - map,
  );
  const pixels = (characters: number) => characters * SIZE.character + 2 * SIZE.padding;
  return { page: pixels(page), map: pixels(map), pte: pixels(pte) };
}

/** Of a whole drawing, without its margins: two tables side by side. */
export function widthOf(columns: Columns): number {
  return 2 * tableWidth(columns) + 2 * SIZE.gap;
}

export function heightOf({ pages, cut }: Pair): number {
  return (pages.length + 1 + (cut ? 1 : 0)) * SIZE.line + SIZE.padding;
}

/** A segment before a step, and to the right of it the same after the step. */
export function drawPair(pair: Pair, columns: Columns, top: number): Xml {
  const { seg, before, after } = pair;
  const right = SIZE.margin + tableWidth(columns) + 2 * SIZE.gap;
  const arrow = { x: right - 1.5 * SIZE.gap, y: top + SIZE.font, class: "dim" };
  return element("g", { role: "group" }, [
    textElement("title", {}, `segment ${seg}: ${countsOf(before)}; afterwards ${countsOf(after)}`),
    ...table(pair, before, before, columns, SIZE.margin, top),
    textElement("text", arrow, "→"),
    ...table(pair, after, before, columns, right, top),
  ]);
}

function tableWidth({ page, map, pte }: Columns): number {
  return page + map + pte;
}

/** `earlier` is what to compare with, `null` where the segment is new: the same segment, where nothing is to be marked. */
function table(
  { seg, pages, cut }: Pair,
  segment: RunSegment | null,
  earlier: RunSegment | null,
  columns: Columns,
  left: number,
  top: number,
): readonly Xml[] {
  const changed = countsOf(segment) !== countsOf(earlier);
  const head = `${changed ? "▸ " : ""}segment ${seg}: ${countsOf(segment)}`;
  const title = textElement("text", { x: left, y: top + SIZE.font, class: changed ? "new" : "dim" }, head);
  if (segment === null) return [title];
  const rows = pages.flatMap((page, index) => {
    const before = earlier === null ? blankCell(page) : cellOf(earlier, page);
    return row(cellOf(segment, page), before, columns, left, top + (index + 1) * SIZE.line);
  });
  const y = top + (pages.length + 1) * SIZE.line + SIZE.font;
  const rest = cut ? [textElement("text", { x: left, y, class: "dim" }, "all other pages: empty")] : [];
  return [title, ...rows, ...rest];
}

function row(cell: Cell, before: Cell, columns: Columns, left: number, top: number): readonly Xml[] {
  const { page, map, pte } = columns;
  return [
    ...box(String(cell.page), false, left, top, page),
    ...box(cell.map, before.map !== cell.map, left + page, top, map),
    ...box(cell.pte, before.pte !== cell.pte, left + page + map, top, pte),
  ];
}

function box(text: string, changed: boolean, x: number, y: number, width: number): readonly Xml[] {
  const marked = changed ? `▸ ${text}` : text;
  return [
    element("rect", { class: changed ? "cell changed" : "cell", x, y, width, height: SIZE.line }),
    textElement("text", { x: x + SIZE.padding, y: y + SIZE.font + 1, class: changed ? "new" : "plain" }, marked),
  ];
}
