import { existsSync, statSync } from "node:fs";
import { deserialize } from "node:v8";
import { nodeFiles } from "../engine/checkpoint/files.js";
import { BadSections, readSections } from "../engine/checkpoint/sections.js";
import { Misuse } from "./exit.js";
import { reasonOf } from "./files.js";

/** The sections of a file. Throws BadSections, or what the file system throws. */
export function sectionsOf(path: string, name: string): readonly Uint8Array[] {
  if (!statSync(path).isFile()) throw new BadSections("it is not a regular file");
  return readSections(nodeFiles, path, name);
}

/** What a section holds. Its checksum has been looked at, and what wrote it was this program: so its shape is known. */
export function value<T>(section: Uint8Array | undefined): T {
  if (section === undefined) throw new BadSections("it lacks a section");
  try {
    return deserialize(section) as T;
  } catch {
    throw new BadSections("it was written by a later version of Node");
  }
}

/** A file of sections that is to be written: what begins an error about it, how such files begin, and what they are. */
export interface Written {
  readonly what: string;
  readonly name: string;
  readonly kind: string;
}

/** Makes sure that a file is not there, is one of its kind, or may be replaced all the same. Throws `Misuse`. */
export function checkReplaceable(file: string, { what, name, kind }: Written, force: boolean): void {
  if (!existsSync(file)) return;
  if (!statSync(file).isFile()) {
    throw new Misuse(`${what}: is not a regular file; name one, or a path where one can be made`);
  }
  if (force) return;
  try {
    if (begins(file, name)) return;
  } catch (error) {
    throw new Misuse(
      `${what}: ${reasonOf(error)}; expected a ${kind.replace(/ .*/, "")}, or a path where one can be made`,
    );
  }
  throw new Misuse(`${what}: exists and is no ${kind}; move it away, or give --force`);
}

/** Whether a file begins like one of its kind, also one that was cut short there, or is empty. */
function begins(file: string, name: string): boolean {
  const opened = nodeFiles.open(file, "r");
  try {
    const start = Buffer.alloc(name.length);
    return name.startsWith(start.toString("latin1", 0, nodeFiles.read(opened, start)));
  } finally {
    nodeFiles.close(opened);
  }
}
