import { endOf, type Places } from "../../conformance/places.js";
import type { Item, Outcome } from "../items.js";
import { plain } from "../style.js";
import type { Beside, Told } from "../told.js";

/** What an outcome is to GitHub. What holds is not annotated. */
const COMMANDS: Readonly<Record<Outcome, "error" | "warning" | "notice" | null>> = {
  holds: null,
  violated: "error",
  incomplete: "warning",
  expected: "notice",
};

/**
 * A check, or random runs, as workflow commands of GitHub Actions, a line each: annotations, of the C file if there is one. Findings come
 * first, since GitHub shows the first ten.
 */
export function writeGithub(told: Told, { compiled, places, name = "check" }: Beside): string {
  const file = compiled ? told.driver : null;
  return told.wrong.map((item) => annotation(item, name, file, lineOf(item, told, places ?? []))).join("");
}

/** Where in the C file a finding's counterexample ends. */
function lineOf({ suite, name }: Item, { findings }: Told, places: readonly Places[]): number | null {
  const at = suite === "findings" ? findings.findIndex((finding) => finding.name === name) : -1;
  return endOf(places[at] ?? [])?.line ?? null;
}

function annotation(
  { suite, name, outcome, text }: Item,
  check: string,
  file: string | null,
  line: number | null,
): string {
  const command = COMMANDS[outcome];
  if (command === null) return "";
  const properties = {
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line: String(line) }),
    title: `segmf ${check}: ${suite}: ${name}`,
  };
  const given = Object.entries(properties).map(([property, value]) => `${property}=${propertyText(value)}`);
  return `::${command} ${given.join(",")}::${dataText(plain(text))}\n`;
}

/** What would end a command's message is escaped. */
function dataText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function propertyText(text: string): string {
  return dataText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
