import { readdir, readFile } from "node:fs/promises";

/** Our own C files and headers, as the compiler's file system takes them: a folder is an object. */
export interface SourceTree {
  [name: string]: SourceTree | string;
}

/** They are published as they are, beside `dist/`: this module is `dist/impl/native/sources.js`. */
const ROOT = new URL("../../../impl/native/", import.meta.url);

/** The driver is mounted under this name, whatever its own is. */
export const DRIVER_FILE = "driver/seg_mf.c";
export const WRAPPER_FILE = "wrapper.c";
/** Compiled without checks on memory: they are part of the checks and of the kernel. */
export const RUNTIME_FILES = ["kernel.c", "checks.c"] as const;
export const INCLUDE_FOLDER = "include";

export async function readSources(): Promise<SourceTree> {
  const tree: SourceTree = { [INCLUDE_FOLDER]: await readFolder(new URL(`${INCLUDE_FOLDER}/`, ROOT)) };
  for (const file of [WRAPPER_FILE, ...RUNTIME_FILES]) tree[file] = await readFile(new URL(file, ROOT), "utf8");
  return tree;
}

async function readFolder(folder: URL): Promise<SourceTree> {
  const tree: SourceTree = {};
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    tree[entry.name] = entry.isDirectory()
      ? await readFolder(new URL(`${entry.name}/`, folder))
      : await readFile(new URL(entry.name, folder), "utf8");
  }
  return tree;
}
