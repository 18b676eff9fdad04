import { memberPath, ROOT } from "../json/path.js";
import { JsonSyntaxError, readJson } from "../json/read.js";
import type { Json } from "../json/value.js";
import { readAnswers } from "./answers.js";
import { readCall } from "./calls.js";
import { ScenarioError } from "./error.js";
import { JsonNode } from "./node.js";
import { findMisstep } from "./order.js";
import { PAGES, whole } from "./scalars.js";
import type { Scenario, Step } from "./scenario.js";
import { SCENARIO_FORMAT } from "./scenario.js";

/**
 * Reads a scenario (`segmf-scenario/1`) whose steps can be run: every value in its range, every call on a segment that
 * takes it. Defaults are filled in, answers brought to their normal form.
 * Throws `ScenarioError`, which names `file`, the place and what was expected there, and nothing else.
 */
export function parseScenario(text: string, file: string): Scenario {
  const scenario = decodeScenario(readText(text, file), file);
  const misstep = findMisstep(scenario);
  if (misstep !== null) {
    const path = memberPath(`${ROOT}.steps[${misstep.step}]`, misstep.member);
    throw new ScenarioError(file, path, misstep.expected, misstep.got);
  }
  return scenario;
}

/** As `parseScenario`, of a file's bytes: they have to be UTF-8. */
export function parseScenarioBytes(bytes: Uint8Array, file: string): Scenario {
  const offset = firstUndecodable(bytes);
  if (offset !== null) {
    const byte = bytes[offset];
    const got =
      byte === undefined
        ? "an unfinished character at the end"
        : `byte 0x${byte.toString(16).padStart(2, "0")} at offset ${offset}`;
    throw new ScenarioError(file, ROOT, "UTF-8 text", got);
  }
  return parseScenario(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), file);
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

function readStep(node: JsonNode): Step {
  const call = readCall(node);
  return { call, answers: readAnswers(node.member("answers"), call.call) };
}

function readText(text: string, file: string): Json {
  try {
    return readJson(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? inFile(file, error) : error;
  }
}

function inFile(file: string, error: JsonSyntaxError): ScenarioError {
  const expected = `${error.expected} at ${error.line}:${error.column}`;
  return new ScenarioError(file, error.path, expected, error.got, { cause: error });
}

/** The offset of the first byte that no UTF-8 text has there, the length where the last character is cut off. */
function firstUndecodable(bytes: Uint8Array): number | null {
  if (decodes(bytes, bytes.length, false)) return null;
  let good = 0;
  let bad = bytes.length + 1;
  // A prefix decodes as far as it goes if and only if every shorter one does.
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodes(bytes, middle, true)) good = middle;
    else bad = middle;
  }
  return good;
}

function decodes(bytes: Uint8Array, length: number, unfinished: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: unfinished });
    return true;
  } catch {
    return false;
  }
}
