import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { explore } from "../index.js";
import { commit } from "./cases.fixture.js";
import { nodeFiles } from "./files.js";
import { readCheckpoint } from "./format.js";
import { exploreWith, Killed, MemoryFiles, reported } from "./testkit.js";

const FILE = "run.checkpoint";
const checkpoint = { file: FILE, everySeconds: 0 };

/** `npm run test:deep` lets the process end at every place. */
const IS_DEEP = process.env.SEGMF_TEST_DEEP === "1";

test("wherever the process ends, there is a whole checkpoint under the name, or the one before, or none yet", async (t) => {
  const explored = commit(1);
  const whole = reported(await exploreWith(new MemoryFiles(), explored, {}));
  const operations: string[] = [];
  const counting = new MemoryFiles();
  counting.before = (operation) => operations.push(operation);
  await exploreWith(counting, explored, { checkpoint });
  t.deepEqual([...new Set(operations)], ["open", "write", "sync", "rename", "sync folder"]);
  // One checkpoint after the other does the same: of all of them together, each operation is the last of some.
  for (let last = 0; last < operations.length; last += IS_DEEP ? 1 : 3) {
    const files = new MemoryFiles();
    let done = 0;
    files.before = () => {
      // Dead from here on: nothing is cleaned up either.
      if (done >= last) throw new Killed();
      done += 1;
    };
    await t.throwsAsync(exploreWith(files, explored, { checkpoint }), { code: "checkpoint-failed" });
    files.before = () => undefined;
    const resume = files.contents.has(FILE) ? { resume: FILE } : {};
    t.is("resume" in resume, operations.slice(0, last).includes("rename"));
    t.is(reported(await exploreWith(files, explored, { ...resume, checkpoint })), whole);
  }
});

test("where a checkpoint can't be written, the run ends and says so, and what was there stays", async (t) => {
  const files = new MemoryFiles();
  await exploreWith(files, commit(1), { checkpoint, limits: { states: 3 } });
  const before = files.contents.get(FILE);
  files.before = (operation) => {
    if (operation === "sync") throw new Error("ENOSPC: no space left on device");
  };
  await t.throwsAsync(exploreWith(files, commit(1), { checkpoint, resume: FILE }), {
    code: "checkpoint-failed",
    message:
      /"run\.checkpoint" can't be written: Error: ENOSPC: no space left on device\.\n.* What was there before is still there\.$/,
  });
  t.deepEqual([...files.contents], [[FILE, before]]);
});

test("a process that is killed while it writes checkpoints all the time is resumed", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "segmf-checkpoint-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, "run.checkpoint");
  const explored = commit(3);
  const whole = reported(await exploreWith(new MemoryFiles(), explored, {}));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", exploringForEver(file)]);
  const ended = once(child, "exit");
  // It ends only if it is killed.
  while (!existsSync(file) || readCheckpoint(nodeFiles, file).standing.next < 20) {
    await new Promise((resolve) => setImmediate(resolve));
    t.is(child.exitCode, null);
  }
  child.kill("SIGKILL");
  t.deepEqual(await ended, [null, "SIGKILL"]);
  t.is(reported(await exploreWith(nodeFiles, explored, { resume: file })), whole);
});

/** A program that explores again and again, and writes a checkpoint after every state. */
function exploringForEver(file: string): string {
  const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url));
  return `
    import { commit } from ${url("cases.fixture.js")};
    import { nodeFiles } from ${url("files.js")};
    import { exploreWith } from ${url("testkit.js")};
    const checkpoint = { file: ${JSON.stringify(file)}, everySeconds: 0 };
    for (;;) await exploreWith(nodeFiles, commit(3), { checkpoint });
  `;
}

test("explore writes a checkpoint, and goes on from it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "segmf-checkpoint-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, "run.checkpoint");
  const { machine, invariants } = commit(3);
  const events = commit(3).events as [];
  const half = await explore(machine, { events, invariants, checkpoint: { file }, limits: { states: 100 } });
  t.like(half, { states: 100, complete: false });
  const found = await explore(machine, { events, invariants, resume: file });
  t.like(found, { states: 288, transitions: 1145, depth: 11, complete: true });
  t.deepEqual(found, await explore(machine, { events, invariants }));
  t.is((await readFile(file)).toString("latin1", 0, 8), "segmf-ck");
});
