import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { type Examined, examine } from "../conformance/doctor.js";
import { renderDoctor } from "../report/doctor.js";
import { inProcess } from "./testkit.js";
import { versionOf } from "./version.js";

const ROOT = new URL("../../../", import.meta.url);

const recorded = (path: string): string => readFileSync(new URL(`traces/corpus/${path}`, ROOT), "utf8");

const C_DRIVER = "impl/native/testdriver/testdriver.c";

test("this installation is right", async (t) => {
  const { code, stdout, stderr } = await inProcess(["doctor"]);
  const lines = stdout.split("\n");
  t.is(code, 0, stdout);
  t.is(stderr, "");
  t.regex(
    lines[0] ?? "",
    /^versions {7}segmf \d+\.\d+\.\d+, node \d+\.\d+\.\d+, xstate 5\.\d+\.\d+, clang \d+\.\d+\.\d+\S*$/,
  );
  t.deepEqual(lines.slice(1), [
    "right          the specification at 1 page: 51 states, 1235 transitions",
    "right          the corrected driver at 1 page: 26 states, 1417 edges, no violation",
    "right          recorded counterexamples: 28 of 28 errata found, the corrected driver clean",
    "right          a C driver, compiled to WebAssembly: does what the contract says",
    "verdict        this installation is right",
    "",
  ]);
});

/** What is seen where a file of the installation is not as it should be. */
async function examinedWith(file: (path: string) => string, cDriver: string): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  for await (const one of examine({ recorded: file, cDriver })) examined.push(one);
  return examined.filter(({ outcome }) => outcome !== "right");
}

test("what is wrong is told, with what was expected", async (t) => {
  // A counterexample in which nothing happens any more, and a file that is not there.
  const damaged = (path: string): string =>
    /wait|wake/.test(path)
      ? '{ "format": "segmf-scenario/1", "segment": { "pages": 1 }, "steps": [] }'
      : recorded(path);
  const index = JSON.parse(recorded("errata.json")) as { errata: { erratum: string; file: string }[] };
  const lost = new Set(index.errata.filter(({ file }) => /wait|wake/.test(file)).map(({ erratum }) => erratum)).size;
  t.true(lost > 0);
  const missing = fileURLToPath(new URL("no/such.c", ROOT));
  const wrong = await examinedWith(damaged, missing);
  t.deepEqual(
    wrong.map(({ outcome, seen }) => [outcome, seen]),
    [
      [
        "wrong",
        `${28 - lost} of 28 errata found, the corrected driver clean; expected 28 of 28 errata found, the corrected driver clean`,
      ],
      ["wrong", `${missing}: missing; expected a driver's C file, such as seg_mf.c`],
    ],
  );
  const versions = { segmf: "1.0.0", node: "20.0.0", xstate: "5.0.0", clang: null };
  t.regex(
    renderDoctor(versions, wrong, false, false),
    /clang not installed\nwrong .*\nverdict {8}this installation is not right\n$/s,
  );
  t.regex(renderDoctor(versions, [], true, false), /\nverdict {8}interrupted before all was looked at\n$/);
});

test("a package's version is found, also if it does not let its manifest be imported", (t) => {
  t.regex(versionOf("@yowasp/clang") ?? "", /^\d+\./);
  t.regex(versionOf("@xstate/graph") ?? "", /^3\./);
  t.is(versionOf("no-such-package"), null);
  t.true(readFileSync(new URL(C_DRIVER, ROOT), "utf8").length > 0);
});
