import { readFile, stat } from "node:fs/promises";
import type { Machine } from "../driver.js";
import type { ModuleCache } from "./cache.js";
import { cacheKey, defaultCacheFolder, moduleCache } from "./cache.js";
import { compileDriver, recipe } from "./compile.js";
import { NativeError } from "./errors.js";
import type { SourceTree } from "./sources.js";
import { readSources } from "./sources.js";
import type { Toolchain } from "./toolchain.js";
import { loadToolchain } from "./toolchain.js";

/** A driver's file, compiled. Any number of drivers can be made of it, for either kernel and any number of pages. */
export interface NativeModule {
  /** As it was given: how reports name the driver. */
  readonly path: string;
  /** SEGMF_MAX_GREFS is compiled in. */
  readonly maxGrefs: number;
  readonly module: WebAssembly.Module;
}

export interface LoadOptions {
  /** Where compiled modules are kept; `null` keeps none. The default is `defaultCacheFolder()`. */
  readonly cacheFolder?: string | null;
  /** The compiler, if not the package `@yowasp/clang`. */
  readonly toolchain?: () => Promise<Toolchain>;
}

/**
 * Compiles the `seg_mf.c` at `path`, as it is, to WebAssembly, or takes it from the cache if the same text was compiled
 * before with the same headers and compiler. Of `machine` only `maxGrefs` matters. Takes some seconds the first time.
 *
 * Throws `NativeError`; its `problem` says whether it is the file, the compiler's absence, or what the file contains.
 */
export async function loadNative(
  path: string,
  machine: Pick<Machine, "maxGrefs">,
  options: LoadOptions = {},
): Promise<NativeModule> {
  const { maxGrefs } = machine;
  const text = await readDriver(path);
  const sources = await readSources();
  const toolchain = await (options.toolchain ?? loadToolchain)();
  const cache = await cacheFor(options);
  const key = cacheKey([toolchain.version, ...recipe(maxGrefs), ...flatten(sources), text]);
  const kept = await fromCache(cache, key);
  if (kept !== null) return { path, maxGrefs, module: kept };
  const bytes = await compileDriver(toolchain, { path, text, sources, maxGrefs });
  const module = await WebAssembly.compile(bytes);
  await cache?.write(key, bytes);
  return { path, maxGrefs, module };
}

async function cacheFor({ cacheFolder }: LoadOptions): Promise<ModuleCache | null> {
  return cacheFolder === null ? null : moduleCache(cacheFolder ?? (await defaultCacheFolder()));
}

async function fromCache(cache: ModuleCache | null, key: string): Promise<WebAssembly.Module | null> {
  const bytes = (await cache?.read(key)) ?? null;
  return bytes === null ? null : WebAssembly.compile(bytes).catch(() => null);
}

async function readDriver(path: string): Promise<Uint8Array> {
  try {
    // Asked first: to open a pipe would wait for somebody to write to it.
    if (!(await stat(path)).isFile()) throw new NativeError({ kind: "file", path, detail: "not a regular file" });
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof NativeError) throw cause;
    const missing = isCoded(cause) && (cause.code === "ENOENT" || cause.code === "ENOTDIR");
    throw new NativeError({ kind: "file", path, detail: missing ? "missing" : "unreadable" }, { cause });
  }
}

function isCoded(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && "code" in error;
}

/** Every file of a tree: its name, then its text. */
function flatten(tree: SourceTree): string[] {
  return Object.entries(tree).flatMap(([name, entry]) =>
    typeof entry === "string" ? [name, entry] : [name, "{", ...flatten(entry), "}"],
  );
}
