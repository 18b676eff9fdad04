import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Misuse } from "./exit.js";

/**
 * Writes a file whole or not at all (aside, then renamed). One that is there already is overwritten only with `force`, or
 * if it bears the same header as the new text: its `"format"` member.
 */
export function writeOwn(path: string, text: string, force: boolean): void {
  if (existsSync(path) && !force && !isOwn(path, text)) {
    throw new Misuse(`${path}: exists and was not written by segmf; move it away, or give --force`);
  }
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, text);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new Misuse(`${path}: can't be written (${messageOf(error)}); expected a writable place in ${dirname(path)}`);
  }
}

/** Makes the directory that an option names, if it isn't there. */
export function makeDirectory(path: string, option: string): void {
  if (existsSync(path) && !statSync(path).isDirectory()) {
    throw new Misuse(`${option} ${path}: is not a directory; name one, or a path where one can be made`);
  }
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Misuse(`${option} ${path}: can't be made (${messageOf(error)})`);
  }
}

/** The text of a file that an option names. */
export function readText(path: string, option: string, expected: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Misuse(`${option} ${path}: can't be read (${messageOf(error)}); expected ${expected}`);
  }
}

/** A path inside a directory for a name of any characters. */
export function fileIn(directory: string, name: string, extension: string): string {
  return join(directory, `${name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^-|-$/g, "")}${extension}`);
}

function isOwn(path: string, text: string): boolean {
  const header = formatOf(text);
  return statSync(path).isFile() && header !== null && formatOf(readFileSync(path, "utf8")) === header;
}

function formatOf(text: string): string | null {
  return /^\s*\{\s*"format":\s*"(segmf-[a-z]+\/\d+)"/.exec(text)?.[1] ?? null;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
