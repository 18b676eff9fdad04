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

/** Lines of a name and what is said of it, names set to one width. */
export function definitionList(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}
