import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import { parseScenarioBytes } from "../../traces/scenario/parse.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import { Misuse } from "./exit.js";
import { reasonOf } from "./files.js";
import type { Io } from "./io.js";

/** A scenario and how the command line named its file. */
export interface NamedScenario {
  readonly file: string;
  readonly scenario: Scenario;
}

/**
 * Reads scenario files in their order; `-` is standard input. Throws a `Misuse` or `ScenarioError` about the first that is
 * wrong. `null` if the signal came before all were read.
 */
export async function readScenarios(
  files: readonly string[],
  { signal, progress }: Pick<Io, "signal" | "progress">,
): Promise<readonly NamedScenario[] | null> {
  if (files.filter((file) => file === "-").length > 1)
    throw new Misuse("- is given twice; standard input can be read once");
  const scenarios: NamedScenario[] = [];
  for (const file of files) {
    const name = file === "-" ? "standard input" : file;
    progress(`reading ${name}`);
    const bytes = await bytesOf(file, name, signal);
    if (bytes === null) return null;
    scenarios.push({ file: name, scenario: parseScenarioBytes(bytes, name) });
  }
  return scenarios;
}

async function bytesOf(file: string, name: string, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    if (file === "-") return await buffer(addAbortSignal(signal, process.stdin));
    return await readFile(file, { signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw new Misuse(`${name}: ${reasonOf(error)}; expected a scenario file (segmf-scenario/1)`);
  }
}
