import { writeMermaidGraph } from "../../../traces/graph/mermaid.js";
import { writeMermaid } from "../../../traces/mermaid/write.js";
import { markOf } from "../../../traces/trace/mark.js";
import type { Bars, Block, Section, Table } from "../document.js";
import { stepRows } from "../steps.js";
import { markdownText } from "./text.js";

export const SPEC_FORMAT = "segmf-spec/1";

/** The documentation as one Markdown file for `model/`, as GitHub shows it: diagrams are Mermaid, plots are bars of text. */
export function writeMarkdown(sections: readonly Section[]): string {
  return [
    `<!-- ${markOf(SPEC_FORMAT)}: made by segmf doc, from the model and what was verified. Don't edit it. -->`,
    "# The machine-frame segment driver, specified",
    ...sections.flatMap((section) => sectionLines(section, 2)),
    "",
  ].join("\n\n");
}

function sectionLines({ id, title, summary, blocks, parts }: Section, level: number): readonly string[] {
  return [
    headingLines(id, title, level),
    markdownText(summary),
    ...blocks.flatMap((block) => blockText(block, level + 1) ?? []),
    ...parts.flatMap((part) => sectionLines(part, level + 1)),
  ];
}

function headingLines(id: string, title: string, level: number): string {
  return `${anchor(id)}\n\n${"#".repeat(level)} ${markdownText(title)}`;
}

/** GitHub makes anchors of its own out of headings; these are the same everywhere. */
function anchor(id: string): string {
  return `<a id="${id}"></a>`;
}

/** Null for what only a site can have. */
function blockText(block: Block, level: number): string | null {
  switch (block.kind) {
    case "heading":
      return headingLines(block.id, block.title, level);
    case "paragraph":
      return markdownText(block.text);
    case "list":
      return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : "-"} ${markdownText(item)}`).join("\n");
    case "table":
      return tableText(block);
    case "code":
      return fenced(block.language, block.text);
    case "graph":
      return captioned(block.caption, fenced("mermaid", writeMermaidGraph(block.graph)));
    case "sequence":
      return captioned(block.caption, fenced("mermaid", writeMermaid(block.trace)));
    case "pages":
      return tableText({ kind: "table", caption: block.caption, ...stepRows(block.trace) });
    case "walk":
      return null;
    case "bars":
      return captioned(block.caption, fenced("text", barsText(block)));
  }
}

function captioned(caption: string, text: string): string {
  return `*${markdownText(caption)}*\n\n${text}`;
}

function tableText({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const body = rows.map(({ id, cells }) => {
    const [first = "", ...others] = cells.map((cell) => markdownText(cell));
    return line([id === undefined ? first : `${anchor(id)}${first}`, ...others]);
  });
  return captioned(caption, [line(head), line(head.map(() => "---")), ...body].join("\n"));
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** The longest bar. */
const MOST_CHARACTERS = 50;

function barsText({ axes, bars }: Bars): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const labels = [axes[0], ...bars.map(({ label }) => label)].map(({ length }) => length);
  const values = [axes[1], ...bars.map(({ value }) => String(value))].map(({ length }) => length);
  const line = (label: string, value: string, bar: string): string =>
    `${label.padStart(Math.max(...labels))}  ${value.padStart(Math.max(...values))}  ${bar}`.trimEnd();
  return [
    line(axes[0], axes[1], ""),
    ...bars.map(({ label, value }) =>
      line(label, String(value), "█".repeat(Math.ceil((value / most) * MOST_CHARACTERS))),
    ),
  ].join("\n");
}
