import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { inProcess, scratch } from "./testkit.js";

/** `segmf trace paths`; what suites cover is tested in suite.test.ts. */

const folder = scratch();
test.after.always(() => folder.remove());

const PATHS = ["trace", "paths", "--pages", "1", "--domids", "1", "--faults", "none"];

async function filesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(path)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), "utf8")] as const)),
  );
}

test("shards are disjoint, and together they are the whole; every trace runs", async (t) => {
  const whole = join(folder.path, "whole");
  const { code, stdout } = await inProcess([...PATHS, "--cover", "transitions", "--out", whole]);
  t.is(code, 0);
  t.is(
    stdout,
    `transitions: 513 to cover; 45 traces with 614 calls\nno suite has fewer than 45 traces, or fewer than 513 calls\nwritten to ${whole}\n`,
  );
  const all = await filesIn(whole);
  t.is(all.size, 45);
  const found: string[] = [];
  for (const shard of ["1/3", "2/3", "3/3"]) {
    const out = join(folder.path, shard.replace("/", "of"));
    await inProcess([...PATHS, "--cover", "transitions", "--shard", shard, "--out", out]);
    const own = await filesIn(out);
    for (const [name, text] of own) t.true(all.get(name) === text, name);
    found.push(...own.keys());
  }
  t.deepEqual(found.sort(), [...all.keys()]);
  t.is((await inProcess(["run", join(folder.path, "1of3")])).code, 0);
});

test("shards that are kept are merged to the suite without shards; one that is missing leaves no suite", async (t) => {
  const suite = [...PATHS, "--cover", "transitions"];
  const at = (name: string) => join(folder.path, name);
  const whole = await inProcess([...suite, "--suite", at("all.jsonl"), "--out", at("all"), "--format", "jsonl"]);
  for (const shard of ["2/3", "1/3"]) {
    const { code, stdout } = await inProcess([...suite, "--shard", shard, "--into", at("kept")]);
    t.is(code, 0);
    t.is(
      stdout.split("\n").slice(2).join("\n"),
      `shard ${shard}: 15 traces\nwritten to ${join(at("kept"), `trace+paths-${shard.replace("/", "-of-")}.segmf-shard`)}\n`,
    );
  }
  const to = ["--suite", at("merged.jsonl"), "--out", at("merged"), "--format", "jsonl"];
  t.deepEqual(await inProcess(["merge", at("kept"), ...to]), {
    code: 3,
    stdout: "",
    stderr:
      "segmf: shard 3 of 3 is missing\nsegmf: the suite is incomplete, and nothing was written; merge it with all of its shards\n",
  });
  t.false((await readdir(folder.path)).some((name) => name.startsWith("merged")));
  await inProcess([...suite, "--shard", "3/3", "--into", at("kept")]);
  const merged = await inProcess(["merge", at("kept"), ...to]);
  t.deepEqual(merged, { code: 0, stdout: whole.stdout.replaceAll(at("all"), at("merged")), stderr: "" });
  t.is(await readFile(at("merged.jsonl"), "utf8"), await readFile(at("all.jsonl"), "utf8"));
  t.deepEqual(await filesIn(at("merged")), await filesIn(at("all")));
});

test("shards of a suite are merged with their own only, and have no verdict", async (t) => {
  const at = (name: string) => join(folder.path, name);
  const part = (cover: string, shard: string, into: string, ...more: readonly string[]) =>
    inProcess([...PATHS, "--cover", cover, "--shard", shard, "--into", at(into), ...more]);
  await part("states", "1/2", "mixed");
  await part("transitions", "2/2", "mixed");
  t.regex(
    (await inProcess(["merge", at("mixed")])).stderr,
    /2-of-2\S+: is of another check than .*: the cover differs/,
  );
  await part("states", "1/1", "one");
  t.is((await inProcess(["merge", at("one")])).code, 0);
  const verdict = await inProcess(["merge", at("one"), "--json"]);
  t.deepEqual([verdict.code, verdict.stdout], [2, ""]);
  t.is(verdict.stderr, "segmf: --json is about a check, the shards are of a suite of traces; leave it out\n");
  await inProcess(["check", "--pages", "1", "--domids", "1", "--workers", "1", "--shard", "1/9", "--into", at("one")]);
  t.regex((await inProcess(["merge", at("one")])).stderr, /there are shards of a check and of a suite in it/);
  await inProcess([
    "check",
    "--pages",
    "1",
    "--domids",
    "1",
    "--workers",
    "1",
    "--shard",
    "9/9",
    "--into",
    at("check"),
  ]);
  const suite = await inProcess(["merge", at("check"), "--suite", at("none.jsonl")]);
  t.deepEqual([suite.code, suite.stdout], [2, ""]);
  t.regex(
    suite.stderr,
    /^segmf: --suite is about a suite of traces, the shards in \S+ are of a check; leave it out\n$/,
  );
});

test("in another format, and without --out only the numbers", async (t) => {
  const out = join(folder.path, "itf");
  await inProcess([...PATHS, "--cover", "states", "--out", out, "--format", "itf"]);
  t.deepEqual([...(await filesIn(out)).keys()], ["states-1.itf.json", "states-2.itf.json", "states-3.itf.json"]);
  t.regex(
    (await inProcess([...PATHS, "--cover", "states"])).stdout,
    /\nnothing was written; --out DIR writes them, --suite FILE into one file\n$/,
  );
});

test("in one file, a scenario a line, each of which is called by its line", async (t) => {
  const file = join(folder.path, "suite.jsonl");
  const { stdout } = await inProcess([...PATHS, "--cover", "states", "--suite", file]);
  t.is(stdout.split("\n").at(-2), `written to ${file}`);
  const all = await inProcess(["run", file]);
  t.is(all.code, 0);
  t.is(
    all.stdout.match(/^.*suite.*$/gm)?.join(),
    [1, 2, 3].map((n) => `${file}:${n}: corrected on the debug kernel`).join(),
  );
  const second = await inProcess(["run", `${file}:2`]);
  t.deepEqual(second.stdout.match(/^.*suite.*$/gm), [`${file}:2: corrected on the debug kernel`]);
  const out = join(folder.path, "lines");
  await inProcess(["run", file, "--out", out]);
  t.deepEqual([...(await filesIn(out)).keys()], ["suite-1.json", "suite-2.json", "suite-3.json"]);
  t.deepEqual(await inProcess(["run", `${file}:4`]), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${file}:4: no scenario is on that line; expected one of the 3 in ${file}\n`,
  });
  t.deepEqual(await inProcess(["trace", "convert", file, "--to", "itf"]), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${file}: expected one trace, got 3; name one of them, such as ${file}:1\n`,
  });
});

const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [["--cover", "all"], '--cover: expected states, transitions, pairs or paths:K with K from 1 to 99, got "all"'],
  [
    ["--cover", "paths:0"],
    '--cover: expected states, transitions, pairs or paths:K with K from 1 to 99, got "paths:0"',
  ],
  [["--cover", "states", "--shard", "3/2"], '--shard: expected I/N, I from 1 to N, got "3/2"'],
  [["--cover", "states", "--into", "shards"], "--into belongs to --shard; add --shard I/N"],
  [["--cover", "states", "--shard", "1/2", "--into", ""], '--into: expected the name of a directory, got ""'],
  [["--cover", "states", "--format", "c"], "--format belongs to --out; add --out DIR"],
];

for (const [args, expected] of MISTAKES) {
  test(`a mistake: trace paths ${args.join(" ")}`, async (t) => {
    t.deepEqual(await inProcess([...PATHS, ...args]), { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  });
}

test("a suite that is too large is not made, which is no success", async (t) => {
  const { code, stdout, stderr } = await inProcess([...PATHS, "--cover", "paths:9"]);
  t.deepEqual([code, stdout], [3, ""]);
  t.regex(stderr, /^segmf: more than can be covered \(100000 traces at most\)/);
});

test("a suite that was interrupted is said to be none", async (t) => {
  const out = join(folder.path, "interrupted");
  t.deepEqual(await inProcess([...PATHS, "--cover", "states", "--out", out], { signal: AbortSignal.abort() }), {
    code: 130,
    stdout: "",
    stderr: "segmf: interrupted; nothing was written\n",
  });
});
