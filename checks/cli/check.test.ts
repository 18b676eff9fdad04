import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { inProcess, scratch, segmf } from "./testkit.js";

/** `segmf check` as a user meets it, on scopes that are stopped early: what is explored to the end takes longer than a test may. */

const folder = scratch();
test.after.always(() => folder.remove());

/**
 * The same but for the last part of a check, which takes the longest, whatever the scope is: interrupted where it begins to
 * break every invariant on purpose. Only the first test below goes through that.
 */
function withoutBreaking(args: readonly string[]) {
  const interrupt = new AbortController();
  const progress = (activity: string | null): void => {
    if (activity?.startsWith("breaking every invariant") === true) interrupt.abort();
  };
  return inProcess(args, { signal: interrupt.signal, progress });
}

/** The one line that is of the day. */
const SECONDS = /^seconds {8}\d+\.\d\n/m;

test("a limit on states: what was done so far, exit code 3, and the same text with another number of threads", async (t) => {
  const args = ["check", "--pages", "1", "--limit-states", "10", "--workers"];
  const first = await segmf([...args, "1"]);
  t.is(first.code, 3);
  t.is(first.stderr, "");
  t.is(first.stdout.match(new RegExp(SECONDS, "gm"))?.length, 1);
  t.deepEqual(
    [...first.stdout.matchAll(/^[a-z]+/gm)].map(([name]) => name),
    [
      "driver",
      "scope",
      "specification",
      "paths",
      "product",
      "directed",
      "invariants",
      "coverage",
      "verdict",
      "seconds",
    ],
  );
  t.regex(
    first.stdout,
    /^product {8}10 states, \d+ edges \(\d+ made, \d+ again\), depth \d+: INCOMPLETE\s+\(the\s+limit\s+on\s+states\)/m,
  );
  t.regex(first.stdout, /^specification {2}10 states, \d+ transitions, depth \d+: INCOMPLETE\n/m);
  t.regex(first.stdout, /^verdict {8}incomplete\n/m);
  const second = await inProcess([...args, "2"]);
  t.is(first.stdout.replace(SECONDS, ""), second.stdout.replace(SECONDS, ""));
});

test("a limit on seconds: the same, here as JSON", async (t) => {
  const { code, stdout, stderr } = await withoutBreaking([
    "check",
    "--pages",
    "1",
    "--limit-seconds",
    "0.001",
    "--workers",
    "1",
    "--json",
  ]);
  t.is(code, 3);
  t.is(stderr, "");
  const report = JSON.parse(stdout);
  t.is(report.format, "segmf-check/1");
  t.is(report.verdict, "incomplete");
  t.is(report.products[0].stopped, "seconds");
  t.deepEqual(report.findings, []);
  t.is(Object.keys(report).at(-1), "seconds");
});

/**
 * A driver whose faults show in very few states, and how a command names it. To tell the causes of all that edition illumos
 * does wrong takes long: `npm run test:deep`.
 */
const [FAULTY, STATES] =
  process.env.SEGMF_TEST_DEEP === "1"
    ? [["--driver", "illumos", "--kernel", "release"], "3"]
    : [["--driver", "corrected", "--kernel", "release", "--only", "mfn-zero-binds,gref-zero-undefined"], "20"];

test("findings: exit code 1, each written as a scenario that the command it names replays", async (t) => {
  const out = join(folder.path, "out");
  const { code, stdout, stderr } = await withoutBreaking([
    ...["check", ...FAULTY, "--pages", "1", "--limit-states", STATES, "--workers", "1", "--out", out],
  ]);
  t.is(code, 1);
  t.is(stderr, "");
  const commands = [...stdout.matchAll(/^ {3}again: segmf (.*)$/gm)].map(([, words]) => words ?? "");
  t.true(commands.length > 1);
  const files = await readdir(out);
  t.is(files.length, commands.length);
  for (const command of commands) {
    const [, file, ...options] = command.split(" ");
    t.true(files.some((name) => file === join(out, name)));
    t.deepEqual(options, FAULTY);
    const again = await inProcess(command.split(" "));
    t.is(again.code, 1, command);
    t.is(again.stderr, "");
  }
});
