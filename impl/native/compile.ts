import { NativeError } from "./errors.js";
import { definitions, stackFor } from "./memory-map.js";
import type { SourceTree } from "./sources.js";
import { DRIVER_FILE, INCLUDE_FOLDER, RUNTIME_FILES, WRAPPER_FILE } from "./sources.js";
import type { Files, Toolchain, ToolResult } from "./toolchain.js";

/** A driver's file on its way to a module. */
export interface Unit {
  /** As the user wrote it; messages name it so. */
  readonly path: string;
  readonly text: Uint8Array;
  readonly sources: SourceTree;
  readonly maxGrefs: number;
  /** Whether the module is to say which line each instruction is of: then it has the same code, and more beside it. */
  readonly hasLines?: boolean;
}

const MODULE_FILE = "driver.wasm";

const COMMON = [
  "--target=wasm32-unknown-unknown",
  "-std=gnu99",
  "-O1",
  "-ffreestanding",
  "-fno-builtin",
  "-nostdinc",
  `-I${INCLUDE_FOLDER}`,
  // What the kernel's own compiler takes for granted.
  "-fwrapv",
  "-fno-strict-aliasing",
  "-fno-delete-null-pointer-checks",
] as const;

const DRIVER_ONLY = [
  `-DDRIVER_FILE="${DRIVER_FILE}"`,
  // Only errors are told, and what the kernel's compiler merely warns of is none. A function that nobody declared is
  // named by the linker.
  "-w",
  "-ferror-limit=0",
  "-fno-color-diagnostics",
  "-Wno-error=implicit-function-declaration",
  "-Wno-error=implicit-int",
  "-Wno-error=int-conversion",
  "-Wno-error=incompatible-pointer-types",
  "-Wno-error=incompatible-function-pointer-types",
  "-Wno-error=return-mismatch",
  // An automatic variable that nobody wrote has a value, the same at every run and non-zero.
  "-ftrivial-auto-var-init=pattern",
  // A check before every load and store, out of line, also where another one of the same address went before, and for
  // struct assignments; nothing between the variables of a frame (checks.c).
  ...["-Xclang", "-fsanitize=kernel-address"],
  ...["asan-instrumentation-with-call-threshold=0", "asan-opt=0", "asan-stack=0", "asan-globals=0"].flatMap(internal),
  ...internal("asan-kernel-mem-intrinsic-prefix=1"),
  // A call in every piece of straight code, so that a loop is noticed that touches no memory.
  "-fsanitize-coverage=trace-pc,no-prune",
] as const;

function internal(option: string): readonly string[] {
  return ["-mllvm", `-${option}`];
}

/** Everything besides the files that decides what module comes out, for the cache. */
export function recipe(maxGrefs: number): readonly string[] {
  return [...COMMON, ...DRIVER_ONLY, ...definitions(maxGrefs), ...linkArguments(maxGrefs)];
}

/**
 * Compiles and links a driver. Throws `NativeError`: `compile` with the compiler's messages, `missing-names` if the file
 * lacks a private name or an entry point, `missing-kernel-functions` if it uses what the kernel here has not.
 */
export async function compileDriver(toolchain: Toolchain, unit: Unit): Promise<Uint8Array<ArrayBuffer>> {
  const files: Files = { ...unit.sources, driver: { "seg_mf.c": unit.text } };
  const common = [...COMMON, ...definitions(unit.maxGrefs)];
  const objects: Files = {};
  const debug = unit.hasLines === true ? ["-g"] : [];
  const wrapper = await toolchain.run(
    "clang",
    [...common, ...DRIVER_ONLY, ...debug, "-c", WRAPPER_FILE, "-o", "wrapper.o"],
    files,
  );
  if (!wrapper.ok) throw compileError(unit, wrapper.messages);
  objects["wrapper.o"] = fileOf(wrapper, "wrapper.o");
  const runtime = await toolchain.run("clang", [...common, "-w", "-c", ...RUNTIME_FILES], files);
  if (!runtime.ok) throw new Error(`${RUNTIME_FILES.join(" or ")} does not compile\n${runtime.messages}`);
  for (const object of RUNTIME_FILES.map((file) => file.replace(/c$/, "o"))) objects[object] = fileOf(runtime, object);
  const strip = unit.hasLines === true ? [] : ["--strip-all"];
  const linked = await toolchain.run(
    "wasm-ld",
    [...linkArguments(unit.maxGrefs), ...strip, ...Object.keys(objects)],
    objects,
  );
  if (!linked.ok) throw linkError(unit, linked.messages);
  return fileOf(linked, MODULE_FILE);
}

function linkArguments(maxGrefs: number): readonly string[] {
  return [
    "--no-entry",
    "--export-table",
    "--export=__stack_pointer",
    "--export=__data_end",
    "--stack-first",
    "-z",
    `stack-size=${stackFor(maxGrefs).high}`,
    "-o",
    MODULE_FILE,
  ];
}

function fileOf({ files }: ToolResult, name: string): Uint8Array<ArrayBuffer> {
  const file = files[name];
  if (!(file instanceof Uint8Array)) throw new Error(`the compiler did not write ${name}`);
  return new Uint8Array(file);
}

/** An error at a line of the wrapper that needs a private name means that the name is missing. */
function compileError(unit: Unit, messages: string): NativeError {
  const lines = wrapperLines(unit);
  const names: string[] = [];
  let otherwise = false;
  for (const [, file, line] of messages.matchAll(/^([^\s:]+):(\d+):\d+: (?:fatal )?error: /gm)) {
    const name = file === WRAPPER_FILE ? /\/\* name: (.*) \*\//.exec(lines[Number(line) - 1] ?? "")?.[1] : undefined;
    if (name === undefined) otherwise = true;
    else if (!names.includes(name)) names.push(name);
  }
  const { path } = unit;
  if (names.length > 0 && !otherwise) return new NativeError({ kind: "missing-names", path, names });
  return new NativeError({ kind: "compile", path, messages: tidy(messages, path) });
}

function wrapperLines({ sources }: Unit): readonly string[] {
  const wrapper = sources[WRAPPER_FILE];
  return typeof wrapper === "string" ? wrapper.split("\n") : [];
}

/** The compiler's messages, under the file's own name. */
function tidy(messages: string, path: string): string {
  return messages
    .replaceAll(`./${DRIVER_FILE}`, path)
    .split("\n")
    .filter((line) => !line.startsWith(`In file included from ${WRAPPER_FILE}`))
    .join("\n")
    .trimEnd();
}

/** The entry points are private names too; anything else that is undefined would be the kernel's. */
function linkError({ path }: Unit, messages: string): NativeError {
  const undefinedNames = [...messages.matchAll(/undefined symbol: (\S+)/g)].map(([, symbol]) => symbol ?? "");
  const names = [...new Set(undefinedNames)];
  const entries = names.filter((name) => ENTRY_POINTS.has(name));
  if (entries.length > 0) return new NativeError({ kind: "missing-names", path, names: entries });
  if (names.length > 0) return new NativeError({ kind: "missing-kernel-functions", path, names });
  return new NativeError({ kind: "link", path, messages: messages.trimEnd() });
}

const ENTRY_POINTS: ReadonlySet<string> = new Set([
  "segmf_create",
  "segmf_add_mfns",
  "segmf_add_gref_pte",
  "segmf_add_grefs",
  "segmf_release_grefs",
]);
