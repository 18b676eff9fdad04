import { setFlagsFromString } from "node:v8";
import { NativeError } from "./errors.js";

/** Files in the compiler's memory; a folder is an object. */
export interface Files {
  [name: string]: Files | string | Uint8Array;
}

export interface ToolResult {
  readonly ok: boolean;
  /** What was there before, and what the tool wrote. */
  readonly files: Files;
  /** What it printed, on either stream. */
  readonly messages: string;
}

/** The compiler, the linker, and what tells which line of a file an address belongs to. */
export type Tool = "clang" | "wasm-ld" | "symbolizer";

/** Clang and its linker, running inside this process, silently. */
export interface Toolchain {
  readonly version: string;
  run(tool: Tool, args: readonly string[], files: Files): Promise<ToolResult>;
}

type ClangPackage = typeof import("@yowasp/clang");

const INSTALL = "npm install --save-dev @yowasp/clang";

/** Loads the optional package. Throws `NativeError` of kind `no-compiler`, which says how to install it, if it is not there. */
export async function loadToolchain(
  importPackage: () => Promise<ClangPackage> = () => import("@yowasp/clang"),
): Promise<Toolchain> {
  const clang = await importPackage().catch((cause: unknown) => {
    throw new NativeError({ kind: "no-compiler", install: INSTALL }, { cause });
  });
  return { version: versionOf(clang), run: (tool, args, files) => runTool(clang, tool, args, files) };
}

/** The package exports its version, which its types don't mention. */
function versionOf(clang: ClangPackage): string {
  return "version" in clang && typeof clang.version === "string" ? clang.version : "unknown";
}

async function runTool(clang: ClangPackage, tool: Tool, args: readonly string[], files: Files): Promise<ToolResult> {
  await prefetch(clang);
  const decoder = new TextDecoder();
  let messages = "";
  const collect = (bytes: Uint8Array | null): void => {
    if (bytes !== null) messages += decoder.decode(bytes, { stream: true });
  };
  try {
    // The package's types don't mention all of its tools.
    const commands: Readonly<Record<string, ClangPackage["commands"]["clang"]>> = clang.commands;
    const command = commands[tool];
    if (command === undefined) throw new Error(`the compiler's package has no ${tool}`);
    const written = await command([...args], files, {
      stdout: collect,
      stderr: collect,
      decodeASCII: false,
    });
    return { ok: true, files: written ?? {}, messages };
  } catch (error) {
    if (error instanceof clang.Exit) return { ok: false, files: error.files, messages };
    throw error;
  }
}

/**
 * The package loads itself at its first run, and says so on standard output unless it is given somebody else to tell.
 *
 * V8 optimizes WebAssembly that has run for a while. For a compiler of 70 MB that takes several times as long as the few
 * files that it compiles here; so the modules loaded now never get that far.
 */
async function prefetch(clang: ClangPackage): Promise<void> {
  setFlagsFromString("--wasm-tiering-budget=2147483647");
  try {
    await clang.runLLVM(undefined, {}, { fetchProgress: () => undefined });
  } finally {
    // For what is compiled with it, V8's default.
    setFlagsFromString("--wasm-tiering-budget=1800000");
  }
}
