import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { TEST_DRIVER } from "../../impl/native/testkit.js";
import { CREATE, ended, MAIN, scenarioText, scratch, segmf } from "./testkit.js";

/**
 * Machines that are against us: a disk that is full, folders that can't be written to, a process that is put to sleep, a clock
 * that goes back. Whatever happens, nothing half-written is left under a name that somebody would read.
 */

const folder = scratch();
test.after.always(() => folder.remove());

const SMALL = ["check", "--pages", "1", "--domids", "1", "--faults", "none", "--workers", "1"];
const isRoot = process.getuid?.() === 0;

/** Runs the command where no file can get longer than so many blocks of 512 bytes. */
function onFullDisk(blocks: number, args: readonly string[]) {
  const command = `ulimit -f ${blocks}; exec "$0" "$@"`;
  const child = spawn("sh", ["-c", command, process.execPath, MAIN, ...args], {
    env: { PATH: process.env.PATH ?? "", SEGMF_NO_CACHE: "1" },
  });
  return ended(child);
}

/** Options that write something large, by the name of the file in a folder. */
const WRITTEN: readonly (readonly [string, (folder: string) => readonly string[]])[] = [
  ["a report", (into) => [...SMALL, "--reporter", "pretty", "--reporter", `json=${join(into, "report.json")}`]],
  ["a checkpoint", (into) => [...SMALL, "--checkpoint", join(into, "check.ckpt"), "--checkpoint-every", "0.01"]],
  ["a shard", (into) => [...SMALL, "--shard", "1/1", "--into", into]],
];

for (const [what, argsFor] of WRITTEN) {
  test(`no room on the disk for ${what}: one line, 2, and nothing half-written`, async (t) => {
    const into = join(folder.path, what);
    mkdirSync(into);
    const { code, stderr } = await onFullDisk(1, argsFor(into));
    t.is(code, 2);
    t.regex(stderr, /^segmf: .*can't be written .*\n$/);
    t.deepEqual(readdirSync(into), []);
  });
}

test("a folder that can't be written to: said before the work, and nothing left", async (t) => {
  const into = join(folder.path, "closed");
  mkdirSync(into);
  chmodSync(into, 0o555);
  chmodSync(folder.path, 0o755);
  for (const args of [
    ["--reporter", `json=${join(into, "report.json")}`],
    ["--checkpoint", join(into, "check.ckpt")],
    ["--out", join(into, "out")],
    ["--record", join(into, "known.json")],
    ["--shard", "1/1", "--into", join(into, "shards")],
  ]) {
    // The superuser may write anywhere.
    const child = spawn(process.execPath, [MAIN, ...SMALL, ...args], {
      env: { PATH: process.env.PATH ?? "", SEGMF_NO_CACHE: "1" },
      ...(isRoot ? { uid: 65_534, gid: 65_534, cwd: "/" } : {}),
    });
    // Where only the superuser may run this Node, there is no telling.
    const started = await ended(child).catch(() => null);
    if (started === null || /EACCES: permission denied|Cannot find module/.test(started.stderr)) {
      t.log("LEFT OUT: nobody else may read the program here");
      t.pass();
      return;
    }
    const { code, stdout, stderr } = started;
    t.deepEqual({ code, stdout }, { code: 2, stdout: "" }, args.join(" "));
    t.regex(stderr, /^segmf: .*can't be (written|made) .*permission denied.*\n$/, args.join(" "));
  }
  t.deepEqual(readdirSync(into), []);
});

test("no folder for what is temporary: C files are compiled all the same", async (t) => {
  const scenario = folder.file("scenario.json", scenarioText(CREATE));
  const env = { TMPDIR: "/proc/none" };
  const { code, stderr } = await segmf(["run", scenario, "--driver", TEST_DRIVER], { env, cwd: folder.path });
  t.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});

test("put to sleep and woken again, a check comes to the same", async (t) => {
  const timeless = (text: string): string => text.replace(/^seconds .*$/m, "");
  const undisturbed = await segmf(SMALL);
  let times = 0;
  const { code, stdout } = await segmf(SMALL, {
    env: { SEGMF_DEBUG: "1" },
    started: (child) =>
      child.stderr?.on("data", () => {
        times += 1;
        child.kill("SIGSTOP");
        child.kill("SIGCONT");
      }),
  });
  t.true(times > 0);
  t.is(code, 0);
  t.is(timeless(stdout), timeless(undisturbed.stdout));
});

test("a clock that goes back makes no time negative, and no check endless", async (t) => {
  const back =
    "let now = 2e12; Date.now = () => (now -= 1e6); globalThis.Date = class extends Date { constructor(...a) { super(...(a.length ? a : [Date.now()])); } };";
  const node = ["--import", `data:text/javascript,${encodeURIComponent(back)}`];
  const { code, stdout } = await segmf([...SMALL, "--limit-seconds", "1000"], { node });
  t.is(code, 0);
  t.regex(stdout, /^seconds +\d+\.\d$/m);
});

test("killed while it writes, a report is there whole or not at all", async (t) => {
  const into = join(folder.path, "killed");
  mkdirSync(into);
  const path = join(into, "report.json");
  // What renames a file is made to end the process first: the last moment at which it is not there yet.
  const kill = `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module"; fs.renameSync = () => process.kill(process.pid, "SIGKILL"); syncBuiltinESMExports();`;
  const node = ["--import", `data:text/javascript,${encodeURIComponent(kill)}`];
  const { code } = await segmf([...SMALL, "--reporter", `json=${path}`], { node });
  t.is(code, null);
  t.false(existsSync(path));
  const after = await segmf([...SMALL, "--reporter", `json=${path}`]);
  t.is(after.code, 0);
  t.true(existsSync(path));
});
