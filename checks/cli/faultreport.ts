import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Misuse } from "./exit.js";
import { writeWhole } from "./files.js";
import { packageVersion, versionOf } from "./version.js";

/*
 * What is to be known of a fault of ours to mend it, as a file that can be attached to a report: versions, command, what was
 * thrown, and what the runs were drawn from. Nothing of the user's files, environment or folders but the names that the
 * command line gives.
 */

const FAULT_FORMAT = "segmf-fault/1";

const PACKAGES = ["xstate", "@xstate/graph", "fast-check", "@yowasp/clang"];

/** The root of the package; this module is `dist/checks/cli/faultreport.js` in it. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What was being done when something was thrown. */
const notes = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** Does some work. What it throws will be reported with these notes, should it be our fault. */
export async function noting<T>(what: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (typeof error === "object" && error !== null) notes.set(error, { ...what, ...notes.get(error) });
    throw error;
  }
}

/** The report of a fault, as the text of a file. */
export function faultReport(error: unknown, args: readonly string[]): string {
  const packages = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
  const noted = typeof error === "object" && error !== null ? notes.get(error) : undefined;
  const report = {
    format: FAULT_FORMAT,
    segmf: packageVersion(),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    packages,
    command: ["segmf", ...args.map(withoutFolders)],
    ...(noted === undefined ? {} : { during: noted }),
    thrown: thrownBy(error),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Writes it into the first of these folders that takes it. Returns its path, `null` if none does. */
export function writeFaultReport(folders: readonly string[], text: string): string | null {
  const name = `segmf-fault-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.json`;
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      writeWhole(path, text);
      return path;
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
    }
  }
  return null;
}

function thrownBy(error: unknown): unknown {
  if (!(error instanceof Error)) return { value: anonymous(String(error)) };
  const { name, message, stack = "", cause } = error;
  return {
    name,
    message: anonymous(message),
    stack: anonymous(stack)
      .split("\n")
      .filter((line) => line.startsWith("    at ")),
    ...(cause === undefined ? {} : { cause: thrownBy(cause) }),
  };
}

/** Where a file lies is nobody's business; what it is called may tell something. */
function withoutFolders(arg: string): string {
  const [flag = "", ...rest] = arg.split("=");
  if (rest.length > 0 && flag.startsWith("--")) return `${flag}=${withoutFolders(rest.join("="))}`;
  return isAbsolute(arg) ? basename(arg) : anonymous(arg);
}

function anonymous(text: string): string {
  const folders = [
    [ROOT, "segmf/"],
    [process.cwd(), "."],
    [homedir(), "~"],
  ] as const;
  // The root of all folders is no secret, and would be found in every path.
  return folders.reduce((all, [folder, sign]) => (folder.length > 1 ? all.replaceAll(folder, sign) : all), text);
}
