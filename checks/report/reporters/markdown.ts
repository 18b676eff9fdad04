import { markdownTable } from "markdown-table";
import { ERRATA } from "../../../impl/segmf/errata.js";
import { stepText } from "../../../traces/scenario/text.js";
import { markOf } from "../../../traces/trace/mark.js";
import type { Finding } from "../../conformance/findings.js";
import { driverText } from "../command.js";
import type { Item } from "../items.js";
import { counted, plain } from "../style.js";
import type { Beside, Told } from "../told.js";

export const MARKDOWN_FORMAT = "segmf-markdown/1";

/** A check as Markdown: the verdict, what was judged as a table, each finding with its shortest counterexample. */
export function writeMarkdown(told: Told, { choice, name = "check" }: Beside): string {
  const { items, reasons, findings, verdict } = told;
  const parts = [
    `<!-- ${markOf(MARKDOWN_FORMAT)} -->`,
    `# segmf ${escaped(name)}: ${verdict}`,
    driverText({ ...told, driver: `\`${code(told.driver)}\`` }, choice),
    ...(reasons.length === 0 ? [] : [reasons.map((reason) => `- ${escaped(reason)}`).join("\n")]),
    table(items.filter(({ suite }) => suite !== "findings")),
    ...findings.map((finding) => findingPart(finding)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function table(items: readonly Item[]): string {
  const rows = items.map(({ suite, name, outcome, text }) => [suite, name, outcome, plain(text)].map(cell));
  return markdownTable([["", "what", "outcome", "seen"], ...rows], { alignDelimiters: false });
}

function findingPart({ name, cause, pages, maxGrefs, steps, breaches, panic, edges }: Finding): string {
  const titles = ERRATA.filter(({ id }) => cause.includes(id)).map(({ title }) => title);
  const lines = [
    ...(panic === null ? [] : [`- panic: ${escaped(panic)}`]),
    ...breaches.map(({ invariant, detail }) => `- **${invariant}**: ${escaped(detail)}`),
  ];
  return [
    `## ${escaped(name)}`,
    [
      ...titles.map(escaped),
      `At ${counted(pages, "page")}, SEGMF_MAX_GREFS ${maxGrefs}; ${counted(edges, "edge")} of this cause.`,
    ].join("\n\n"),
    steps.map((step, i) => `${i + 1}. ${escaped(stepText(step))}`).join("\n"),
    lines.join("\n"),
  ].join("\n\n");
}

function cell(text: string): string {
  return escaped(text).replaceAll("\n", "<br>");
}

/** Text that is to be read as it is. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`);
}

/** Text within backquotes. */
function code(text: string): string {
  return text.replaceAll("`", "'");
}
