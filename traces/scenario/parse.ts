import { memberPath, ROOT } from "../json/path.js";
import type { Json } from "../json/value.js";
import { readAnswers } from "./answers.js";
import { readCall } from "./calls.js";
import { ScenarioError } from "./error.js";
import { JsonNode } from "./node.js";
import { findMisstep } from "./order.js";
import { PAGES, whole } from "./scalars.js";
import type { Scenario, Step } from "./scenario.js";
import { SCENARIO_FORMAT } from "./scenario.js";
import { jsonOf, textOf } from "./source.js";

/**
 * Reads a scenario (`segmf-scenario/1`) whose steps can be run: every value in its range, every call on a segment that
 * takes it. Defaults are filled in, answers brought to their normal form.
 * Throws `ScenarioError`, which names `file`, the place and what was expected there, and nothing else.
 */
export function parseScenario(text: string, file: string): Scenario {
  return inOrder(decodeScenario(jsonOf(text, file), file), file, (step) => `${ROOT}.steps[${step}]`);
}

/** As `parseScenario`, of a file's bytes: they have to be UTF-8. */
export function parseScenarioBytes(bytes: Uint8Array, file: string): Scenario {
  return parseScenario(textOf(bytes, file), file);
}

/** The scenario if its steps can be run. Throws `ScenarioError` otherwise; `pathOf` says where a step is in the file. */
export function inOrder(scenario: Scenario, file: string, pathOf: (step: number) => string): Scenario {
  const misstep = findMisstep(scenario);
  if (misstep === null) return scenario;
  throw new ScenarioError(file, memberPath(pathOf(misstep.step), misstep.member), misstep.expected, misstep.got);
}

/** Reads what `segmf-scenario-1.schema.json` accepts, and exactly that; `findMisstep` judges the rest. */
export function decodeScenario(json: Json, file: string): Scenario {
  const root = new JsonNode(file, ROOT, json);
  const format = root.member("format");
  if (format.value !== SCENARIO_FORMAT) return format.fail(`"${SCENARIO_FORMAT}"`);
  root.only("a scenario", ["format", "segment", "steps"]);
  const segment = root.member("segment");
  segment.only("segment", ["pages"]);
  return { pages: whole(segment.member("pages"), PAGES), steps: root.member("steps").elements().map(readStep) };
}

/** Reads a step: its call, and the kernel's answers in their normal form. */
export function readStep(node: JsonNode): Step {
  const call = readCall(node);
  return { call, answers: readAnswers(node.member("answers"), call.call) };
}
