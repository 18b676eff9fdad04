import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { parseTraces, READABLE_EXTENSIONS } from "../../traces/read.js";
import type { NamedScenario } from "../../traces/scenario/scenario.js";
import { Misuse } from "./exit.js";
import { reasonOf } from "./files.js";
import type { Io } from "./io.js";

/** Larger files are not read: what is made of one takes many times its size. */
export const MOST_MIB = 16;
export const MOST_BYTES = MOST_MIB * 2 ** 20;

const EXPECTED = "expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)";

/**
 * Reads trace files in their order, in any format that carries a scenario; `-` is standard input, a folder stands for the
 * trace files in it, `FILE:LINE` for one of several scenarios in a file. Throws a `Misuse` or `ScenarioError` about the first that is wrong. `null` if the signal came before
 * all were read.
 */
export async function readScenarios(
  files: readonly string[],
  { signal, progress }: Pick<Io, "signal" | "progress">,
): Promise<readonly NamedScenario[] | null> {
  if (files.filter((file) => file === "-").length > 1)
    throw new Misuse("- is given twice; standard input can be read once");
  const scenarios: NamedScenario[] = [];
  for (const file of (await Promise.all(files.map(filesOf))).flat()) {
    const name = file === "-" ? "standard input" : file;
    progress(`reading ${name}`);
    const path = await pathOf(file);
    const bytes = await bytesOf(path, name, signal);
    if (bytes === null) return null;
    const read = parseTraces(bytes, path === "-" ? name : path);
    const wanted = path === file ? read : read.filter((named) => named.file === file);
    if (wanted.length === 0)
      throw new Misuse(`${file}: no scenario is on that line; expected one of the ${read.length} in ${path}`);
    for (const named of wanted) scenarios.push(named);
  }
  return scenarios;
}

/** The one trace that a command takes. Throws `Misuse` if the argument stands for several. */
export function onlyTrace(file: string, read: readonly NamedScenario[]): NamedScenario {
  const [trace, second] = read;
  if (trace !== undefined && second === undefined) return trace;
  throw new Misuse(`${file}: expected one trace, got ${read.length}; name one of them, such as ${trace?.file}`);
}

/** The trace files of a folder, in the order of their names in every locale; any other path is itself. */
async function filesOf(path: string): Promise<readonly string[]> {
  const isFolder = path !== "-" && (await stat(path).catch(() => null))?.isDirectory() === true;
  if (!isFolder) return [path];
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    const traces = names.filter(
      (name) => !name.startsWith(".") && READABLE_EXTENSIONS.some((end) => name.endsWith(end)),
    );
    // By UTF-16 units: the default order knows no locale.
    if (traces.length > 0) return traces.sort().map((name) => join(path, name));
  } catch (error) {
    throw new Misuse(`${path}: ${reasonOf(error)}; expected a folder that can be read`);
  }
  throw new Misuse(
    `${path}: no trace file is in this folder; expected names that end in ${READABLE_EXTENSIONS.join(" or ")}`,
  );
}

/** The file that is meant: `suite.jsonl` by `suite.jsonl:17`, unless a file is called so. */
async function pathOf(file: string): Promise<string> {
  const [, path] = /^(.+):[1-9]\d*$/.exec(file) ?? [];
  const isThere = path === undefined || (await stat(file).catch(() => null)) !== null;
  return isThere ? file : path;
}

async function bytesOf(file: string, name: string, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    if (file === "-") return await drained(process.stdin, name, signal);
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw tooLarge(name, `${size} bytes`);
    return await drained(createReadStream(file), name, signal);
  } catch (error) {
    if (signal.aborted) return null;
    if (error instanceof Misuse) throw error;
    throw new Misuse(`${name}: ${reasonOf(error)}; ${EXPECTED}`);
  }
}

/** All of a stream, unless it is too large: a pipe's size is not known before. */
async function drained(stream: Readable, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of addAbortSignal(signal, stream)) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    if (size > MOST_BYTES) throw tooLarge(name, `more than ${MOST_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(name: string, got: string): Misuse {
  return new Misuse(`${name}: expected a trace file of at most ${MOST_MIB} MiB, got ${got}`);
}
