import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import test from "ava";
import { HOLDS } from "../report/fixture.js";
import { CHECKER } from "./checker.js";
import { EXIT } from "./exit.js";
import { inProcess, segmf } from "./testkit.js";

const COMMANDS = ["check", "run", "diff", "shrink", "record", "validate", "trace", "graph", "errata", "doc"] as const;

test("the help of a command is the same by any way of asking, on standard output, with exit code 0", async (t) => {
  t.deepEqual(await inProcess(["check", "--help"]), await segmf(["check", "--help"]));
  for (const command of COMMANDS) {
    const asked = await inProcess([command, "--help"]);
    t.is(asked.code, 0);
    t.is(asked.stderr, "");
    t.deepEqual(await inProcess([command, "-h"]), asked);
    t.deepEqual(await inProcess(["help", command]), asked);
  }
  t.deepEqual(await inProcess(["help", "trace", "convert"]), await inProcess(["trace", "convert", "-h"]));
  const root = await segmf(["help"]);
  t.is(root.code, 0);
  t.deepEqual(await inProcess(["--help"]), root);
  for (const command of COMMANDS) t.regex(root.stdout, new RegExp(`^ {2}${command} `, "m"));
});

test("every help has examples, every exit code, and where more is said", async (t) => {
  for (const args of [[], ...COMMANDS.map((command) => [command])]) {
    const { stdout } = await inProcess([...args, "--help"]);
    t.true(examplesIn(stdout).length >= 3);
    for (const code of Object.values(EXIT)) t.regex(stdout, new RegExp(`^ .*\\b${code}\\b`, "m"));
    const readme = /^Documentation: (.*)$/m.exec(stdout)?.[1] ?? "";
    t.true(existsSync(readme), readme);
  }
});

test("every option of check is in the README's table, and none else", async (t) => {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const table = readme.split("\n").filter((line) => line.startsWith("| `--"));
  const documented = new Set(table.flatMap((line) => line.split("|")[1]?.match(/--[a-z-]+/g) ?? []));
  const { stdout } = await inProcess(["check", "--help"]);
  const offered = [...stdout.matchAll(/^ {2}(?:-., )?(--[a-z-]+)/gm)].map(([, name]) => name ?? "");
  t.deepEqual([...documented].sort(), offered.filter((name) => name !== "--help").sort());
});

test("the examples are understood", async (t) => {
  const checker = { ...CHECKER, check: () => Promise.resolve(HOLDS) };
  const { stdout } = await inProcess(["check", "--help"]);
  // Those that need no file of the user's.
  const examples = examplesIn(stdout).filter((example) => !/seg_mf\.c|--random|--shard/.test(example));
  t.true(examples.length > 0);
  for (const example of examples) {
    const words = example.replace(/ {2,}.*$/, "").split(" ");
    t.is(words[0], "segmf");
    t.like(await inProcess(words.slice(1), { checker }), { code: 0, stderr: "" });
  }
});

test("the version is the package's", async (t) => {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
  );
  t.deepEqual(await inProcess(["--version"]), { code: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

/** The command lines under `Examples:`. */
function examplesIn(help: string): readonly string[] {
  const section = /^Examples:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? "";
  return section
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim());
}
