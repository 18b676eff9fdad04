import { readFileSync } from "node:fs";
import fc from "fast-check";
import { loadNative, NativeError, nativeDriver } from "../../../../impl/native/index.js";
import { parseTraces } from "../../../../traces/read.js";
import { SMALL_DRIVER } from "../../../conformance/testing/seed.js";
import { CHECKER } from "../../checker.js";
import { Misuse } from "../../exit.js";
import { perform } from "../../perform.js";
import { type Scratch, scratch } from "../../testkit.js";
import type { Target } from "./target.js";

/** What makes a driver hostile, or none. */
const HOSTILE = [
  ...[
    "while (1);",
    "for (;;) segmf_create(0, 0);",
    "*(volatile int *)0 = 1;",
    "((void (*)(void))0)();",
    "__builtin_trap();",
  ],
  ...[
    "return (0);",
    "return (-1);",
    "{",
    "}",
    ";",
    "(",
    "*/",
    "/*",
    '"',
    "#error no",
    '#include "/etc/passwd"',
    "#include <stdio.h>",
  ],
  ...[
    "#define int char",
    "#if 0\n",
    "#endif\n",
    "static int x[1 << 28];",
    "int y = 1 / 0;",
    "\u0000",
    "é",
    "goto out;",
    "++",
  ],
];

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(60)),
    put: fc.constantFrom(...HOSTILE),
  }),
  { minLength: 1, maxLength: 2 },
);

const STEPS = [
  { call: "create", seg: 0 },
  { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: 16, domid: 7 },
  { call: "dup", seg: 0, into: 1 },
  { call: "unmap", seg: 0, page: 0, count: 1 },
];

/** A C file that was edited at ends of lines, where statements may stand. */
function changed(lines: readonly string[], all: readonly Edit[]): string {
  const text = [...lines];
  for (const { at, cut, put } of all) {
    const line = at % text.length;
    text[line] = `${(text[line] ?? "").slice(cut)} ${put}`;
  }
  return text.join("\n");
}

/** C files: compiled and run, whatever they do, or an error about the file. */
export const cFiles: Target = {
  name: "C files",
  ofAMillion: 100,
  prepare: () => {
    const folder = scratch();
    const lines = readFileSync(SMALL_DRIVER, "utf8").split("\n");
    return {
      property: fc.asyncProperty(edits, (all) => attempt(folder, changed(lines, all))),
      release: folder.remove,
    };
  },
};

const { signal } = new AbortController();

async function attempt(folder: Scratch, source: string): Promise<void> {
  const path = folder.file("seg_mf.c", source);
  const scenario = JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 1 }, steps: STEPS });
  const [named] = parseTraces(new TextEncoder().encode(scenario), "f.json");
  if (named === undefined) throw new Error("no scenario");
  try {
    const module = await loadNative(path, { maxGrefs: 16 }, { cacheFolder: null });
    const subject = {
      name: path,
      suspects: new Set<never>(),
      open: (machine: Parameters<typeof nativeDriver>[1]) => Promise.resolve(nativeDriver(module, machine)),
    };
    await perform(named, subject, { kernel: "debug" }, CHECKER, signal);
  } catch (error) {
    if (!(error instanceof NativeError) && !(error instanceof Misuse)) throw error;
  }
}
