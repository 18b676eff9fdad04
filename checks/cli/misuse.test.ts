import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { CHECKER } from "./checker.js";
import { inProcess, scratch, segmf } from "./testkit.js";

/** Everything that can be wrong with a command line: exit code 2, one line that says so, nothing on standard output. */

const folder = scratch();
test.after.always(() => folder.remove());

const DRIVERS = "expected corrected, illumos or the path of a C file";
const FAULTS =
  "addmap, update_va_mapping, map_grant_ref, map_grant_ref_status, unmap_grant_ref, waiting, unmap_grant_ref_status";
const CHECK = "; see segmf check --help";
const SAME = "expected a checkpoint of the same check by the same segmf";

/** Commands as a shell splits them, and what is said of each. */
const WRONG: Readonly<Record<string, string>> = {
  chek: "unknown command 'chek' (did you mean check?); see segmf --help",
  "frobnicate now": "unknown command 'frobnicate'; see segmf --help",
  "--jason": "unknown option '--jason'; see segmf --help",
  "--versoin": "unknown option '--versoin' (did you mean --version?); see segmf --help",
  "help chek":
    'help: unknown command "chek" (did you mean check?); expected one of check, merge, run, diff, shrink, record, validate, trace, graph, explore, compile, errata, doc, doctor, cache, help',
  "help a b":
    'help: unknown command "a"; expected one of check, merge, run, diff, shrink, record, validate, trace, graph, explore, compile, errata, doc, doctor, cache, help',
  "errata all": "too many arguments for 'errata'. Expected 0 arguments but got 1; see segmf errata --help",
  "errata --jsn": "unknown option '--jsn' (did you mean --json?); see segmf errata --help",

  "check --drver illumos": `unknown option '--drver' (did you mean --driver?)${CHECK}`,
  "check --page 1": `unknown option '--page' (did you mean --pages?)${CHECK}`,
  "check -p 1": `unknown option '-p'${CHECK}`,
  "check illumos": "check illumos: there is no configuration here that names checks; write segmf.config.json",
  "check --driver": `option '--driver <driver>' argument missing${CHECK}`,
  "check --pages": `option '--pages <n>' argument missing${CHECK}`,
  "check --out": `option '--out <dir>' argument missing${CHECK}`,
  "check --json=yes": `unknown option '--json=yes'${CHECK}`,

  "check --driver corected": `--driver: unknown driver "corected" (did you mean corrected?); ${DRIVERS}`,
  "check --driver Illumos": `--driver: unknown driver "Illumos" (did you mean illumos?); ${DRIVERS}`,
  "check --driver linux": `--driver: unknown driver "linux"; ${DRIVERS}`,
  "check --driver --json": `--driver: unknown driver "--json"; ${DRIVERS}`,
  "check --driver=": `--driver: unknown driver ""; ${DRIVERS}`,
  "check --driver no/such/seg_mf.c": `--driver no/such/seg_mf.c: no such file; ${DRIVERS}`,
  "check --driver /": `--driver /: not a regular file; ${DRIVERS}`,
  "check --driver illumos.c": `--driver illumos.c: no such file; ${DRIVERS}`,
  "check --kernel dbug": '--kernel: unknown kernel "dbug" (did you mean debug?); expected debug or release',
  "check --kernel production": '--kernel: unknown kernel "production"; expected debug or release',
  "check --alphabet broad": '--alphabet: unknown alphabet "broad"; expected default or wide',
  "check --alphabet wde": '--alphabet: unknown alphabet "wde" (did you mean wide?); expected default or wide',
  "check --faults addmp": `--faults: unknown fault class "addmp" (did you mean addmap?); expected one of all, none, ${FAULTS}`,
  "check --faults non": `--faults: unknown fault class "non" (did you mean none?); expected one of all, none, ${FAULTS}`,
  "check --faults addmap,quota": `--faults: unknown fault class "quota"; expected one of all, none, ${FAULTS}`,
  "check --faults addmap,all": `--faults: all stands alone; expected it, or a list of ${FAULTS}`,
  "check --faults none,none": `--faults: none stands alone; expected it, or a list of ${FAULTS}`,
  "check --faults ,": '--faults: expected a list separated by commas, got ","',
  "check --faults=": '--faults: expected a list separated by commas, got ""',

  "check --driver illumos --fix nothing": '--fix: unknown erratum "nothing"; segmf errata lists them',
  "check --driver illumos --fix word-shred":
    '--fix: unknown erratum "word-shred" (did you mean word-shared?); segmf errata lists them',
  "check --driver illumos --fix ,": '--fix: expected a list separated by commas, got ","',
  "check --only dup-copies-mpa":
    '--only: unknown erratum "dup-copies-mpa" (did you mean dup-copies-map?); segmf errata lists them',
  "check --driver illumos --fix word-shared --only word-shared":
    "--fix and --only exclude each other; give one of them",
  "check --fix word-shared": "--fix mends errata of --driver illumos; the corrected driver has none",
  [`check --fix word-shared --driver ${import.meta.filename}`]:
    "--fix and --only need --driver illumos or corrected, not a C file",
  [`run x.json --only word-shared --driver ${import.meta.filename}`]:
    "x.json: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)",

  "check --seed 1": "--seed belongs to --random; add --random N",
  "check --random 5 --domids 1": "--domids is about exploring, --random does not explore; give one of them",
  "check --random 5 --refs 1": "--refs is about exploring, --random does not explore; give one of them",
  "check --random 5 --forks 1": "--forks is about exploring, --random does not explore; give one of them",
  "check --random 5 --max-grefs 1": "--max-grefs is about exploring, --random does not explore; give one of them",
  "check --random 5 --faults all": "--faults is about exploring, --random does not explore; give one of them",
  "check --random 5 --alphabet wide": "--alphabet is about exploring, --random does not explore; give one of them",
  "check --random 5 --limit-states 9": "--limit-states is about exploring, --random does not explore; give one of them",
  "check --random 5 --self-check 1": "--self-check is about exploring, --random does not explore; give one of them",
  "check --random 5 --workers 1": "--workers is about exploring, --random does not explore; give one of them",
  "check --random 5 --checkpoint x": "--checkpoint is about exploring, --random does not explore; give one of them",
  "check --random 5 --resume x": "--resume is about exploring, --random does not explore; give one of them",
  "check --workers 0": '--workers: expected a whole number from 1 to 64, got "0"',
  "check --workers -1": '--workers: expected a whole number from 1 to 64, got "-1"',
  "check --workers NaN": '--workers: expected a whole number from 1 to 64, got "NaN"',
  "check --workers 65": '--workers: expected a whole number from 1 to 64, got "65"',
  "check --workers 1.5": '--workers: expected a whole number from 1 to 64, got "1.5"',
  "check --checkpoint": `option '--checkpoint <file>' argument missing${CHECK}`,
  "check --checkpoint=": '--checkpoint: expected the name of a file, got ""',
  "check --checkpoint /": "--checkpoint /: is not a regular file; name one, or a path where one can be made",
  "check --checkpoint no/such/file":
    "--checkpoint no/such/file: can't be written (no such file or directory); expected a directory that can be written to",
  [`check --checkpoint ${import.meta.filename}`]: `--checkpoint ${import.meta.filename}: exists and is no checkpoint of a check; move it away, or give --force`,
  "check --checkpoint-every 5": "--checkpoint-every belongs to --checkpoint; add --checkpoint FILE",
  "check --checkpoint x --checkpoint-every 0": '--checkpoint-every: expected a positive number of seconds, got "0"',
  "check --checkpoint x --checkpoint-every -1": '--checkpoint-every: expected a positive number of seconds, got "-1"',
  "check --checkpoint x --checkpoint-every NaN": '--checkpoint-every: expected a positive number of seconds, got "NaN"',
  "check --resume no/such/file": `--resume no/such/file: can't be resumed: no such file or directory; ${SAME}`,
  "check --resume /": `--resume /: can't be resumed: it is not a regular file; ${SAME}`,
  [`check --resume ${import.meta.filename}`]: `--resume ${import.meta.filename}: can't be resumed: it does not begin as a checkpoint does; ${SAME}`,
  "check --random 5 --expect x": "--expect is about exploring, --random does not explore; give one of them",
  "check --random 5 --record x": "--record is about exploring, --random does not explore; give one of them",
  "check --pages 9": '--pages: expected a whole number from 1 to 8 (to 64 with --random), got "9"',

  run: "missing required argument 'files'; see segmf run --help",
  "run --json": "missing required argument 'files'; see segmf run --help",
  "run - -": "- is given twice; standard input can be read once",
  "run x.json --kernel none": '--kernel: unknown kernel "none"; expected debug or release',
  "run x.json --max-grefs 17": '--max-grefs: expected a whole number from 1 to 16, got "17"',
  "run x.json --pages 1": "unknown option '--pages'; see segmf run --help",
};

for (const [command, expected] of Object.entries(WRONG)) {
  test(`segmf ${command.replace(import.meta.filename, "A_FILE")}`, async (t) => {
    t.deepEqual(await inProcess(command.split(" "), { checker: NOTHING_IS_DONE }), {
      code: 2,
      stdout: "",
      stderr: `segmf: ${expected}\n`,
    });
  });
}

/** What the command line is checked before. */
const NOTHING_IS_DONE = {
  ...CHECKER,
  check: () => Promise.reject(new Error("explored")),
  randomRuns: () => Promise.reject(new Error("ran")),
};

/** Options that take numbers, what each takes, and the nearest that it doesn't. */
const NUMBERS: readonly (readonly [string, string, readonly string[]])[] = [
  ["--pages", "a whole number from 1 to 8 (to 64 with --random)", ["0", "65"]],
  ["--domids", "a whole number from 1 to 8", ["0", "9"]],
  ["--refs", "a whole number from 1 to 16", ["0", "17"]],
  ["--forks", "a whole number from 0 to 3", ["4"]],
  ["--max-grefs", "a whole number from 1 to 16", ["0", "17"]],
  ["--limit-states", "a whole number from 1 to 9007199254740991", ["0", "9007199254740992"]],
  ["--random", "a whole number from 1 to 1000000", ["0", "1000001"]],
  ["--seed", "a whole number from 0 to 2147483647", ["2147483648"]],
  ["--limit-seconds", "a positive number of seconds", ["0", "0.0", "Infinity", "1e999"]],
  ["--self-check", "a share from 0 to 1", ["1.01", "2"]],
  ["--call-timeout", "a whole number from 1 to 2147483647", ["0", "2147483648"]],
  ["--call-memory", "a size such as 4096 or 64KiB", ["0", "0KiB", "2GB"]],
  [
    "--max-memory",
    "16MiB or more, in bytes, KiB, MiB, GiB or TiB",
    ["0", "0GiB", "2GB", "1.2.3GiB", "15MiB", "9999999TiB"],
  ],
];

/** What no number is. */
const NO_NUMBERS = ["", " ", "-1", "+1", "1.5.2", "0x1", "1e0", "one", "1,000", "١", "NaN"];

for (const [flag, expected, outside] of NUMBERS) {
  test(`${flag} takes ${expected}`, async (t) => {
    for (const value of [...outside, ...NO_NUMBERS]) {
      const { code, stdout, stderr } = await inProcess(["check", `${flag}=${value}`], { checker: NOTHING_IS_DONE });
      t.deepEqual(
        { code, stdout, stderr },
        { code: 2, stdout: "", stderr: `segmf: ${flag}: expected ${expected}, got "${value}"\n` },
      );
    }
  });
}

test("what a user types comes back on one line, whatever is in it", async (t) => {
  const hostile = "a\nb\u001b[31m\u202e";
  const shown = "a\\u000ab\\u001b[31m\\u202e";
  const said = async (...args: readonly string[]) => (await inProcess(args, { checker: NOTHING_IS_DONE })).stderr;
  t.is(await said("check", "--driver", hostile), `segmf: --driver: unknown driver "${shown}"; ${DRIVERS}\n`);
  t.is(await said("check", `--${hostile}`), `segmf: unknown option '--${shown}'${CHECK}\n`);
  t.is(await said(hostile), `segmf: unknown command '${shown}'; see segmf --help\n`);
  t.is(
    await said("run", hostile),
    `segmf: ${shown}: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)\n`,
  );
});

test("a process that is given a wrong command ends with 2 and one line on standard error", async (t) => {
  t.deepEqual(await segmf(["check", "--drver", "illumos"]), {
    code: 2,
    stdout: "",
    stderr: `segmf: unknown option '--drver' (did you mean --driver?)${CHECK}\n`,
  });
  t.deepEqual(await segmf(["check", "--driver", "linux"]), {
    code: 2,
    stdout: "",
    stderr: `segmf: --driver: unknown driver "linux"; ${DRIVERS}\n`,
  });
});

test("files that --expect, --out and --record name are looked at before the work begins", async (t) => {
  const at = (name: string) => join(folder.path, name);
  await mkdir(at("folder"));
  await mkdir(at("full.json"));
  await writeFile(at("prose"), "mine\n");
  await writeFile(at("run.json"), '{ "format": "segmf-run/1" }\n');
  await writeFile(at("no-list.json"), '{ "format": "segmf-findings/1", "findings": [{ "name": 1 }] }\n');
  const list = "expected a list of findings (segmf-findings/1), as --record writes one";
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--expect", at("none.json")], `--expect ${at("none.json")}: no such file or directory; ${list}`],
    [["--expect", at("folder")], `--expect ${at("folder")}: is a directory; ${list}`],
    [["--expect", at("prose")], `--expect ${at("prose")}: ${list}, got no JSON`],
    [["--expect", at("run.json")], `--expect ${at("run.json")}: ${list}, got another document`],
    [["--expect", at("no-list.json")], `--expect ${at("no-list.json")}: ${list}, got another document`],
    [["--expect", ""], `--expect : no such file or directory; ${list}`],
    [["--out", at("prose")], `--out ${at("prose")}: is not a directory; name one, or a path where one can be made`],
    [
      ["--out", at("prose/below")],
      `--out ${at("prose/below")}: can't be made (a part of the path is not a directory); name a directory`,
    ],
    [["--out", ""], "--out : can't be made (no such file or directory); name a directory"],
    [
      ["--record", at("prose")],
      `${at("prose")}: exists and is not segmf's own (segmf-findings/1); move it away, or give --force`,
    ],
    [
      ["--record", at("run.json")],
      `${at("run.json")}: exists and is not segmf's own (segmf-findings/1); move it away, or give --force`,
    ],
    [
      ["--record", at("full.json")],
      `${at("full.json")}: is not a regular file; name one, or a path where one can be made`,
    ],
    [
      ["--record", "/dev/null", "--force"],
      "/dev/null: is not a regular file; name one, or a path where one can be made",
    ],
    [
      ["--record", at("none/list.json")],
      `${at("none/list.json")}: can't be written (no such file or directory); expected a directory that can be written to`,
    ],
  ];
  for (const [options, expected] of cases) {
    const said = await inProcess(["check", ...options], { checker: NOTHING_IS_DONE });
    t.deepEqual(said, { code: 2, stdout: "", stderr: `segmf: ${expected}\n` });
  }
  t.deepEqual((await readdir(folder.path)).sort(), ["folder", "full.json", "no-list.json", "prose", "run.json"]);
  t.true(existsSync("/dev/null"));
});

test("segmf alone prints its help as an error, as one asked for something", async (t) => {
  const { code, stdout, stderr } = await segmf([]);
  t.is(code, 2);
  t.is(stdout, "");
  t.is(stderr, (await inProcess(["--help"])).stdout);
});
