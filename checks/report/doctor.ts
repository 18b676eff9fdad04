import type { Examined } from "../conformance/doctor.js";
import { definitions, type Style, styleFor } from "./style.js";

/** Versions of what works together; `null` for what is not installed. */
export interface Versions {
  readonly segmf: string;
  readonly node: string;
  readonly xstate: string | null;
  readonly clang: string | null;
}

/** What an examination came to, for people: a line for each thing, and whether all is right. */
export function renderDoctor(
  versions: Versions,
  examined: readonly Examined[],
  interrupted: boolean,
  colours: boolean,
): string {
  const style = styleFor(colours);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version ?? "not installed"}`);
  return definitions([
    ["versions", named.join(", ")],
    ...examined.map(({ what, outcome, seen }): readonly [string, string] => [
      colourOf(outcome, style)(outcome),
      `${what}: ${seen}`,
    ]),
    ["verdict", verdictText(examined, interrupted, style)],
  ]);
}

function verdictText(examined: readonly Examined[], interrupted: boolean, { green, red, yellow }: Style): string {
  if (examined.some(({ outcome }) => outcome === "wrong")) return red("this installation is not right");
  return interrupted ? yellow("interrupted before all was looked at") : green("this installation is right");
}

function colourOf(outcome: Examined["outcome"], { green, red, yellow }: Style): (text: string) => string {
  return { right: green, wrong: red, absent: yellow }[outcome];
}
