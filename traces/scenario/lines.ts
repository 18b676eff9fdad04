import { writeInline } from "../json/write.js";
import { scenarioMembers } from "./format.js";
import { parseScenario } from "./parse.js";
import type { NamedScenario, Scenario } from "./scenario.js";

/** Scenarios as one text, each on a line of its own: a suite in one file. */
export function formatScenarioLines(scenarios: readonly Scenario[]): string {
  return scenarios.map((scenario) => `${writeInline(scenarioMembers(scenario))}\n`).join("");
}

/** No JSON text goes on like this. */
const TWO_LINES = /^\s*\{[^\n]*\}[ \t\r]*\n\s*\{/;

/** Whether a text can be meant to be scenarios on lines: an object that is whole on its line, and another one. */
export function looksLikeLines(text: string): boolean {
  return TWO_LINES.test(text);
}

/** Reads them; each is called by its file and line. Throws `ScenarioError`, about the first that is wrong, and nothing else. */
export function parseScenarioLines(text: string, file: string): readonly NamedScenario[] {
  return text.split("\n").flatMap((line, at) => {
    const name = `${file}:${at + 1}`;
    return line.trim() === "" ? [] : [{ file: name, scenario: parseScenario(line, name) }];
  });
}
