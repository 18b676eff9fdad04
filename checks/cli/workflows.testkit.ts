import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { parse } from "yaml";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A step of a job or of a composite action, as far as the tests look at it. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly (string | number)[]>> };
}

export interface Workflow {
  readonly on: object;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export function workflowOf(path: string): Workflow {
  return parse(textOf(path));
}

export function actionOf(path: string): Action {
  return parse(textOf(path));
}

/** All that GitHub's own parser has to say against a file. */
export type Complaints = (path: string, text: string) => Promise<readonly string[]>;

type Parser = typeof import("@actions/workflow-parser");
type ActionParser = typeof import("@actions/workflow-parser/actions/action-parser");

/**
 * The parser that GitHub's editors have. It imports JSON as bundlers take it and Node does not, so it is bundled into the folder.
 */
export async function githubsParser(folder: string): Promise<Complaints> {
  const name = "@actions/workflow-parser";
  const bundle = await rolldown({
    input: { workflow: name, action: `${name}/actions/action-parser` },
    cwd: ROOT,
    platform: "node",
    logLevel: "silent",
  });
  await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
  await bundle.close();
  const load = (entry: string): Promise<unknown> => import(pathToFileURL(join(folder, `${entry}.mjs`)).href);
  const parser = (await load("workflow")) as Parser;
  const { parseAction } = (await load("action")) as ActionParser;
  return async (path, content) => {
    const isAction = path === "action.yml";
    const parsed = (isAction ? parseAction : parser.parseWorkflow)(
      { name: path, content },
      new parser.NoOperationTraceWriter(),
    );
    if (!isAction && parsed.value !== undefined) await parser.convertWorkflowTemplate(parsed.context, parsed.value);
    return parsed.context.errors.getErrors().map(({ message }) => message);
  };
}

export interface Ran {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as a runner does: `bash -e -o pipefail`, in the folder, with a folder of commands before all others. */
export function runScript(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return runFile("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd, env);
}

export function runFile(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? "signal"), stdout, stderr }),
    );
  });
}

/** Writes a command that is a shell script. */
export function writeCommand(path: string, ...lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
}

/** The command. */
export function wholeCommand(): string {
  return `exec "${process.execPath}" "${join(ROOT, "dist/checks/cli/main.js")}" "$@"`;
}

/** The command, here a small check and in one thread. */
export function smallCheck(): string {
  return `${wholeCommand()} --pages 1 --workers 1`;
}

/** PATH with a folder before all others. */
export function pathWith(folder: string): string {
  return `${folder}${delimiter}${process.env.PATH ?? ""}`;
}
