import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { TEST_DRIVER } from "../../impl/native/testkit.js";
import { HOLDS, VIOLATED } from "../report/fixture.js";
import { EXIT, Misuse } from "./exit.js";
import type { Io } from "./io.js";
import { inProcess, scratch, segmf } from "./testkit.js";
import { watchChecks } from "./watch.js";
import { folderWatcher, type Watcher } from "./watcher.js";

const folder = scratch();
test.after.always(() => folder.remove());

/** A terminal that keeps what is said, and a watcher that is told what changes. */
function stage() {
  const said: string[] = [];
  const interrupt = new AbortController();
  let change: ((file: string) => void) | null = null;
  const io: Io = {
    out: (text) => void said.push(text),
    err: (text) => void said.push(`! ${text}`),
    progress: () => undefined,
    isTerminal: false,
    colours: false,
    debug: false,
    usesCache: false,
    signal: interrupt.signal,
  };
  const watcher: Watcher = (_files, changed) => {
    change = changed;
    return () => {
      change = null;
    };
  };
  return { io, watcher, said, interrupt, changed: (file: string) => change?.(file) };
}

test("a check is made again after each change, and what has changed comes first", async (t) => {
  const { io, watcher, said, interrupt, changed } = stage();
  const reports = [HOLDS, VIOLATED, VIOLATED, HOLDS];
  const code = await watchChecks(
    {
      files: () => Promise.resolve(["f.c"]),
      check: (round, { reported }) => {
        const report = reports.shift();
        if (report !== undefined) {
          reported(null, report);
          round.out(`REPORT ${report.verdict}\n`);
        }
        setImmediate(() => (reports.length === 0 ? interrupt.abort() : changed("f.c")));
        return Promise.resolve(EXIT.holds);
      },
    },
    io,
    watcher,
  );
  t.is(code, EXIT.interrupted);
  const since = said.filter((text) => text.startsWith("since before"));
  const { length } = VIOLATED.findings;
  t.deepEqual(
    since.map((text) => text.split("\n")[0]?.replace(/^since before +/, "")),
    [
      `${length} findings new, 0 gone, 0 the same`,
      `0 findings new, 0 gone, ${length} the same`,
      `0 findings new, ${length} gone, 0 the same`,
    ],
  );
  for (const text of since) t.regex(said[said.indexOf(text) + 1] ?? "", /^REPORT /);
  t.is(said.filter((text) => text === "\nf.c has changed\n\n").length, 3);
  t.is(said.filter((text) => text === "! segmf: waiting for f.c to change; Ctrl-C ends\n").length, 4);
});

test("what was said of old files is not said any more, and their check is stopped", async (t) => {
  const { io, watcher, said, interrupt, changed } = stage();
  let rounds = 0;
  await watchChecks(
    {
      files: () => Promise.resolve(["f.c"]),
      check: (round) => {
        rounds += 1;
        if (rounds === 1) {
          changed("f.c");
          t.true(round.signal.aborted);
          round.out("of old files\n");
        } else {
          t.false(round.signal.aborted);
          interrupt.abort();
        }
        return Promise.resolve();
      },
    },
    io,
    watcher,
  );
  t.is(rounds, 2);
  t.deepEqual(said, ["\nf.c has changed\n\n"]);
});

test("what can't be checked is told and waited for; nothing to watch is misuse; a fault of ours ends it", async (t) => {
  const { io, watcher, said, interrupt, changed } = stage();
  let rounds = 0;
  const files = () => Promise.resolve(["f.c"]);
  const check = () => {
    rounds += 1;
    setImmediate(() => (rounds === 2 ? interrupt.abort() : changed("f.c")));
    return Promise.reject(new Misuse("f.c: does not compile"));
  };
  await watchChecks({ files, check }, io, watcher);
  t.is(said.filter((text) => text === "! segmf: f.c: does not compile\n").length, 2);
  const none = { files: () => Promise.resolve([]), check };
  await t.throwsAsync(watchChecks(none, stage().io, watcher), {
    instanceOf: Misuse,
    message: /there is no file to watch/,
  });
  const fault = { files, check: () => Promise.reject(new TypeError("x")) };
  await t.throwsAsync(watchChecks(fault, stage().io, watcher), { instanceOf: TypeError });
});

test("a file that is written, replaced, or deleted and made again has changed; one that is written as it was has not", async (t) => {
  const path = folder.file("watched.c", "1");
  const beside = join(folder.path, "beside.c");
  const changes: string[] = [];
  let next: (() => void) | null = null;
  const close = folderWatcher([path], (file) => {
    changes.push(`${file === path} ${readFileSync(path, "utf8")}`);
    next?.();
  });
  const after = async (act: () => void): Promise<void> => {
    const changed = new Promise<void>((resolve) => {
      next = resolve;
    });
    act();
    await changed;
  };
  await after(() => writeFileSync(path, "2"));
  writeFileSync(path, "2");
  writeFileSync(beside, "3");
  await after(() => renameSync(beside, path));
  rmSync(path);
  await after(() => writeFileSync(path, "4"));
  close();
  t.deepEqual(changes, ["true 2", "true 3", "true 4"]);
});

test("segmf check --watch: a verdict, another one after the file is saved, and 130 after Ctrl-C", async (t) => {
  const path = join(folder.path, "driver.c");
  copyFileSync(TEST_DRIVER, path);
  let rounds = 0;
  const { code, stdout } = await segmf(
    ["check", "--driver", path, "--pages", "1", "--domids", "1", "--faults", "none", "--watch"],
    {
      started: (child) => {
        child.stderr?.on("data", (text: Buffer) => {
          if (!text.includes("waiting for")) return;
          rounds += 1;
          if (rounds === 1) writeFileSync(path, `${readFileSync(TEST_DRIVER, "utf8")}\n/* saved */\n`);
          else child.kill("SIGINT");
        });
      },
    },
  );
  t.is(code, 130);
  t.is(rounds, 2);
  t.is((stdout.match(/^verdict +\w+$/gm) ?? []).length, 2);
  t.regex(stdout, /driver\.c has changed\n\n(?:.*\n)*since before +0 findings new, 0 gone, \d+ the same\n/);
});

test("segmf check --watch of which nobody reads the results any more ends quietly", async (t) => {
  const path = folder.file("unread.c", readFileSync(TEST_DRIVER));
  const args = ["check", "--driver", path, "--pages", "1", "--domids", "1", "--faults", "none", "--watch"];
  const { code, stderr } = await segmf(args, {
    started: (child) => child.stdout?.once("data", () => child.stdout?.destroy()),
  });
  t.is(code, 0);
  t.notRegex(stderr, /EPIPE|internal error/);
});

test("misuse: --watch of an edition, or of a shard", async (t) => {
  const edition = await inProcess(["check", "--watch"]);
  t.is(edition.code, 2);
  t.regex(edition.stderr, /^segmf: --watch: there is no file to watch; give --driver FILE\.c/);
  const missing = await inProcess(["check", "--watch", "--driver", join(folder.path, "none.c")]);
  t.is(missing.code, 2);
  t.regex(
    missing.stderr,
    /^segmf: --driver .*none\.c: no such file; expected corrected, illumos or the path of a C file\n$/,
  );
  const shard = await inProcess(["check", "--watch", "--shard", "1/2", "--into", folder.path]);
  t.is(shard.code, 2);
  t.regex(shard.stderr, /^segmf: --watch and --shard exclude each other/);
});
