import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";

/** Colours for a terminal that wants them; plain text otherwise. */
export type Style = ReturnType<typeof picocolors.createColors>;

export function styleFor(colours: boolean): Style {
  return picocolors.createColors(colours);
}

const WHOLE = new Intl.NumberFormat("en-US");

/** A count with its thousands set apart: 12,345. The same in any locale. */
export function number(count: number): string {
  return WHOLE.format(count);
}

/** `1 state`, `2 states`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `7`, `7 and 9`, `7, 9 and 11`. */
export function enumerated(members: readonly (number | string)[]): string {
  const last = members.at(-1);
  return members.length < 2 ? `${last ?? "none"}` : `${members.slice(0, -1).join(", ")} and ${last}`;
}

/** Columns of a report. The same on any terminal and in a file, so that reports can be compared. */
const COLUMNS = 100;

/**
 * Breaks a text between words so that its lines fit, `indent` columns from the left; its own line breaks are kept. The
 * lines after the first are indented. A word that is too long sticks out: nothing is cut. `GLUE` makes one word of two.
 */
export function wrap(text: string, indent: number): string {
  return text
    .split("\n")
    .flatMap((paragraph) => wrapParagraph(paragraph, COLUMNS - indent))
    .join(`\n${" ".repeat(indent)}`);
}

function wrapParagraph(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || stripVTControlCharacters(longer).length <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((complete) => complete.replaceAll(GLUE, " "));
}

/** Stands for a space at which no line is broken. */
export const GLUE = "\u00a0";

/** The same text for whoever doesn't break lines. */
export function plain(text: string): string {
  return text.replaceAll(GLUE, " ");
}

/** The text after a label of so many columns, the lines that follow indented under its beginning. */
export function hanging(label: string, text: string): string {
  return `${label}${wrap(text, stripVTControlCharacters(label).length)}\n`;
}

/** Lines of a name and what is said of it. Names are as wide as the widest that reports use. */
export function definitions(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([name, text]) => hanging(name.padEnd(NAMES), text)).join("");
}

const NAMES = "specification".length + 2;
