import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import test from "ava";
import { TEST_DRIVER } from "../../impl/native/testkit.js";
import { CREATE, ended, MAIN, scenarioText, scratch, segmf } from "./testkit.js";

/** What the command is to the shell: signals, pipes, terminals, faults. Each test runs it in a process of its own. */

const folder = scratch();
const scenario = folder.file("scenario.json", scenarioText(CREATE));

test.after.always(() => folder.remove());

/** Much longer than any test takes. */
const LONG = ["check", "--pages", "3", "--forks", "1"];

/** Runs a long check and sends a signal once the work has begun. */
function interrupted(signal: NodeJS.Signals, args: readonly string[]) {
  return segmf(args, {
    env: { SEGMF_DEBUG: "1" },
    started: (child) => child.stderr?.once("data", () => child.kill(signal)),
  });
}

test("Ctrl-C: what was done so far, as incomplete, and 130", async (t) => {
  const { code, stdout } = await interrupted("SIGINT", [...LONG, "--workers", "2"]);
  t.is(code, 130);
  t.regex(stdout, /^driver {9}corrected on the debug kernel\n/);
  t.regex(stdout, /^product {8}\d+ states?, .*INCOMPLETE \(interrupted\)/m);
  t.regex(stdout, /^verdict {8}incomplete\n/m);
  t.regex(stdout, /\nseconds {8}\d+\.\d\n$/);
});

test("SIGTERM: the same, and 143; also as JSON", async (t) => {
  const { code, stdout } = await interrupted("SIGTERM", [...LONG, "--workers", "1", "--json"]);
  t.is(code, 143);
  const report = JSON.parse(stdout);
  t.is(report.format, "segmf-check/1");
  t.is(report.verdict, "incomplete");
  t.is(report.products[0].stopped, "aborted");
});

test("Ctrl-C ends random runs: those made so far, and 130", async (t) => {
  const { code, stdout } = await interrupted("SIGINT", ["check", "--random", "1000000", "--seed", "1", "--pages", "1"]);
  t.is(code, 130);
  t.regex(stdout, /^verdict {8}incomplete\n {15}only \d+ runs? (was|were) made\n/m);
});

test("Ctrl-C while standard input is awaited: one line, and 130", async (t) => {
  const { code, stdout, stderr } = await segmf(["run", "-"], {
    env: { SEGMF_DEBUG: "1" },
    started: (child) => child.stderr?.once("data", () => child.kill("SIGINT")),
  });
  t.is(code, 130);
  t.is(stdout, "");
  t.is(stderr, "segmf: reading standard input\nsegmf: interrupted\n");
});

test("a reader that goes away early is no error", async (t) => {
  for (const args of [["errata"], ["run", scenario, scenario, "--json"], ["--help"]]) {
    const { code, stderr } = await segmf(args, { started: (child) => child.stdout?.destroy() });
    t.is(stderr, "");
    t.is(code, 0);
  }
});

test("Ctrl-C when nobody reads what threads come to: no error either, and 130", async (t) => {
  const { code, stdout, stderr } = await segmf([...LONG, "--workers", "2"], {
    env: { SEGMF_DEBUG: "1" },
    started: (child) => {
      child.stdout?.destroy();
      child.stderr?.once("data", () => child.kill("SIGINT"));
    },
  });
  t.is(code, 130);
  t.is(stdout, "");
  t.is(stderr, "");
});

test("nobody to read errors is no error either", async (t) => {
  const { code, stdout } = await segmf(["chek"], { started: (child) => child.stderr?.destroy() });
  t.is(code, 2);
  t.is(stdout, "");
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test(`${signal} while a C file is compiled: nothing but that, and ${code}`, async (t) => {
    // No other text, so that it was not compiled before.
    const path = folder.file(`${signal}.c`, `${readFileSync(TEST_DRIVER, "utf8")}\n/* ${signal} ${Date.now()} */\n`);
    const ended = await interrupted(signal, ["check", "--driver", path]);
    t.is(ended.code, code);
    t.is(ended.stdout, "");
    t.regex(ended.stderr, /segmf: compiling .*\nsegmf: interrupted before the C file was compiled\n$/);
  });
}

test("Ctrl-C of a command that has said nothing yet: one line, and 130", async (t) => {
  const { code, stdout, stderr } = await interrupted("SIGINT", [
    "graph",
    "--to",
    "aut",
    "--pages",
    "2",
    "--forks",
    "1",
  ]);
  t.deepEqual({ code, stdout }, { code: 130, stdout: "" });
  t.regex(stderr, /^segmf: .*\nsegmf: interrupted\n$/);
});

test("a full disk: one line, and 2", async (t) => {
  if (!existsSync("/dev/full")) {
    t.log("LEFT OUT: no /dev/full here");
    t.pass();
    return;
  }
  const child = spawn(process.execPath, [MAIN, "errata"], { stdio: ["ignore", openSync("/dev/full", "w"), "pipe"] });
  const { code, stderr } = await ended(child);
  t.is(stderr, "segmf: standard output: can't be written to (no space left)\n");
  t.is(code, 2);
});

/** A part of Node that the command uses, made to throw: what no user can do wrong. */
const BROKEN = `performance.now = () => { throw new TypeError("out of\\norder"); };`;
const LATER = `performance.now = () => { setImmediate(() => { throw new TypeError("out of\\norder"); }); return 0; };`;
const REJECTED = `performance.now = () => { Promise.reject(new TypeError("out of\\norder")); return 0; };`;

const SAID =
  /^segmf: internal error, which is our fault and not yours: TypeError: out of order; please report it with (.*segmf-fault-[0-9a-f]{8}\.json)\n$/;

for (const [where, code] of Object.entries({ "in the work": BROKEN, later: LATER, "in a promise": REJECTED })) {
  test(`a fault of ours ${where}: one line that says so, and 70`, async (t) => {
    const node = ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
    const cwd = mkdtempSync(join(folder.path, "fault-"));
    const args = ["check", "--pages", "1"];
    const { code: exit, stdout, stderr } = await segmf(args, { node, cwd });
    t.deepEqual({ exit, stdout }, { exit: 70, stdout: "" });
    t.regex(stderr, SAID);
    const path = SAID.exec(stderr)?.[1] ?? "";
    t.deepEqual(readdirSync(cwd), [basename(path)], "nothing half-written beside it");
    const report = JSON.parse(readFileSync(join(cwd, basename(path)), "utf8"));
    t.like(report, { format: "segmf-fault/1", node: process.version, command: ["segmf", ...args] });
    t.like(report.thrown, { name: "TypeError", message: "out of\norder" });
    t.true(report.thrown.stack.length > 0);
    t.false(JSON.stringify(report).includes(homedir()), "nothing private");
  });
}

test("a fault whose report can't be written anywhere is one line all the same", async (t) => {
  const node = ["--import", `data:text/javascript,${encodeURIComponent(BROKEN)}`];
  const { code, stderr } = await segmf(["check"], { node, cwd: "/proc", env: { TMPDIR: "/proc/none" } });
  t.is(code, 70);
  t.regex(
    stderr,
    /^segmf: internal error, .* out of order; please report it with the command you ran and what it prints with SEGMF_DEBUG=1\n$/,
  );
});

test("SEGMF_DEBUG=1 adds the stack of a fault of ours", async (t) => {
  const node = ["--import", `data:text/javascript,${encodeURIComponent(BROKEN)}`];
  const { code, stderr } = await segmf(["check"], { node, env: { SEGMF_DEBUG: "1" }, cwd: folder.path });
  t.is(code, 70);
  t.regex(stderr, /^segmf: internal error, .*\.json\nTypeError: out of\norder\n {4}at /);
});

/** Escape codes, of colours or of any other kind. */
const ESCAPE = "\u001b[";

/** Of util-linux, where there is one. */
const SCRIPT = "script";

/** Runs the command on a terminal that `script` makes up; what both streams printed. */
function onTerminal(args: readonly string[], env: Readonly<Record<string, string>>): string | null {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(" ");
  const { status, stdout } = spawnSync(SCRIPT, ["-qec", command, "/dev/null"], {
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", ...env },
    input: "",
    encoding: "utf8",
  });
  return status === null ? null : stdout;
}

const COLOUR = "\u001b[1m";
const CLEAR_LINE = "\r\u001b[2K";

test("on a terminal there are colours and a progress line, unless the environment says otherwise", (t) => {
  const args = ["run", scenario];
  const plain = onTerminal(args, {});
  if (plain === null) {
    t.log("LEFT OUT: no util-linux script here");
    t.pass();
    return;
  }
  t.true(plain.includes(COLOUR));
  t.true(plain.startsWith(`${CLEAR_LINE}reading ${scenario}`));
  const colourless = onTerminal(args, { NO_COLOR: "1" }) ?? "";
  t.false(colourless.includes(COLOUR));
  t.true(colourless.startsWith(`${CLEAR_LINE}reading ${scenario}`));
  t.true(onTerminal(args, { NO_COLOR: "" })?.includes(COLOUR));
  t.false(onTerminal(args, { TERM: "dumb" })?.includes(ESCAPE));
});

test("without a terminal there are no escape codes and no progress line", async (t) => {
  const { stdout, stderr } = await segmf(["run", scenario], { env: { TERM: "xterm" } });
  t.false(stdout.includes(ESCAPE));
  t.is(stderr, "");
});
