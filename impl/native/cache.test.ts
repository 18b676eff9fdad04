import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import test from "ava";
import { cacheKey, defaultCacheFolder, moduleCache } from "./cache.js";
import { withFolder } from "./testkit.js";

test("the key tells where parts end", (t) => {
  t.is(cacheKey(["ab", "c"]), cacheKey(["ab", Buffer.from("c")]));
  t.not(cacheKey(["ab", "c"]), cacheKey(["a", "bc"]));
  t.not(cacheKey(["ab", "c"]), cacheKey(["abc"]));
  t.not(cacheKey(["1:a"]), cacheKey(["", "a"]));
});

test("modules are kept beside the packages of the working directory, else with the user's temporary files", async (t) => {
  await withFolder(async (folder) => {
    const own = join(tmpdir(), `segmf-cache-${userInfo().uid}`);
    t.is(await defaultCacheFolder(folder), own);
    await writeFile(join(folder, "node_modules"), "");
    t.is(await defaultCacheFolder(folder), own);
  });
  await withFolder(async (folder) => {
    await mkdir(join(folder, "node_modules"));
    t.is(await defaultCacheFolder(folder), join(folder, "node_modules", ".cache", "segmf"));
  });
});

test("what was written is read, under its key only", async (t) => {
  await withFolder(async (folder) => {
    const cache = moduleCache(join(folder, "deep", "cache"));
    const module = Uint8Array.from([0, 97, 115, 109]);
    t.is(await cache.read("a"), null);
    await cache.write("a", module);
    await cache.write("b", Uint8Array.of());
    t.deepEqual(await cache.read("a"), module);
    t.deepEqual(await cache.read("b"), Uint8Array.of());
    t.is(await cache.read("c"), null);
  });
});
