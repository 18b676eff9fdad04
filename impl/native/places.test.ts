import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { loadPlaced } from "./places.js";
import { CREATE, perform, probeDriver, RELEASE, TEST_DRIVER, withFolder } from "./testkit.js";

/** Where the kernel is last called in a call that creates a segment, as line and function. */
async function placeOfCreate(path: string) {
  const module = await loadPlaced(path, RELEASE.maxGrefs);
  const { driver, lastCall } = module.open(RELEASE);
  perform(driver, CREATE);
  const first = lastCall();
  if (lastCall().length > 0) throw new Error("a call is told twice");
  return (await module.places([first, []])) as readonly [{ readonly line: number; readonly function: string }, null];
}

test("a call of the kernel is found in the driver's file, by line and function", async (t) => {
  const [place, none] = await placeOfCreate(TEST_DRIVER);
  t.is(none, null);
  const lines = (await readFile(TEST_DRIVER, "utf8")).split("\n");
  const from = lines.findIndex((line) => line.includes(place.function));
  t.true(from >= 0 && from < place.line, `${place.function} begins before line ${place.line}`);
  t.regex(lines[place.line - 1] ?? "", /\w+\(/, "the line makes a call");
});

test("lines that are added above move it, and its function stays", async (t) => {
  const [before] = await placeOfCreate(TEST_DRIVER);
  await withFolder(async (folder) => {
    const path = join(folder, "seg_mf.c");
    await writeFile(path, `/* one */\n\n/* three */\n${await readFile(TEST_DRIVER, "utf8")}`);
    const [after] = await placeOfCreate(path);
    t.deepEqual(after, { ...before, line: before.line + 3 });
  });
});

test("a store outside of all memory is found where it is made, also in a function that is inlined", async (t) => {
  const text = probeDriver(
    "return poke(count);",
    "static int poke(int at) {\n  *(volatile int *)8 = at;\n  return 0;\n}\n",
  );
  await withFolder(async (folder) => {
    const path = join(folder, "seg_mf.c");
    await writeFile(path, text);
    const module = await loadPlaced(path, RELEASE.maxGrefs);
    const { driver, lastCall } = module.open(RELEASE);
    perform(driver, CREATE);
    const { panic } = perform(driver, { call: "release_grefs", seg: 0, page: 0, count: 1 });
    t.not(panic, null);
    const [place] = await module.places([lastCall()]);
    t.is(text.split("\n")[(place?.line ?? 0) - 1], "  *(volatile int *)8 = at;");
    t.is(place?.function, "poke");
  });
});
