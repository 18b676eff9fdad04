import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { ended, scratch } from "./testkit.js";

/** Processes that are killed while they explore. */

const PROGRAM = fileURLToPath(new URL("./killed.fixture.js", import.meta.url));
const folder = scratch();
test.after.always(() => folder.remove());

/** Runs the program to its end, or kills it when it has told so many times how it gets on. What came of it, if it got that far. */
async function run(file: string, threads: number, kill?: number): Promise<string | undefined> {
  const child = spawn(process.execPath, [PROGRAM, file, String(threads)]);
  let told = 0;
  child.stdout.on("data", (text: Buffer) => {
    told += String(text).split("on the way").length - 1;
    if (kill !== undefined && told >= kill) child.kill("SIGKILL");
  });
  const { stdout, stderr } = await ended(child);
  if (stderr !== "") throw new Error(stderr);
  return /RESULT (.*)/s.exec(stdout)?.[1];
}

for (const threads of [1, 2]) {
  test.serial(`killed again and again and resumed, a check comes to the same: threads: ${threads}`, async (t) => {
    const whole = await run(join(folder.path, "whole"), threads);
    t.regex(whole ?? "", /kind: 'product'/);
    const file = join(folder.path, "killed");
    await run(file, threads, 1);
    await run(file, threads, 3);
    t.is(await run(file, threads), whole);
    t.true(existsSync(file));
    t.is(await run(file, threads), whole, "when all is done, nothing is left to do");
    await rm(file);
    await rm(join(folder.path, "whole"));
  });
}
