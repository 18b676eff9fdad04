import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { EXIT } from "./exit.js";
import { inProcess, NOTHING_IS_DONE, scratch } from "./testkit.js";

/** Whatever the command line is: no exception gets out, the exit code is one of ours, and errors are one line. */

const folder = scratch();
test.after.always(() => folder.remove());

const FLAGS = [
  ...["driver", "kernel", "fix", "only", "pages", "domids", "refs", "forks", "max-grefs", "faults", "alphabet"],
  ...[
    "limit-states",
    "limit-seconds",
    "max-memory",
    "self-check",
    "random",
    "seed",
    "shard",
    "into",
    "expect",
    "json",
    "force",
    "help",
    "version",
  ],
];

/** Values that some option takes, and text that none does. A dash is left out: it would wait for standard input. */
const word = fc.oneof(
  fc.constantFrom(
    "illumos",
    "corrected",
    "debug",
    "all",
    "none",
    "addmap",
    "wide",
    "word-shared",
    "1",
    "0",
    "16",
    "0.5",
  ),
  fc.constantFrom(
    "",
    " ",
    ",",
    "--",
    "-x",
    "\u0000",
    "/",
    "/dev/null",
    "__proto__",
    "constructor",
    "é\u202e\n\u001b[2J",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => text !== "-"),
  fc.integer().map(String),
);

const flag = fc.oneof(
  fc.constantFrom(...FLAGS).map((name) => [`--${name}`]),
  fc.tuple(fc.constantFrom(...FLAGS), word).map(([name, value]) => [`--${name}`, value]),
  fc.tuple(fc.constantFrom(...FLAGS), word).map(([name, value]) => [`--${name}=${value}`]),
  // What is written goes into a folder of the test's own.
  fc
    .tuple(fc.constantFrom("out", "record"), fc.constantFrom("a", "b/c", ""))
    .map(([name, value]) => [`--${name}`, join(folder.path, value)]),
  word.map((text) => [text]),
);

const commandLine = fc
  .tuple(fc.constantFrom(["check"], ["run"], ["errata"], ["help"], []), fc.array(flag, { maxLength: 5 }))
  .map(([command, flags]) => [...command, ...flags.flat()]);

test("any command line ends in a documented way", async (t) => {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(commandLine, async (args) => {
      const { code, stdout, stderr } = await inProcess(args, { checker: NOTHING_IS_DONE });
      seen.add(code);
      if (code === EXIT.holds) return stdout !== "" && stderr === "";
      // Without a command the whole help is what is said.
      const said =
        stderr.startsWith("Usage: segmf [options] [command]\n") || /^segmf: [^\p{Cc}\p{Cf}]+\n$/u.test(stderr);
      return code === EXIT.misuse && stdout === "" && said;
    }),
    { numRuns: 700, seed: 20_260_101 },
  );
  t.deepEqual([...seen].sort(), [EXIT.holds, EXIT.misuse]);
});
