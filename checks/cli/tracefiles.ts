import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileNameOf, type TraceFormat } from "../../traces/formats.js";
import type { RunResult } from "../../traces/run/run.js";
import type { Scenario } from "../../traces/scenario/scenario.js";
import type { Trace } from "../../traces/trace/trace.js";
import { FIELD_MAX_GREFS } from "../conformance/run.js";
import { Misuse } from "./exit.js";
import { distinct } from "./filenames.js";
import { checkWritable, makeDirectory, writeWhole } from "./files.js";
import { MOST_BYTES, MOST_MIB } from "./input.js";

/** Where a trace is to be written, and what it is called there. */
export interface TraceFile {
  readonly path: string;
  readonly name: string;
}

/** A file in `directory` for each name, in their order. All may be written or `Misuse` is thrown. */
export function filesFor(
  directory: string,
  names: readonly string[],
  format: TraceFormat,
  force: boolean,
): readonly TraceFile[] {
  makeDirectory(directory, "--out");
  const stems = distinct(names.map((name) => format.stem?.(name) ?? name));
  const files = stems.map((name) => ({ path: join(directory, fileNameOf(format, name)), name }));
  for (const { path } of files) checkWritable(path, format.format, force);
  return files;
}

/** The file that `--out` names, or that the trace gets in the folder that it names. Throws `Misuse` if it can't be written. */
export function fileAt(out: string, name: string, format: TraceFormat, force: boolean): TraceFile {
  const isFolder = out.endsWith("/") || (existsSync(out) && statSync(out).isDirectory());
  const [inFolder] = isFolder ? filesFor(out, [name], format, force) : [];
  if (inFolder !== undefined) return inFolder;
  checkWritable(out, format.format, force);
  const base = basename(out);
  return { path: out, name: base.endsWith(format.extension) ? base.slice(0, -format.extension.length) : name };
}

/** A scenario and, where the format needs it, how the run of it is made. */
export interface ToWrite {
  readonly name: string;
  readonly scenario: Scenario;
  readonly maxGrefs?: number;
  run(): Promise<RunResult>;
}

/**
 * A trace as the text of a format. The scenario is run only if the format shows what comes of it. Throws `Misuse` for one
 * that is to be read back and could not be.
 */
export async function textIn(format: TraceFormat, { name, scenario, maxGrefs, run }: ToWrite): Promise<string> {
  if (format.needs === "scenario") return readable(format, name, format.write(scenario));
  const trace: Trace = { name, scenario, maxGrefs: maxGrefs ?? FIELD_MAX_GREFS, run: await run() };
  return readable(format, name, format.write(trace));
}

function readable(format: TraceFormat, name: string, text: string): string {
  if (!format.readable || Buffer.byteLength(text) <= MOST_BYTES) return text;
  const why = `${Buffer.byteLength(text)} bytes could not be read back (${MOST_MIB} MiB at most)`;
  const otherwise = format.needs === "run" ? ", or write it as scenario" : "";
  throw new Misuse(`${name} as ${format.name}: ${why}; make the trace shorter, or its segments smaller${otherwise}`);
}

/** Writes a trace whole or not at all. */
export async function writeTrace(path: string, format: TraceFormat, trace: ToWrite): Promise<void> {
  writeWhole(path, await textIn(format, trace));
}
