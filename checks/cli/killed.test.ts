import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { ended, scratch } from "./testkit.js";

/** Processes that are killed while they explore. */

const PROGRAM = fileURLToPath(new URL("./killed.fixture.js", import.meta.url));
const folder = scratch();
test.after.always(() => folder.remove());

/** Runs the program to its end, or until it has written so many checkpoints. What it printed. */
async function run(file: string, threads: number, most?: number): Promise<string> {
  const killed = most === undefined ? [] : [String(most)];
  const { code, stdout, stderr } = await ended(spawn(process.execPath, [PROGRAM, file, String(threads), ...killed]));
  if (stderr !== "" || code !== (most === undefined ? 0 : null)) throw new Error(`${code}: ${stderr}`);
  return stdout;
}

test("killed again and again and resumed, a check comes to the same, by one thread and by two", async (t) => {
  const whole = await run(join(folder.path, "whole"), 1);
  t.regex(whole, /kind: 'product'/);
  for (const threads of [1, 2]) {
    const file = join(folder.path, `killed ${threads}`);
    t.is(await run(file, threads, 1), "");
    t.is(await run(file, threads, 2), "");
    t.is(await run(file, threads), whole);
    t.true(existsSync(file));
  }
  t.is(await run(join(folder.path, "whole"), 1), whole, "when all is done, nothing is left to do");
});
