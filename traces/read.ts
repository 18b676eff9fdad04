import { looksLikeItf, parseItf } from "./itf/read.js";
import { ROOT } from "./json/path.js";
import { readLog } from "./log/convert.js";
import { ScenarioError } from "./scenario/error.js";
import { looksLikeLines, parseScenarioLines } from "./scenario/lines.js";
import { parseScenario } from "./scenario/parse.js";
import type { NamedScenario, Scenario } from "./scenario/scenario.js";
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
 * Reads the scenarios of a trace file in any format that has one, told by its content; there are several where each is on a line
 * of its own. Throws `ScenarioError`, which names `file`, the place and what was expected there, and nothing else.
 */
export function parseTraces(bytes: Uint8Array, file: string): readonly NamedScenario[] {
  const text = textOf(bytes, file);
  const reader = READERS.find(({ recognises }) => recognises(text));
  if (reader === undefined && looksLikeLines(text)) return parseScenarioLines(text, file);
  return [{ file, scenario: (reader?.parse ?? parseScenario)(text, file) }];
}

/** As `parseTraces`, for those who take one trace at a time. */
export function parseTrace(bytes: Uint8Array, file: string): Scenario {
  const traces = parseTraces(bytes, file);
  const [trace] = traces;
  if (trace !== undefined && traces.length === 1) return trace.scenario;
  throw new ScenarioError(file, ROOT, "one scenario", `${traces.length}`);
}
