import { createHash } from "node:crypto";
import { access, constants, lstat, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";

/**
 * Compiled modules, kept by content. An entry is a file: a line with the SHA-256 of what follows, then the module. One that
 * is damaged is as good as none. A cache that can't be written to is no error: it only saves time.
 */
export interface ModuleCache {
  read(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(key: string, module: Uint8Array): Promise<void>;
}

/** A key that differs whenever any part does; parts are told apart whatever they contain. */
export function cacheKey(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}

/**
 * Where modules are kept: in `node_modules/.cache/segmf` of the working directory if it has a `node_modules` that can be
 * written to, else in a folder of the user's own among the temporary files.
 */
export async function defaultCacheFolder(workingDirectory = "."): Promise<string> {
  const modules = resolve(workingDirectory, "node_modules");
  const usable = await access(modules, constants.W_OK | constants.X_OK)
    .then(() => stat(modules))
    .then(
      (found) => found.isDirectory(),
      () => false,
    );
  return usable ? join(modules, ".cache", "segmf") : join(tmpdir(), `segmf-cache-${userInfo().uid}`);
}

export function moduleCache(folder: string): ModuleCache {
  return {
    async read(key) {
      if (!(await isOurs(folder))) return null;
      const entry = await readFile(join(folder, `${key}.module`)).catch(() => null);
      return entry === null ? null : unseal(entry);
    },
    async write(key, module) {
      try {
        await makeFolder(folder);
        if (await isOurs(folder)) await replaceFile(join(folder, `${key}.module`), seal(module));
      } catch {
        // Without the entry the next run compiles again.
      }
    },
  };
}

/** Makes a folder and those that it is in. Node's own way of doing so never ends where the system takes none, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await lstat(folder).catch(() => null)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  // Another process may have been quicker; what went wrong otherwise is seen when something is to be written there.
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
}

/** Whether it is a folder of this user's own: one that another user made among the temporary files may hold anything. */
export async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) return false;
  const { uid } = userInfo();
  return uid === -1 || found.uid === uid;
}

let asides = 0;

/** Writes aside, then renames: whoever reads sees the old entry or the new one, never half of it. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const aside = `${path}.${createHash("sha256").update(`${performance.timeOrigin} ${asides++}`).digest("hex").slice(0, 16)}`;
  try {
    await writeFile(aside, content, { flag: "wx" });
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

const SEAL_LENGTH = 65;

function sealOf(module: Uint8Array): string {
  return `${createHash("sha256").update(module).digest("hex")}\n`;
}

function seal(module: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(sealOf(module)), module]);
}

function unseal(entry: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const module = new Uint8Array(entry.subarray(SEAL_LENGTH));
  return Buffer.from(entry.subarray(0, SEAL_LENGTH)).toString("latin1") === sealOf(module) ? module : null;
}
