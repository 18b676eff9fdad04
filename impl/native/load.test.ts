import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { toolchainAside } from "./aside.js";
import type { NativeProblem } from "./errors.js";
import { NativeError } from "./errors.js";
import { loadNative } from "./load.js";
import { compileText, PRIVATE_NAMES, probeDriver, RELEASE, TEST_DRIVER, withFolder } from "./testkit.js";
import type { Toolchain, ToolResult } from "./toolchain.js";
import { loadToolchain } from "./toolchain.js";

/** Fails where it is asked to compile: for what must come from the cache, or never get so far. */
async function onlyVersion(): Promise<Toolchain> {
  const { version } = await loadToolchain();
  return { version, run: () => Promise.reject(new Error("the compiler was called")) };
}

/** `npm run test:deep` compiles everything as often as it is asked to, and each mistake by itself. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

const made = new Map<string, Promise<ToolResult>>();

/** The compiler, each run of which takes seconds. What it makes of the same files it makes once for all tests. */
async function compiler(): Promise<Toolchain> {
  const { version, run } = await loadToolchain();
  if (IS_DEEP) return { version, run };
  const once: Toolchain["run"] = (tool, args, files) => {
    const key = JSON.stringify([tool, args, files]);
    const result = made.get(key) ?? run(tool, args, files);
    made.set(key, result);
    return result;
  };
  return { version, run: once };
}

const NO_CACHE = { cacheFolder: null, toolchain: compiler } as const;

async function problemOf(loading: Promise<unknown>): Promise<NativeProblem | null> {
  try {
    await loading;
    return null;
  } catch (error) {
    if (error instanceof NativeError) return error.problem;
    throw error;
  }
}

test("a file that is not there, or is no file", async (t) => {
  const detailOf = async (path: string): Promise<string | undefined> => {
    const problem = await problemOf(loadNative(path, RELEASE, { ...NO_CACHE, toolchain: onlyVersion }));
    t.like(problem, { kind: "file", path });
    return problem?.kind === "file" ? problem.detail : undefined;
  };
  t.is(await detailOf("no/such/seg_mf.c"), "missing");
  t.is(await detailOf(`${TEST_DRIVER}/seg_mf.c`), "missing");
  t.is(await detailOf("."), "not a regular file");
  t.is(await detailOf("/dev/null"), "not a regular file");
});

test("no compiler: says what to install", async (t) => {
  const toolchain = (): Promise<Toolchain> => loadToolchain(() => Promise.reject(new Error("Cannot find package")));
  const error = await t.throwsAsync(loadNative(TEST_DRIVER, RELEASE, { toolchain }), { instanceOf: NativeError });
  t.deepEqual(error.problem, { kind: "no-compiler", install: "npm install --save-dev @yowasp/clang" });
  t.is(error.kind, "no-compiler");
  t.is(error.message, "a C driver needs the compiler: npm install --save-dev @yowasp/clang");
});

test("a file that does not compile: the compiler's own message, under the file's own name", async (t) => {
  await withFolder(async (folder) => {
    const path = join(folder, "broken.c");
    await writeFile(path, `${PRIVATE_NAMES}\nint segmf_create(struct seg **segp, void *args) { return misspelt; }\n`);
    const problem = await problemOf(loadNative(path, RELEASE, NO_CACHE));
    if (problem?.kind !== "compile") return t.fail(JSON.stringify(problem));
    const line = PRIVATE_NAMES.split("\n").length + 1;
    t.is(problem.path, path);
    t.is(problem.messages.split("\n")[0], `${path}:${line}:58: error: use of undeclared identifier 'misspelt'`);
    t.notRegex(problem.messages, /wrapper\.c/);
  });
});

test("no C at all, and an include that nobody has", async (t) => {
  const text = await problemOf(compileText("This is not C.\n", NO_CACHE));
  t.is(text?.kind, "compile");
  const include = await problemOf(compileText("#include <sys/nowhere.h>\n", NO_CACHE));
  if (include?.kind !== "compile") return t.fail(JSON.stringify(include));
  t.regex(include.messages, /fatal error: 'sys\/nowhere\.h' file not found/);
  for (const [text, said] of [
    ['#include "/etc/hostname"\n', /fatal error: '\/etc\/hostname' file not found/],
    ['const char machine[] = {\n#embed "/etc/hostname"\n};\n', /fatal error: '\/etc\/hostname' file not found/],
  ] as const) {
    const host = await problemOf(compileText(text, NO_CACHE));
    if (host?.kind !== "compile") return t.fail(JSON.stringify(host));
    t.regex(host.messages, said, "nothing of the machine can be read");
  }
});

/** How a driver may lack a private name, in the order in which the names are asked for. */
const LACKING: readonly (readonly [from: string, to: string, name: string])[] = [
  ["segmf_map_t *map;", "char *map;", "struct segmf_data.map, a segmf_map_t *"],
  ["domid_t domid;", "", "struct segmf_data.domid"],
  ["g_handle", "g_hdl", "segmf_map_t.u.g.g_handle"],
  ["SEGMF_MAP_GREF }", "SEGMF_MAP_GRANT }", "SEGMF_MAP_GREF"],
  ["#define SEGMF_GFLAGS_WR 1", "", "SEGMF_GFLAGS_WR"],
];

test("private names that are missing are all named", async (t) => {
  const lacking = (changes: typeof LACKING): Promise<NativeProblem | null> => {
    const text = changes.reduce((left, [from, to]) => left.replaceAll(from, to), probeDriver(""));
    return compileText(text, NO_CACHE).then(() => null, problemFrom);
  };
  const named = (changes: typeof LACKING) => ({ kind: "missing-names", names: changes.map(([, , name]) => name) });
  t.like(await lacking(LACKING), named(LACKING));
  if (IS_DEEP) for (const change of LACKING) t.like(await lacking([change]), named([change]));
  const entry = [["segmf_release_grefs", "segmf_give_back_grefs", "segmf_release_grefs"]] as const;
  t.like(await lacking(entry), named(entry));
});

function problemFrom(error: unknown): NativeProblem {
  if (error instanceof NativeError) return error.problem;
  throw error;
}

test("kernel functions and variables that are not there are named", async (t) => {
  const body = "extern int physmem; if (page_lookup(data)) return hat_getpfnum(seg); return physmem;";
  const error = await t.throwsAsync(compileText(probeDriver(body), NO_CACHE), { instanceOf: NativeError });
  t.like(error.problem, { kind: "missing-kernel-functions", names: ["page_lookup", "hat_getpfnum", "physmem"] });
  t.regex(error.message, /seg_mf\.c: needs page_lookup, hat_getpfnum, physmem, which the kernel here does not have/);
});

test("a file is compiled once, and again when it or the number of refs differs", async (t) => {
  await withFolder(async (folder) => {
    const cached = { cacheFolder: join(folder, "cache"), toolchain: onlyVersion };
    const compiling = { cacheFolder: join(folder, "cache"), toolchain: compiler };
    const path = join(folder, "seg_mf.c");
    await writeFile(path, probeDriver("return 1;"));
    await t.throwsAsync(loadNative(path, RELEASE, cached), { message: "the compiler was called" });
    await loadNative(path, RELEASE, compiling);
    t.deepEqual((await loadNative(path, RELEASE, cached)).path, path);
    await t.throwsAsync(loadNative(path, { maxGrefs: 2 }, cached), { message: "the compiler was called" });
    await writeFile(path, probeDriver("return 2;"));
    await t.throwsAsync(loadNative(path, RELEASE, cached), { message: "the compiler was called" });
  });
});

test("a damaged entry of the cache is compiled again", async (t) => {
  await withFolder(async (folder) => {
    await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: folder, toolchain: compiler });
    const entries = await readdir(folder);
    t.is(entries.length, 1);
    const entry = join(folder, entries[0] ?? "");
    const whole = await readFile(entry);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 1] = (flipped[whole.length - 1] ?? 0) ^ 1;
    for (const damaged of [whole.subarray(0, 100), flipped, Buffer.alloc(0)]) {
      await writeFile(entry, damaged);
      await t.throwsAsync(loadNative(TEST_DRIVER, RELEASE, { cacheFolder: folder, toolchain: onlyVersion }), {
        message: "the compiler was called",
      });
    }
    await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: folder, toolchain: compiler });
    t.deepEqual(await readFile(entry), whole);
    t.deepEqual(await readdir(folder), entries);
  });
});

test("a cache that can't be written to is done without", async (t) => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const module = await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: join(file, "cache"), toolchain: compiler });
    t.is(module.maxGrefs, 16);
    await mkdir(join(folder, "cache"));
    t.deepEqual(await readdir(join(folder, "cache")), []);
  });
});

const VERSION = ["clang", ["--version"], {}] as const;

test("a compiler in a thread of its own is stopped in the midst of a run, and runs no more", async (t) => {
  const stop = new AbortController();
  const { version, run } = await toolchainAside(stop.signal)();
  t.is(version, (await loadToolchain()).version);
  const is = new Error("interrupted");
  const stopped = t.throwsAsync(run(...VERSION), { is });
  stop.abort(is);
  await stopped;
  await t.throwsAsync(run(...VERSION), { is });
});

(IS_DEEP ? test : test.skip)("a compiler in a thread of its own does what it does in this one", async (t) => {
  const here = await loadToolchain();
  const aside = await toolchainAside(new AbortController().signal)();
  t.deepEqual(await aside.run(...VERSION), await here.run(...VERSION));
  const wrong = ["clang", ["no.c"], {}] as const;
  t.deepEqual(await aside.run(...wrong), await here.run(...wrong));
  t.false((await aside.run(...wrong)).ok);
});
