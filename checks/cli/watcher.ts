import { createHash } from "node:crypto";
import { type FSWatcher, readFileSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Calls `changed` with a file of these when what is in it has become something else. Returns what ends that. */
export type Watcher = (files: readonly string[], changed: (file: string) => void) => () => void;

/** Editors write in several steps, or write aside and rename. When nothing has happened for so long they are through. */
const QUIET_MILLISECONDS = 80;

/** Watches the folders that files are in: a file that is replaced, or deleted and made again, is another one. */
export const folderWatcher: Watcher = (files, changed) => {
  const contents = new Map(files.map((file) => [resolve(file), contentOf(file)]));
  let timer: NodeJS.Timeout | null = null;
  const look = (): void => {
    timer = null;
    for (const file of files) {
      const path = resolve(file);
      const content = contentOf(file);
      // One that is not there is about to be written.
      if (content === null || content === contents.get(path)) continue;
      contents.set(path, content);
      changed(file);
    }
  };
  const heard = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(look, QUIET_MILLISECONDS);
  };
  const watchers = [...grouped(files)].map(
    ([folder, names]): FSWatcher =>
      watch(folder, (_event, name) => {
        if (name === null || names.has(name)) heard();
      }),
  );
  return () => {
    if (timer !== null) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
};

/** The names of files by their folders. */
function grouped(files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = dirname(resolve(file));
    const names = folders.get(folder) ?? new Set();
    names.add(basename(file));
    folders.set(folder, names);
  }
  return folders;
}

function contentOf(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}
