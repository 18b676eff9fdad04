import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import type { NativeProblem } from "./errors.js";
import { NativeError } from "./errors.js";
import { loadNative } from "./load.js";
import { compileText, PRIVATE_NAMES, probeDriver, RELEASE, TEST_DRIVER, withFolder } from "./testkit.js";
import type { Toolchain } from "./toolchain.js";
import { loadToolchain } from "./toolchain.js";

/** Fails where it is asked to compile: for what must come from the cache, or never get so far. */
async function onlyVersion(): Promise<Toolchain> {
  const { version } = await loadToolchain();
  return { version, run: () => Promise.reject(new Error("the compiler was called")) };
}

const NO_CACHE = { cacheFolder: null } as const;

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
});

test("private names that are missing are all named", async (t) => {
  const lacking = (from: string, to: string): Promise<NativeProblem | null> =>
    compileText(probeDriver("").replaceAll(from, to), NO_CACHE).then(() => null, problemFrom);
  t.like(await lacking("domid_t domid;", ""), { kind: "missing-names", names: ["struct segmf_data.domid"] });
  t.like(await lacking("#define SEGMF_GFLAGS_WR 1", ""), { kind: "missing-names", names: ["SEGMF_GFLAGS_WR"] });
  t.like(await lacking("SEGMF_MAP_GREF }", "SEGMF_MAP_GRANT }"), { kind: "missing-names", names: ["SEGMF_MAP_GREF"] });
  t.like(await lacking("g_handle", "g_hdl"), { kind: "missing-names", names: ["segmf_map_t.u.g.g_handle"] });
  t.like(await lacking("segmf_map_t *map;", "char *map;"), {
    kind: "missing-names",
    names: ["struct segmf_data.map, a segmf_map_t *"],
  });
  t.like(await lacking("segmf_release_grefs", "segmf_give_back_grefs"), {
    kind: "missing-names",
    names: ["segmf_release_grefs"],
  });
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
    const compiling = { cacheFolder: join(folder, "cache") };
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
    await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: folder });
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
    await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: folder });
    t.deepEqual(await readFile(entry), whole);
    t.deepEqual(await readdir(folder), entries);
  });
});

test("a cache that can't be written to is done without", async (t) => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const module = await loadNative(TEST_DRIVER, RELEASE, { cacheFolder: join(file, "cache") });
    t.is(module.maxGrefs, 16);
    await mkdir(join(folder, "cache"));
    t.deepEqual(await readdir(join(folder, "cache")), []);
  });
});
