import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import { HOLDS } from "../report/fixture.js";
import { CHECKER, type Checker } from "./checker.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";
import { runProgram } from "./program.js";

/** For the tests of this room. */

/** What `bin` in package.json names. */
export const MAIN = fileURLToPath(new URL("main.js", import.meta.url));

export interface Ended {
  /** `null` if a signal ended it, which it must not. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly node?: readonly string[];
  /** Called once the process is there. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs the command as a user does, in a process of its own, without a terminal. */
export function segmf(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  const { cwd, stdin, env = {}, node = [], started } = options;
  const child = spawn(process.execPath, [...node, MAIN, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env.PATH ?? "", SEGMF_NO_CACHE: "1", ...env },
  });
  started?.(child);
  if (stdin !== undefined) child.stdin.end(stdin);
  return ended(child);
}

/** What a child process printed, and its exit code. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout: printed.stdout, stderr: withoutProgress(printed.stderr) };
}

/** How long work gets on is said every half minute, so on a slow machine it may be said of short work. */
function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^segmf: \d+:[\d:]+, \d+ MiB; .*\n/gm, "");
}

/** Runs the command in this process: the same but for signals, streams and what is thrown outside of it. */
export async function inProcess(
  args: readonly string[],
  { checker = CHECKER, ...io }: Partial<Io> & { readonly checker?: Checker } = {},
): Promise<Ended & { readonly code: ExitCode }> {
  const printed = { stdout: "", stderr: "" };
  const code = await runProgram(
    args,
    {
      out: (text) => {
        printed.stdout += text;
      },
      err: (text) => {
        printed.stderr += text;
      },
      progress: () => undefined,
      isTerminal: true,
      colours: false,
      debug: false,
      usesCache: false,
      signal: new AbortController().signal,
      ...io,
    },
    checker,
  );
  return { code, ...printed };
}

/** What takes long is not done: for what happens before and after it. */
export const NOTHING_IS_DONE: Checker = {
  check: () => Promise.resolve(HOLDS),
  randomRuns: () => Promise.resolve({ seed: 1, runs: 1, calls: 1, complete: true, failure: null }),
  randomPart: (_subject, { shard = { number: 1, of: 1 } }) =>
    Promise.resolve({ shard, calls: [], complete: true, failed: null }),
  runScenario: () => Promise.resolve({ driver: "corrected", kernel: "debug", steps: [] }),
};

/** A folder of a test's own; `remove` it in the end. */
export interface Scratch {
  readonly path: string;
  /** Writes a file into it. Returns the path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
  readonly remove: () => Promise<void>;
}

/** A new empty folder. Nothing here is waited for: AVA begins with the tests that it knows of when a module waits. */
export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "segmf-cli-"));
  return {
    path,
    file: (name, content) => {
      const at = join(path, name);
      writeFileSync(at, content);
      return at;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A schema of those that are published, by its name. */
export function schema(name: string): AnySchemaObject {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), "utf8"));
}

/** A scenario of one page, as text. */
export function scenarioText(...steps: readonly object[]): string {
  return `${JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 1 }, steps })}\n`;
}

export const CREATE = { call: "create", seg: 0 };
export const UNMAP = { call: "unmap", seg: 0, page: 0, count: 1 };
