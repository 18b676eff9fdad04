import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { TRACE_FORMATS, type TraceFormat } from "../../traces/formats.js";
import { VIOLATED } from "../report/fixture.js";
import { CHECKER } from "./checker.js";
import { Misuse } from "./exit.js";
import { SCENARIO } from "./formats.js";
import { CREATE, inProcess, scenarioText, scratch, segmf, UNMAP } from "./testkit.js";
import { textIn } from "./tracefiles.js";

/** `segmf trace convert`, and traces written and read by the other commands. */

const folder = scratch();
const at = (name: string) => join(folder.path, name);
const { file } = folder;

const ADD = { call: "add_mfns", seg: 0, page: 0, count: 1, mfn: "0x100", domid: 7 };
const FAILED = { ...ADD, answers: { update_va_mapping: [-22] } };
const plain = file("plain.json", scenarioText(CREATE, ADD, UNMAP));
const NAMES = TRACE_FORMATS.map(({ name }) => name);

test.after.always(() => folder.remove());

test("every format goes to standard output, or into a file or a folder under a name of its own", async (t) => {
  const out = at("all");
  await mkdir(out);
  for (const format of TRACE_FORMATS) {
    const printed = await inProcess(["trace", "convert", plain, "--to", format.name]);
    t.like(printed, { code: 0, stderr: "" });
    t.deepEqual(await inProcess(["trace", "convert", plain, "--to", format.name, "--out", out]), {
      code: 0,
      stdout: "",
      stderr: "",
    });
    t.is(await readFile(join(out, `plain${format.extension}`), "utf8"), printed.stdout);
    // A file of ours is written anew.
    t.is((await inProcess(["trace", "convert", plain, "--to", format.name, "--out", `${out}/`])).code, 0);
  }
  t.deepEqual((await readdir(out)).sort(), [
    "plain.c",
    "plain.itf.json",
    "plain.json",
    "plain.jsonl",
    "plain.mmd",
    "plain.svg",
    "plain.tla",
    "plain.vcd",
  ]);
});

test("what could not be read back is not written", async (t) => {
  const trace = {
    name: "long",
    scenario: { pages: 1, steps: [] },
    run: () => Promise.reject(new Error("not asked for")),
  };
  const size = (bytes: number): TraceFormat => ({ ...SCENARIO, needs: "scenario", write: () => "é".repeat(bytes / 2) });
  t.is((await textIn(size(2 ** 24), trace)).length, 2 ** 23);
  await t.throwsAsync(textIn(size(2 ** 24 + 2), trace), {
    instanceOf: Misuse,
    message:
      "long as scenario: 16777218 bytes could not be read back (16 MiB at most); make the trace shorter, or its segments smaller",
  });
});

test("the driver, the kernel and the limit on refs are those that the options name", async (t) => {
  const failed = file("failed.json", scenarioText(CREATE, FAILED));
  const itf = async (...options: readonly string[]) => {
    const { stdout } = await inProcess(["trace", "convert", failed, "--to", "itf", ...options]);
    return JSON.parse(stdout)["#meta"];
  };
  t.like(await itf(), { source: "failed", driver: "corrected", kernel: "debug", "max-grefs": 16, status: "ok" });
  t.like(await itf("--driver", "illumos", "--kernel", "release", "--max-grefs", "2"), {
    driver: "illumos",
    kernel: "release",
    "max-grefs": 2,
    status: "ok",
  });
});

test("what a run breaks is in the trace, and no failure of converting it", async (t) => {
  const wrong = file("wrong.json", scenarioText(CREATE, { ...ADD, count: 0, mfn: 1 }));
  const { code, stdout } = await inProcess(["trace", "convert", wrong, "--to", "mermaid", "--driver", "illumos"]);
  t.is(code, 0);
  t.regex(stdout, /^ {2}note over caller,driver: refusal-is-pure: segment 0: domid went from 0 to 7$/m);
});

test("a trace goes to ITF and back, from a file and from standard input, whatever it is called", async (t) => {
  const itf = at("trace.whatever");
  t.is((await inProcess(["trace", "convert", plain, "--to", "itf", "--out", itf])).code, 0);
  const { stdout: scenario } = await inProcess(["trace", "convert", plain, "--to", "scenario"]);
  t.is((await inProcess(["trace", "convert", itf, "--to", "scenario"])).stdout, scenario);
  const text = await readFile(itf, "utf8");
  t.deepEqual(await segmf(["trace", "convert", "-", "--to", "scenario"], { stdin: text }), {
    code: 0,
    stdout: scenario,
    stderr: "",
  });
  const ran = await inProcess(["run", itf]);
  t.is(ran.stdout, (await inProcess(["run", plain])).stdout.replace(plain, itf));
});

test("segmf run takes a folder: the traces in it, by name", async (t) => {
  const mixed = at("mixed");
  await mkdir(join(mixed, "inner.json"), { recursive: true });
  await writeFile(join(mixed, "b.json"), scenarioText(CREATE));
  await writeFile(join(mixed, "README.md"), "#");
  await writeFile(join(mixed, ".hidden.json"), "{");
  await inProcess(["trace", "convert", plain, "--to", "itf", "--out", join(mixed, "B.itf.json")]);
  const { code, stdout } = await inProcess(["run", mixed]);
  t.is(code, 0);
  t.deepEqual(stdout.match(/^\/.*(?=: corrected)/gm), [join(mixed, "B.itf.json"), join(mixed, "b.json")]);
  await mkdir(at("none"));
  t.deepEqual(await inProcess(["run", at("none")]), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${at("none")}: no trace file is in this folder; expected names that end in .json or .jsonl\n`,
  });
});

test("--out and --format of segmf run, check and random runs", async (t) => {
  const ran = at("ran");
  t.is((await inProcess(["run", plain, plain, "--out", ran, "--format", "vcd"])).code, 0);
  t.deepEqual((await readdir(ran)).sort(), ["plain-2.vcd", "plain.vcd"]);
  t.is(
    await readFile(join(ran, "plain.vcd"), "utf8"),
    (await inProcess(["trace", "convert", plain, "--to", "vcd"])).stdout,
  );

  const found = at("found");
  const checker = { ...CHECKER, check: () => Promise.resolve(VIOLATED) };
  const checked = await inProcess(["check", "--out", found, "--format", "tla"], { checker });
  t.is(checked.code, 1);
  const [known = "", unknown = ""] = (await readdir(found)).sort();
  t.is(known, "segmf_pte_range_unchecked.tla");
  t.is(unknown, "segmf_unknown_cause_add_mfns_breaks_empty_rollback_map_is_truth.tla");
  t.regex(await readFile(join(found, known), "utf8"), /^---- MODULE segmf_pte_range_unchecked ----\n/);
  t.regex(checked.stdout, /^ {3}written to: .*segmf_pte_range_unchecked\.tla$/m);
  t.false(checked.stdout.includes("again: "));

  const random = at("random");
  const options = ["--random", "5", "--seed", "3", "--driver", "illumos", "--pages", "1"];
  const failed = await inProcess(["check", ...options, "--out", random, "--format", "itf"]);
  t.is(failed.code, 1);
  t.deepEqual(await readdir(random), ["random-3.itf.json"]);
  t.is((await inProcess(["run", random, "--driver", "illumos"])).code, 1);
});

test("a file that is not ours is not overwritten, unless --force says so; nothing partial is left", async (t) => {
  const mine = file("mine.svg", "<svg/>");
  const args = ["trace", "convert", plain, "--to", "svg", "--out", mine];
  t.deepEqual(await inProcess(args), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${mine}: exists and is not segmf's own (segmf-svg/1); move it away, or give --force\n`,
  });
  t.is(await readFile(mine, "utf8"), "<svg/>");
  t.is((await inProcess([...args, "--force"])).code, 0);
  t.regex(await readFile(mine, "utf8"), /^<!-- written by segmf as segmf-svg\/1 -->\n<svg /);

  const broken = file("broken.json", "{");
  const stop = new AbortController();
  const checker = {
    ...CHECKER,
    runScenario: (...run: Parameters<typeof CHECKER.runScenario>) => {
      stop.abort();
      return CHECKER.runScenario(...run);
    },
  };
  const empty = at("empty");
  await mkdir(empty);
  t.is((await inProcess(["trace", "convert", broken, "--to", "c", "--out", empty])).code, 2);
  const interrupted = await inProcess(["trace", "convert", plain, "--to", "c", "--out", empty], {
    checker,
    signal: stop.signal,
  });
  t.is(interrupted.code, 130);
  t.deepEqual(await readdir(empty), []);
});

const MISTAKES: readonly (readonly [readonly string[], string])[] = [
  [["trace", "convert", plain], "required option '--to <format>' not specified; see segmf trace convert --help"],
  [
    ["trace", "convert", plain, "--to", "sgv"],
    `--to: unknown format "sgv" (did you mean svg?); expected one of ${NAMES.join(", ")}`,
  ],
  [["trace", "conver"], "unknown command 'conver' (did you mean convert?); see segmf trace --help"],
  [["run", plain, "--format", "c"], "--format belongs to --out; add --out DIR"],
  [["check", "--format", "c"], "--format belongs to --out; add --out DIR"],
  [
    ["trace", "convert", at("missing"), "--to", "c"],
    `${at("missing")}: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)`,
  ],
  [
    ["trace", "convert", plain, "--to", "c", "--out", at("no/where.c")],
    `${at("no/where.c")}: can't be written (no such file or directory); expected a directory that can be written to`,
  ],
];

for (const [args, expected] of MISTAKES) {
  test(`a mistake: ${args.slice(0, 2).join(" ")} … ${args.at(-1)}`, async (t) => {
    t.deepEqual(await inProcess(args), { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  });
}

test("a file of 1 GiB is refused by its size, and so is a stream that does not end", async (t) => {
  const huge = file("huge.json", "");
  await truncate(huge, 2 ** 30);
  t.is(
    (await inProcess(["run", huge])).stderr,
    `segmf: ${huge}: expected a trace file of at most 16 MiB, got 1073741824 bytes\n`,
  );
  await rm(huge);
  const { code, stderr } = await segmf(["trace", "convert", "-", "--to", "c"], {
    stdin: Buffer.alloc(2 ** 24 + 1, " "),
  });
  t.is(code, 2);
  t.is(stderr, "segmf: standard input: expected a trace file of at most 16 MiB, got more than 16777216 bytes\n");
});

test("the same bytes in any locale and time zone", async (t) => {
  const source = at("sources");
  await mkdir(source);
  for (const name of ["I", "i", "ä", "z"])
    await writeFile(join(source, `${name}.json`), scenarioText(CREATE, FAILED, UNMAP));
  const far = { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Chatham" };
  for (const name of ["itf", "svg"]) {
    const args = (place: string) => ["run", source, "--driver", "illumos", "--out", at(place), "--format", name];
    t.is((await inProcess(args("here"))).code, 0);
    t.is((await segmf(args("far"), { env: far })).code, 0);
  }
  const paths = await readdir(at("here"));
  t.is(paths.length, 2 * 4);
  for (const path of paths)
    t.is(await readFile(join(at("far"), path), "utf8"), await readFile(join(at("here"), path), "utf8"), path);
});

test("where no file or folder can be made: one line, and 2", async (t) => {
  const below = at("plain.json/below");
  const expected: Readonly<Record<string, string>> = {
    [`trace convert ${plain} --to svg --out ${below}`]: `${below}: can't be written (a part of the path is not a directory); name a path where a file can be made`,
    [`trace paths --cover states --pages 1 --suite ${below}`]: `${below}: can't be written (a part of the path is not a directory); name a path where a file can be made`,
    [`run ${plain} --out ${below}`]: `--out ${below}: can't be made (a part of the path is not a directory); name a directory`,
  };
  for (const [line, said] of Object.entries(expected)) {
    t.deepEqual(await inProcess(line.split(" ")), { code: 2, stdout: "", stderr: `segmf: ${said}\n` });
  }
  // Node's own way of making folders never ends there.
  if (process.platform === "linux") {
    const { code, stderr } = await inProcess(["run", plain, "--out", "/proc/nope/x"]);
    t.is(code, 2);
    t.regex(stderr, /^segmf: --out \/proc\/nope\/x: can't be made \(/);
  }
});

test("a file of any size is left alone if it is not ours", async (t) => {
  const huge = file("huge.svg", "");
  await truncate(huge, 2 ** 30);
  t.is(
    (await inProcess(["trace", "convert", plain, "--to", "svg", "--out", huge])).stderr,
    `segmf: ${huge}: exists and is not segmf's own (segmf-svg/1); move it away, or give --force\n`,
  );
  await rm(huge);
});
