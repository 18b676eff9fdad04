import { execFileSync } from "node:child_process";
import test from "ava";
import fc from "fast-check";
import { commandLine } from "./command.js";

test("options that are as usual are left out", (t) => {
  const corrected = { driver: "corrected", kernel: "debug" } as const;
  t.is(commandLine(["run", "a.json"], corrected), "segmf run a.json --driver corrected");
  t.is(
    commandLine(["run", "a.json"], { driver: "illumos", kernel: "release", fix: ["x", "y"] }),
    "segmf run a.json --driver illumos --kernel release --fix x,y",
  );
  t.is(commandLine(["check"], { ...corrected, only: ["x"] }), "segmf check --driver corrected --only x");
});

test("a word that a shell would take apart is quoted", (t) => {
  const choice = { driver: "my driver's.c", kernel: "debug" } as const;
  t.is(commandLine(["run", "$HOME/*.json"], choice), `segmf run '$HOME/*.json' --driver 'my driver'\\''s.c'`);
});

test("a POSIX shell reads back the words, whatever they are", (t) => {
  // No program's argument holds a NUL.
  const word = fc.string({ unit: "binary", minLength: 0, maxLength: 12 }).filter((text) => !text.includes("\u0000"));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const line = commandLine(words, { driver: "illumos", kernel: "debug" });
      const print = line.replace(/^segmf/, "printf '%s\\0'");
      const read = execFileSync("/bin/sh", ["-c", print], { encoding: "utf8" }).split("\u0000").slice(0, -1);
      t.deepEqual(read, [...words, "--driver", "illumos"]);
    }),
    { numRuns: 50 },
  );
});
