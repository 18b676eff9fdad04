import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import type { CheckOptions } from "../conformance/check.js";
import type { JobDone } from "../conformance/job.js";
import { EngineError } from "../engine/index.js";
import { HOLDS, INCOMPLETE } from "../report/fixture.js";
import { CHECKER, type Checker } from "./checker.js";
import { errorOf, failureOf } from "./crew.messages.js";
import { differences, identityOf } from "./identity.js";
import { inProcess, scratch } from "./testkit.js";

/** Checkpoints as files that a user names. What is checked is made up. */

const DONE: JobDone = { result: { kind: "directed", results: [], groups: [] }, stopped: null };
const SAME = "expected a checkpoint of the same check by the same segmf";

async function inFolder(use: (at: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = scratch();
  try {
    await use((name) => join(folder.path, name));
  } finally {
    await folder.remove();
  }
}

/** A check that does what it is told with its ledger. */
function checker(act: (ledger: NonNullable<CheckOptions["ledger"]>) => void | Promise<void>, report = HOLDS): Checker {
  return {
    ...CHECKER,
    check: async (_subject, { ledger }) => {
      if (ledger !== undefined) await act(ledger);
      return report;
    },
  };
}

function check(args: readonly string[], by: Checker = checker(() => undefined)) {
  return inProcess(["check", ...args], { checker: by });
}

/** Writes a checkpoint in which one job is done and another begun. */
async function write(file: string, ...args: readonly string[]): Promise<void> {
  const by = checker((ledger) => {
    ledger.finish(0, DONE);
    ledger.keep(2, { kind: "chart", bytes: Uint8Array.of(1, 2, 3) });
  }, INCOMPLETE);
  const { code, stderr } = await check(["--checkpoint", file, ...args], by);
  if (code !== 3 || stderr !== "") throw new Error(`${code}: ${stderr}`);
}

test("what was done is there again, in a file that is alone in its folder", async (t) => {
  await inFolder(async (at) => {
    await write(at("kept"));
    t.deepEqual(await readdir(at(".")), ["kept"]);
    await symlink(at("kept"), at("link"));
    t.plan(6);
    const by = checker((ledger) => {
      t.deepEqual(ledger.done(0), DONE);
      t.is(ledger.done(2), undefined);
      const position = ledger.position(2);
      t.deepEqual(position?.kind === "chart" ? [...position.bytes] : position, [1, 2, 3]);
      ledger.finish(2, DONE);
    });
    await check(["--resume", at("kept"), "--checkpoint", at("link")], by);
    await check(
      ["--resume", at("kept")],
      checker((ledger) => {
        t.deepEqual([ledger.done(0), ledger.done(2), ledger.position(2)], [DONE, DONE, undefined]);
      }),
    );
    t.deepEqual((await readdir(at("."))).sort(), ["kept", "link"]);
  });
});

test("what was done is written into another file, too, if nothing is left to be done", async (t) => {
  await inFolder(async (at) => {
    await write(at("kept"));
    await check(["--resume", at("kept"), "--checkpoint", at("other")]);
    t.plan(1);
    await check(
      ["--resume", at("other")],
      checker((ledger) => {
        t.deepEqual([ledger.done(0), ledger.done(2)], [DONE, undefined]);
      }),
    );
  });
});

test("a checkpoint of something else is refused in one line that says what differs", async (t) => {
  await inFolder(async (at) => {
    await write(at("kept"), "--pages", "1");
    const others = {
      "--pages 2": "the scope differs",
      "--pages 1 --faults none": "the scope differs",
      "--pages 1 --alphabet wide": "the scope differs",
      "--pages 1 --kernel release": "the kernel differs",
      "--pages 1 --driver illumos": "the driver differs",
      "--pages 1 --only word-shared --self-check 1": "the driver and the self-check differ",
    };
    for (const [args, said] of Object.entries(others)) {
      t.deepEqual(await check(["--resume", at("kept"), ...args.split(" ")]), {
        code: 2,
        stdout: "",
        stderr: `segmf: --resume ${at("kept")}: can't be resumed: it is of another check: ${said}; ${SAME}\n`,
      });
    }
    t.is((await check(["--resume", at("kept"), "--pages", "1", "--limit-states", "5", "--workers", "1"])).code, 0);
  });
});

test("the text of a C file is a part of what is checked, its name is not; so is this program", async (t) => {
  await inFolder(async (at) => {
    const of = (path: string) =>
      identityOf({ plan: { kind: "native", path }, kernel: "debug", scope: undefined, selfCheck: undefined });
    await writeFile(at("one.c"), "int a;\n");
    await writeFile(at("same.c"), "int a;\n");
    await writeFile(at("other.c"), "int b;\n");
    t.deepEqual(differences(of(at("one.c")), of(at("same.c"))), []);
    t.deepEqual(differences(of(at("one.c")), of(at("other.c"))), ["C file"]);
    t.regex(of(at("one.c")).program ?? "", /^[0-9a-f]{64}$/);
  });
});

test("a damaged checkpoint is refused, and so is one that was cut short", async (t) => {
  await inFolder(async (at) => {
    await write(at("kept"));
    const content = await readFile(at("kept"));
    const middle = content.length >> 1;
    for (const damaged of [content.subarray(0, middle), Buffer.concat([content, Buffer.of(0)]), Buffer.alloc(0)]) {
      await writeFile(at("kept"), damaged);
      const { code, stdout, stderr } = await check(["--resume", at("kept")]);
      t.is(code, 2);
      t.is(stdout, "");
      t.regex(stderr, /^segmf: --resume .*: can't be resumed: it (is cut short or garbled|does not begin as).*\n$/);
    }
    content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
    await writeFile(at("kept"), content);
    t.regex((await check(["--resume", at("kept")])).stderr, /garbled: its checksum is wrong; .*\n$/);
  });
});

test("what is in the way is left alone unless --force says otherwise; a checkpoint, or a piece of one, is replaced", async (t) => {
  await inFolder(async (at) => {
    await writeFile(at("kept.new"), "mine\n");
    const { code, stderr } = await check(["--checkpoint", at("kept")]);
    t.is(code, 2);
    t.is(
      stderr,
      `segmf: --checkpoint ${at("kept.new")}: exists and is no checkpoint of a check; move it away, or give --force\n`,
    );
    t.is(await readFile(at("kept.new"), "utf8"), "mine\n");
    await write(at("kept"), "--force");
    await writeFile(at("kept.new"), (await readFile(at("kept"))).subarray(0, 10));
    await write(at("kept"));
    t.deepEqual(await readdir(at(".")), ["kept"]);
  });
});

test("where none can be written any more, the report is not lost, and exit code 2 says so", async (t) => {
  await inFolder(async (at) => {
    await mkdir(at("folder"));
    const by = checker(async (ledger) => {
      await rm(at("folder"), { recursive: true });
      ledger.finish(0, DONE);
    });
    const { code, stdout, stderr } = await check(["--checkpoint", at("folder/kept")], by);
    t.is(code, 2);
    t.regex(stdout, /^verdict {8}holds$/m);
    t.is(stderr, `segmf: --checkpoint ${at("folder/kept")}: can't be written (no such file or directory)\n`);
  });
});

test("where --max-memory has no room for what a checkpoint holds, one line says so; without one it is our fault", async (t) => {
  await inFolder(async (at) => {
    await write(at("kept"));
    const thrown = new EngineError("bad-option", "There is no room in limits.memory for the states of the checkpoint.");
    // As a thread throws it: told to the main thread, and thrown there.
    const by = checker(() => Promise.reject(errorOf(failureOf(thrown))));
    t.deepEqual(await check(["--resume", at("kept")], by), {
      code: 2,
      stdout: "",
      stderr: `segmf: --resume ${at("kept")}: can't be resumed: ${thrown.headline}\n`,
    });
    t.is((await check(["--checkpoint", at("other")], by)).code, 70);
  });
});
