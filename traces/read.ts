import { looksLikeItf, parseItf } from "./itf/read.js";
import { readLog } from "./log/convert.js";
import { parseScenario } from "./scenario/parse.js";
import type { Scenario } from "./scenario/scenario.js";
import { textOf } from "./scenario/source.js";

/** A format that carries enough of a trace for it to be run again. */
interface TraceReader {
  /** Whether a text can be meant to be of this format, whatever the file is called. */
  recognises(text: string): boolean;
  /** Throws `ScenarioError` and nothing else. */
  parse(text: string, file: string): Scenario;
}

/** Those that are told by how they begin. What is none of them is read as a scenario, whose reader says what is wrong. */
const READERS: readonly TraceReader[] = [
  { recognises: looksLikeLog, parse: (text, file) => readLog(new TextEncoder().encode(text), file) },
  { recognises: looksLikeItf, parse: parseItf },
];

/** Its first line says what it is. */
function looksLikeLog(text: string): boolean {
  return LOG_HEADER.test(text);
}

const LOG_HEADER = /^\s*\{[^\n]{0,200}"format"\s*:\s*"segmf-log\//;

/** Files whose names end so are taken from a folder. */
export const READABLE_EXTENSIONS: readonly string[] = [".json", ".jsonl"];

/**
 * Reads the scenario of a trace file in any format that has one, told by its content.
 * Throws `ScenarioError`, which names `file`, the place and what was expected there, and nothing else.
 */
export function parseTrace(bytes: Uint8Array, file: string): Scenario {
  const text = textOf(bytes, file);
  const reader = READERS.find(({ recognises }) => recognises(text));
  return (reader?.parse ?? parseScenario)(text, file);
}
