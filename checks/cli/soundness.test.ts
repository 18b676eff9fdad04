import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { createMachine } from "xstate";
import { plainTitlesIn } from "../doc/results/tests.js";
import { EngineError, explore } from "../engine/index.js";
import { inProcess } from "./testkit.js";

/** SOUNDNESS.md: each entry says what it does to a verdict, the tests that it names are there, what it says is refused is refused. */

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("SOUNDNESS.md", root), "utf8");

/** The entries, each on one line: `* **What.** *Exact.* … *Held by* …` */
const entries = [...text.matchAll(/^\* (\*\*.*(?:\n .*)*)/gm)].map(([, entry = ""]) => entry.replaceAll(/\n +/g, " "));

/** Each test that a text names, as file and title: `` *Held by* `FILE`: TITLE; `FILE`: TITLE ``. */
function namedIn(entry: string): readonly (readonly [file: string, title: string])[] {
  const [, list = ""] = /\*held by\* (.*)$/is.exec(entry) ?? [];
  return list.split(/;\s+(?=`)/).flatMap((named) => {
    const [, file, title] = /^`([^`]+)`: (.+)$/s.exec(named.trim()) ?? [];
    return file === undefined || title === undefined ? [] : [[file, oneLine(title)] as const];
  });
}

function oneLine(words: string): string {
  return words.replaceAll(/\s+/g, " ").trim();
}

/** Whether no test of the file has the title. */
function missing([file, title]: readonly [string, string]): boolean {
  return !plainTitlesIn(readFileSync(new URL(file, root), "utf8"))
    .map(oneLine)
    .includes(title);
}

test("every entry of SOUNDNESS.md says what it does to a verdict, and which tests hold it", (t) => {
  t.true(entries.length >= 40, `${entries.length}`);
  const says = /\*(?:exact|may miss|may alarm falsely)\*|\*(?:Exact|May miss|May alarm falsely)\.?\*/;
  t.deepEqual(
    entries.filter((entry) => !says.test(entry) || namedIn(entry).length === 0),
    [],
  );
});

test("every test that SOUNDNESS.md names is there", (t) => {
  const [, end = ""] = /And so are ([\s\S]*?)\n\n/.exec(text) ?? [];
  const named = [...entries, end].flatMap(namedIn);
  t.is(named.length, text.split(".test.ts`:").length - 1);
  t.deepEqual(named.filter(missing), []);
  t.true(missing(["checks/cli/soundness.test.ts", "every test that nobody wrote"]));
});

test("every command that SOUNDNESS.md says is refused is refused so", async (t) => {
  const refused = [...text.matchAll(/^\$ npx segmf (.*)\n(segmf: .*\n)/gm)];
  t.true(refused.length >= 10);
  for (const [, command = "", stderr] of refused) {
    t.deepEqual(await inProcess(command.split(" ")), { code: 2, stdout: "", stderr: stderr ?? "" }, command);
  }
});

/** What the table has in its first column, and as options. */
const WITH_SYMMETRY: Readonly<Record<string, object>> = {
  'engine: "reference"': { engine: "reference" },
  "events: () => []": { events: () => [] },
  "workers: 2": { workers: 2 },
  "checkpoint: {}": { checkpoint: {} },
  'resume: "file"': { resume: "file" },
};

test("everything that SOUNDNESS.md says can't be had together with symmetry is refused so", async (t) => {
  const rows = [...text.matchAll(/^\| `(\w+: .*)` \| (.*) \|$/gm)];
  t.deepEqual(
    rows.map(([, option]) => option),
    Object.keys(WITH_SYMMETRY),
  );
  const machine = createMachine({ type: "parallel", states: { a: {}, b: {} } });
  const symmetry = [{ things: 2, regions: (id: number) => "ab".charAt(id) }];
  for (const [, option = "", said = ""] of rows) {
    const asked = { events: [], symmetry, ...WITH_SYMMETRY[option] };
    const error = await t.throwsAsync(() => explore(machine, asked), { instanceOf: EngineError });
    t.is(error?.headline, said, option);
  }
});

test("SOUNDNESS.md is where others say that it is", (t) => {
  for (const from of ["README.md", "docs/decisions.md"]) {
    const at = new URL(from, root);
    const links = [...readFileSync(at, "utf8").matchAll(/\]\(([^)]*SOUNDNESS\.md)\)/g)];
    t.true(links.length > 0, from);
    for (const [, link = ""] of links)
      t.is(fileURLToPath(new URL(link, at)), fileURLToPath(new URL("SOUNDNESS.md", root)));
  }
});
