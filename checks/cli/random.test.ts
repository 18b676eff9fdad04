import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { CHECKER, type Checker } from "./checker.js";
import { inProcess, scratch, segmf } from "./testkit.js";

/** `segmf check --random`, as a user meets it. */

const folder = scratch();
test.after.always(() => folder.remove());

test("runs that hold: exit code 0, the seed, how to make them again; the same text for the same seed", async (t) => {
  const args = ["check", "--random", "5", "--seed", "1", "--pages", "3"];
  const { code, stdout, stderr } = await segmf(args);
  t.is(code, 0);
  t.is(stderr, "");
  t.regex(
    stdout,
    /^driver {9}corrected on the debug kernel\nrandom {9}5 runs, [\d,]+ calls, each judged\nseed {11}1\n\nverdict {8}holds\nagain {10}segmf check --random 5 --seed 1 --pages 3 --driver corrected\n$/,
  );
  t.deepEqual(await segmf(args), { code, stdout, stderr });
});

test("a seed that was not given is drawn, and printed", async (t) => {
  const { code, stdout } = await inProcess(["check", "--random", "1", "--pages", "1", "--json"]);
  t.is(code, 0);
  const report = JSON.parse(stdout);
  t.like(report, { format: "segmf-random/1", driver: "corrected", kernel: "debug", runs: 1, verdict: "holds" });
  t.is(report.again, `segmf check --random 1 --seed ${report.seed} --pages 1 --driver corrected`);
});

test("a run that fails: exit code 1, shrunk, and written for segmf run", async (t) => {
  const out = join(folder.path, "a folder");
  const args = ["check", "--random", "5", "--seed", "1", "--pages", "2", "--driver", "illumos", "--out", out];
  const { code, stdout, stderr } = await segmf(args);
  t.is(code, 1);
  t.is(stderr, "");
  const file = join(out, "random-1.json");
  t.regex(stdout, /^shrunk to \d+ steps? at \d pages?\n {3}1\. create\(/m);
  t.true(stdout.includes(`\n   again: segmf run '${file}' --driver illumos\n`), stdout);
  t.is((await inProcess(["run", file, "--driver", "illumos"])).code, 1);
  t.is((await inProcess(["run", file])).code, 0);

  const json = await inProcess([...args, "--json"]);
  t.is(json.code, 1, "a scenario of ours is written anew");
  const report = JSON.parse(json.stdout);
  t.is(report.verdict, "violated");
  t.is(report.failure.file, file);
  t.is(report.failure.scenario.format, "segmf-scenario/1");
});

test("a file that must not be overwritten is found before the runs, unless --force allows it", async (t) => {
  const file = join(folder.path, "random-7.json");
  await writeFile(file, "mine\n");
  const args = ["check", "--random", "1", "--seed", "7", "--pages", "1", "--out", folder.path];
  const never = { ...CHECKER, randomRuns: () => Promise.reject(new Error("ran")) };
  t.deepEqual(await inProcess(args, { checker: never }), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${file}: exists and is not segmf's own (segmf-scenario/1); move it away, or give --force\n`,
  });
  t.is((await inProcess([...args, "--force"])).code, 0);
});

test("runs are reported in several forms at once, into files of which no other is overwritten", async (t) => {
  const at = (name: string) => join(folder.path, name);
  const args = ["check", "--random", "5", "--seed", "1", "--pages", "2", "--driver", "illumos"];
  const all = ["--reporter", "github", "--reporter", `junit=${at("r.xml")}`, "--reporter", `json=${at("r.json")}`];
  const { code, stdout, stderr } = await inProcess([...args, ...all]);
  t.deepEqual([code, stderr], [1, ""]);
  t.regex(stdout, /^::error title=segmf check%3A findings%3A [^\n]*\n$/);
  t.regex(await readFile(at("r.xml"), "utf8"), /failures="2"/);
  const json = await readFile(at("r.json"), "utf8");
  t.is(JSON.parse(json).format, "segmf-random/1");
  t.is((await inProcess([...args, ...all])).code, 1, "files of ours are written anew");
  t.is(json, (await inProcess([...args, "--json"])).stdout);
  await writeFile(at("mine.xml"), "mine\n");
  const refused = await inProcess([...args, "--reporter", `junit=${at("mine.xml")}`]);
  t.deepEqual([refused.code, refused.stdout], [2, ""]);
});

test("a limit on seconds stops the runs: exit code 3", async (t) => {
  const { code, stdout } = await inProcess([
    ...["check", "--random", "1000000", "--seed", "1", "--pages", "1"],
    ...["--limit-seconds", "0.001", "--json"],
  ]);
  t.is(code, 3);
  t.like(JSON.parse(stdout), { complete: false, verdict: "incomplete", failure: null });
});

test("a limit on seconds leaves the user's signal in force, before the runs and during them", async (t) => {
  const interrupt = new AbortController();
  const seen: unknown[] = [];
  const checker: Checker = {
    ...CHECKER,
    randomRuns: (_subject, { signal, seed, runs }) => {
      seen.push(signal?.aborted);
      interrupt.abort();
      seen.push(signal?.aborted);
      return Promise.resolve({ seed, runs, calls: 0, complete: false, failure: null });
    },
  };
  const args = ["check", "--random", "1", "--limit-seconds", "99999999999"];
  t.is((await inProcess(args, { checker, signal: interrupt.signal })).code, 3);
  t.is((await inProcess(args, { checker, signal: interrupt.signal })).code, 3);
  t.deepEqual(seen, [false, true, true, true]);
});

test("what the runs are told: kernel, seed, sizes; 64 pages and 200 calls at most", async (t) => {
  const told: unknown[] = [];
  const checker = {
    ...CHECKER,
    randomRuns: (...[subject, options]: Parameters<typeof CHECKER.randomRuns>) => {
      told.push([subject.name, { ...options, signal: undefined }]);
      return Promise.resolve({ seed: options.seed, runs: options.runs, calls: 0, complete: true, failure: null });
    },
  };
  const { stdout } = await inProcess(
    ["check", "--random", "9", "--seed", "4", "--kernel", "release", "--driver", "illumos", "--fix", "word-shared"],
    { checker },
  );
  t.deepEqual(told, [
    [
      "illumos without word-shared",
      { kernel: "release", runs: 9, seed: 4, maxPages: 64, maxCalls: 200, signal: undefined },
    ],
  ]);
  t.true(
    stdout.endsWith(
      "again          segmf check --random 9 --seed 4 --driver illumos --kernel release --fix word-shared\n",
    ),
  );
});
