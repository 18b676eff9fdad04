import { readFile, stat } from "node:fs/promises";
import type { Machine } from "../driver.js";
import type { ModuleCache } from "./cache.js";
import { cacheKey, defaultCacheFolder, moduleCache } from "./cache.js";
import { compileDriver, recipe } from "./compile.js";
import { NativeError } from "./errors.js";
import { type NativeModule, sealModule } from "./module.js";
import type { SourceTree } from "./sources.js";
import { readSources } from "./sources.js";
import type { Toolchain } from "./toolchain.js";
import { loadToolchain } from "./toolchain.js";

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
  const { module } = await compiled(path, await readDriver(path), maxGrefs, options);
  return { path, maxGrefs, module };
}

/** As `loadNative`, with the bytes of a module that says which lines its instructions are of; the code is the same. */
export async function loadWithLines(
  path: string,
  maxGrefs: number,
  options: LoadOptions = {},
): Promise<{
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly toolchain: Toolchain;
}> {
  const toolchain = await (options.toolchain ?? loadToolchain)();
  const given = { ...options, toolchain: () => Promise.resolve(toolchain) };
  return { ...(await compiled(path, await readDriver(path), maxGrefs, given, true)), toolchain };
}

/** As `loadNative`, as a file that `openModule` reads. */
export async function compileFile(path: string, maxGrefs: number, options: LoadOptions = {}): Promise<Sealed> {
  return compileText(path, await readDriver(path), maxGrefs, options);
}

/** The same of a C file's text; `path` is how it is named. */
export async function compileText(
  path: string,
  text: Uint8Array,
  maxGrefs: number,
  options: LoadOptions = {},
): Promise<Sealed> {
  const { bytes } = await compiled(path, text, maxGrefs, options);
  return sealModule(bytes, { path, maxGrefs });
}

type Sealed = Uint8Array<ArrayBuffer>;

interface Compiled {
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function compiled(
  path: string,
  text: Uint8Array,
  maxGrefs: number,
  options: LoadOptions,
  hasLines = false,
): Promise<Compiled> {
  const sources = await readSources();
  const toolchain = await (options.toolchain ?? loadToolchain)();
  const cache = await cacheFor(options);
  const lines = hasLines ? ["with lines"] : [];
  const key = cacheKey([toolchain.version, ...recipe(maxGrefs), ...lines, ...flatten(sources), text]);
  const kept = await fromCache(cache, key);
  if (kept !== null) return kept;
  const bytes = await compileDriver(toolchain, { path, text, sources, maxGrefs, hasLines });
  const module = await WebAssembly.compile(bytes);
  await cache?.write(key, bytes);
  return { module, bytes };
}

async function cacheFor({ cacheFolder }: LoadOptions): Promise<ModuleCache | null> {
  return cacheFolder === null ? null : moduleCache(cacheFolder ?? (await defaultCacheFolder()));
}

async function fromCache(cache: ModuleCache | null, key: string): Promise<Compiled | null> {
  const bytes = (await cache?.read(key)) ?? null;
  const module = bytes === null ? null : await WebAssembly.compile(bytes).catch(() => null);
  return bytes === null || module === null ? null : { module, bytes };
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
