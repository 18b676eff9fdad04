import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { TEST_DRIVER } from "../../impl/native/testkit.js";
import { CHECKER } from "./checker.js";
import { inProcess, scratch } from "./testkit.js";

const folder = scratch();
test.after.always(() => folder.remove());

const SMALL = ["check", "--pages", "1", "--domids", "1", "--workers", "1"];

/** Runs a command that may use the cache in that folder. */
async function cachingIn(cache: string, args: readonly string[], checker = CHECKER) {
  const before = process.env.SEGMF_CACHE_DIR;
  process.env.SEGMF_CACHE_DIR = cache;
  try {
    const { code, stdout, stderr } = await inProcess(args, { usesCache: true, checker });
    return { code, stdout: stdout.replace(/^seconds .*$/m, ""), stderr };
  } finally {
    if (before === undefined) delete process.env.SEGMF_CACHE_DIR;
    else process.env.SEGMF_CACHE_DIR = before;
  }
}

const TAKEN = (parts: number, of: number, cache: string): string =>
  `segmf: ${parts} of ${of} parts of this check not explored again, but taken from ${cache}; --no-cache explores all\n`;

test("what was explored is not explored again, and said to be from before: the report is the same", async (t) => {
  const cache = join(folder.path, "plain");
  const first = await cachingIn(cache, SMALL);
  t.deepEqual({ code: first.code, stderr: first.stderr }, { code: 0, stderr: "" });
  const second = await cachingIn(cache, SMALL);
  t.deepEqual(second, { ...first, stderr: TAKEN(10, 10, cache) });
  t.deepEqual(await cachingIn(cache, [...SMALL, "--no-cache"]), first);
  const other = await cachingIn(cache, [...SMALL, "--kernel", "release"]);
  t.is(other.stderr, "", "another check");
  t.is(readdirSync(cache).length, 2);
});

test("findings of a C file are kept as long as its text is the same", async (t) => {
  const cache = join(folder.path, "c");
  const path = folder.file("driver.c", readFileSync(TEST_DRIVER));
  const args = [...SMALL, "--driver", path, "--faults", "none"];
  const first = await cachingIn(cache, args);
  t.is((await cachingIn(cache, args)).stdout, first.stdout);
  writeFileSync(path, `${readFileSync(TEST_DRIVER, "utf8")}\n`);
  t.is((await cachingIn(cache, args)).stderr, "");
});

test("nothing is kept of a C file that has changed, or gone, while it was checked", async (t) => {
  const cache = join(folder.path, "changed");
  const path = join(folder.path, "changing.c");
  const text = readFileSync(TEST_DRIVER, "utf8");
  const args = [...SMALL, "--driver", path, "--faults", "none"];
  for (const meanwhile of [() => writeFileSync(path, `${text}\n/* saved */\n`), () => rmSync(path)]) {
    writeFileSync(path, text);
    const saved: typeof CHECKER.check = async (...given) => {
      const report = await CHECKER.check(...given);
      meanwhile();
      return report;
    };
    await cachingIn(cache, args, { ...CHECKER, check: saved });
    t.deepEqual(readdirSync(cache), []);
  }
});

test("a damaged entry is noticed, and written anew", async (t) => {
  const cache = join(folder.path, "damaged");
  const first = await cachingIn(cache, SMALL);
  const [name = ""] = readdirSync(cache);
  const whole = readFileSync(join(cache, name));
  const flipped = Buffer.from(whole);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  for (const bytes of [flipped, whole.subarray(0, 40), Buffer.alloc(0), Buffer.from("segmf-results/1\n")]) {
    writeFileSync(join(cache, name), bytes);
    t.deepEqual(await cachingIn(cache, SMALL), first);
    t.is((await cachingIn(cache, SMALL)).stderr, TAKEN(10, 10, cache));
  }
});

test("what was stopped is not kept", async (t) => {
  const cache = join(folder.path, "stopped");
  const stopped = await cachingIn(cache, [...SMALL, "--limit-states", "3"]);
  t.is(stopped.code, 3);
  const whole = await cachingIn(cache, SMALL);
  t.is(whole.code, 0);
  t.is(whole.stderr, TAKEN(4, 10, cache), "paths, directed scenarios and the breaking of invariants have no limit");
  t.is(whole.stdout, (await inProcess(SMALL)).stdout.replace(/^seconds .*$/m, ""));
});

test("a cache that can't be there is no error", async (t) => {
  const file = folder.file("no-folder", "");
  for (const cache of [file, join(file, "inside"), "/proc/segmf"]) {
    const { code, stderr } = await cachingIn(cache, [...SMALL, "--faults", "none"]);
    t.deepEqual({ code, stderr }, { code: 0, stderr: "" }, cache);
  }
});

test("two at once leave one whole entry", async (t) => {
  const cache = join(folder.path, "two");
  const before = await cachingIn(cache, SMALL);
  process.env.SEGMF_CACHE_DIR = cache;
  await Promise.all([0, 1].map(() => inProcess([...SMALL, "--kernel", "release"], { usesCache: true })));
  delete process.env.SEGMF_CACHE_DIR;
  t.is(readdirSync(cache).length, 2);
  t.is((await cachingIn(cache, SMALL)).stdout, before.stdout);
  t.is((await cachingIn(cache, [...SMALL, "--kernel", "release"])).stderr, TAKEN(10, 10, cache));
});

test("segmf cache says what is kept; clear removes that, and nothing else", async (t) => {
  const cache = join(folder.path, "clear");
  await cachingIn(cache, SMALL);
  writeFileSync(join(cache, "mine.txt"), "");
  const said = await cachingIn(cache, ["cache"]);
  t.regex(said.stdout, new RegExp(`^kept: 1 check and 0 compiled C files, [\\d,]+ bytes, in ${cache}\n`));
  t.is((await cachingIn(cache, ["cache", "nonsense"])).code, 2);
  t.deepEqual(readdirSync(cache).length, 2);
});
