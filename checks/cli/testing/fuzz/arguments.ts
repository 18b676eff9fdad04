import { join } from "node:path";
import fc from "fast-check";
import { EXIT } from "../../exit.js";
import { CREATE, inProcess, NOTHING_IS_DONE, type Scratch, scenarioText, scratch, UNMAP } from "../../testkit.js";
import { ONE_LINE, type Target } from "./target.js";

const COMMANDS = [
  ...[
    "check",
    "check",
    "check",
    "run",
    "diff",
    "shrink",
    "record",
    "validate",
    "trace",
    "trace convert",
    "trace paths",
  ],
  ...["explore", "compile", "doc --check", "doctor", "cache", "merge"],
  ...["graph", "errata", "help", "help check", "help trace convert", ""],
].map((words) => words.split(" ").filter((word) => word !== ""));

/** Flags; those that name what is to be written have places of their own. */
const FLAGS = [
  ...["driver", "kernel", "fix", "only", "pages", "domids", "refs", "forks", "max-grefs", "faults", "alphabet"],
  ...["limit-states", "limit-seconds", "max-memory", "self-check", "workers", "checkpoint-every", "resume", "random"],
  ...[
    "seed",
    "expect",
    "json",
    "force",
    "help",
    "version",
    "config",
    "no-config",
    "no-cache",
    "update-expectations",
    "to",
    "format",
  ],
  ...["cover", "shard", "abstract", "statechart", "depth", "cap", "from", "threads", "without", "calls", "reporter"],
  ...["watch", "invariants", "call-timeout", "call-memory", "port", "no-open", "report"],
];

const WORDS = [
  ...["illumos", "corrected", "debug", "all", "none", "addmap", "wide", "word-shared", "1", "0", "16", "0.5", "1/2"],
  ...["svg", "itf", "aut", "states", "paths:2", "calls", "junit", "16MiB", "", " ", ",", "--", "-x", "/", "/dev/null"],
  ...["\u0000", "__proto__", "constructor", "é\u202e\n\u001b[2J", "\ud800", "a".repeat(5000)],
];

/** Command lines; what they write goes into a folder of their own. */
function commandLines(folder: Scratch): fc.Arbitrary<readonly string[]> {
  const files = [
    folder.file("scenario.json", scenarioText(CREATE, UNMAP)),
    folder.file("none.json", "{"),
    folder.path,
    join(folder.path, "missing"),
  ];
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 2, arbitrary: fc.constantFrom(...files) },
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.integer().map(String),
  );
  // A dash waits for standard input.
  const safe = word.filter((text) => text !== "-");
  const name = fc.constantFrom(...FLAGS);
  const place = fc.constantFrom("a", "b/c", "scenario.json", "").map((to) => join(folder.path, to));
  const flag = fc.oneof(
    name.map((flagName) => [`--${flagName}`]),
    fc.tuple(name, safe).map(([flagName, value]) => [`--${flagName}`, value]),
    fc.tuple(name, safe).map(([flagName, value]) => [`--${flagName}=${value}`]),
    fc
      .tuple(fc.constantFrom("out", "record", "suite", "into", "site"), place)
      .map(([flagName, value]) => [`--${flagName}`, value]),
    { weight: 3, arbitrary: safe.map((text) => [text]) },
  );
  return fc
    .tuple(fc.constantFrom(...COMMANDS), fc.array(flag, { maxLength: 6 }))
    .map(([command, flags]) => [...command, ...flags.flat()]);
}

const CODES: ReadonlySet<number> = new Set([EXIT.holds, EXIT.violated, EXIT.misuse, EXIT.incomplete]);

/** What would take long, or go on until it is interrupted, is interrupted before it begins. */
const LONG: ReadonlySet<string> = new Set(["graph", "trace", "explore", "compile", "doctor", "--watch"]);

/** Command lines: an exit code that is documented and none of our own faults, and errors of one line. */
export const commandLine: Target = {
  name: "command lines",
  ofAMillion: 59_900,
  prepare: () => {
    const folder = scratch();
    const interrupted = AbortSignal.abort();
    const { signal } = new AbortController();
    return {
      property: fc.asyncProperty(commandLines(folder), async (args) => {
        const isLong = args.some((word) => LONG.has(word));
        const ended = await inProcess(args, {
          checker: NOTHING_IS_DONE,
          signal: isLong ? interrupted : signal,
        });
        const { code, stderr } = ended;
        if (!CODES.has(code) && !(isLong && code === EXIT.interrupted))
          throw new Error(`exit code ${code}: ${JSON.stringify(stderr)}`);
        if (code === EXIT.misuse && !isSaid(stderr)) throw new Error(`said of misuse: ${JSON.stringify(stderr)}`);
      }),
      release: folder.remove,
    };
  },
};

/** One line, the whole help where a command was asked for nothing, or the compiler's own messages where a file is taken for a C file. */
function isSaid(stderr: string): boolean {
  if (/^segmf: [^\n]*: does not compile\n/.test(stderr)) return true;
  return stderr.startsWith("Usage: segmf ") || (stderr.endsWith("\n") && ONE_LINE.test(stderr.slice(0, -1)));
}
