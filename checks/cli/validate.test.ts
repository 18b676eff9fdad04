import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { CREATE, ended, inProcess, MAIN, scenarioText, schema, scratch, segmf, UNMAP } from "./testkit.js";

/** `segmf record` and `segmf validate`, as a user meets them. */

const folder = scratch();
const { file } = folder;

const conforms = new Ajv2020({ strict: true, schemas: [schema("segmf-log-1")] }).compile(schema("segmf-validation-1"));

const scenario = file("scenario.json", scenarioText(CREATE, UNMAP));
const HEADER = '{"format":"segmf-log/1","pages":1}\n';
const CREATED = `${HEADER}{"event":"call","thread":0,"call":"create","seg":0}\n{"event":"return","thread":0,"ret":0}\n`;
const ADD = '{"event":"call","thread":0,"call":"add_mfns","seg":0,"page":0,"count":1,"mfn":1,"domid":0}\n';
const END = '{"event":"end"}\n';
const fine = file("fine.jsonl", CREATED + END);
const wrong = file("wrong.jsonl", `${CREATED}${ADD}{"event":"return","thread":0,"ret":0}\n${END}`);
const cut = file("cut.jsonl", CREATED + ADD.slice(0, 40));

test.after.always(() => folder.remove());

test("a scenario is recorded", async (t) => {
  t.deepEqual(await inProcess(["record", scenario]), {
    code: 0,
    stdout: `{"format":"segmf-log/1","pages":1,"driver":"corrected","kernel":"debug"}
{"event":"call","thread":0,"space":0,"call":"create","seg":0,"prot":"rw","maxprot":"rwx"}
{"event":"return","thread":0,"ret":0}
{"event":"call","thread":0,"space":0,"call":"unmap","seg":0,"page":0,"count":1}
{"event":"return","thread":0,"ret":0}
{"event":"end"}
`,
    stderr: "",
  });
});

test("random calls are recorded, the same for the same seed, and into a file", async (t) => {
  const args = ["record", "--random", "--seed", "3", "--calls", "20", "--threads", "2", "--without", "some-answers"];
  const { stdout } = await inProcess(args);
  t.is(stdout.split("\n").length, 43); // the header, two lines a call, the end, and what is after the last line break
  t.deepEqual(await segmf(args), { code: 0, stdout, stderr: "" });
  const out = join(folder.path, "out.jsonl");
  t.deepEqual(await inProcess([...args, "--out", out]), { code: 0, stdout: "", stderr: "" });
  t.is(await readFile(out, "utf8"), stdout);
  t.like(await inProcess([...args, "--from", "7", "--out", out]), { code: 0 });
  const later = (await readFile(out, "utf8")).split("\n");
  t.regex(later[0] ?? "", /^\{"format":"segmf-log\/1","pages":4,"start":"middle",("underWay":\d,)?"answers":"some",/);
  t.is(later.length, 43 - 7);
  t.like(await inProcess(["validate", out]), { code: 0 });
});

test("accepted: 0; rejected: 1, with line, reason and what is nearest; truncated: 3", async (t) => {
  t.deepEqual(await inProcess(["validate", fine]), {
    code: 0,
    stdout: `${fine}: accepted: a behaviour of the specification
  3 events: 1 call of 1 thread on 1 segment; at most 1 candidate at a time
`,
    stderr: "",
  });
  t.deepEqual(await inProcess(["validate", wrong]), {
    code: 1,
    stdout: `${wrong}: rejected at line 5
  add_mfns of thread 0, called in line 4: it returned 0
  found: {"event":"return","thread":0,"ret":0}
  expected: 13
  nearest accepted: {"event":"return","thread":0,"ret":13}
  before it the run could have been in:
    segment 0 rw, unbound, page 0 empty
  4 events: 2 calls of 1 thread on 1 segment; at most 1 candidate at a time
`,
    stderr: "",
  });
  t.deepEqual(await inProcess(["validate", cut]), {
    code: 3,
    stdout: `${cut}: incomplete at line 3: the log breaks off, without a line {"event":"end"}; what there is of it is a behaviour
  2 events: 1 call of 1 thread on 1 segment; at most 1 candidate at a time
`,
    stderr: "",
  });
});

test("the same as JSON, by the schema", async (t) => {
  for (const log of [fine, wrong, cut]) {
    const { stdout } = await inProcess(["validate", log, "--json"]);
    t.true(conforms(JSON.parse(stdout)), `${stdout} ${JSON.stringify(conforms.errors)}`);
  }
});

test("what was rejected is accepted with the nearest event instead", async (t) => {
  const { stdout } = await inProcess(["validate", wrong, "--json"]);
  const { rejection } = JSON.parse(stdout);
  const lines = (await readFile(wrong, "utf8")).split("\n").with(rejection.line - 1, JSON.stringify(rejection.nearest));
  t.like(await inProcess(["validate", file("mended.jsonl", lines.join("\n"))]), { code: 0 });
});

test("a mistake in the command or the file: one line, exit code 2, no file left behind", async (t) => {
  const out = join(folder.path, "never.jsonl");
  const latin = file("latin.jsonl", Uint8Array.of(...new TextEncoder().encode(HEADER), 0xe9, 0x0a));
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["record"], "record: expected a scenario file or --random, and not both; see segmf record --help"],
    [
      ["record", scenario, "--random"],
      "record: expected a scenario file or --random, and not both; see segmf record --help",
    ],
    [
      ["record", scenario, "--threads", "2"],
      "--threads belongs to --random; leave it out, or give --random instead of the file",
    ],
    [
      ["record", "no.json", "--out", out],
      "no.json: no such file or directory; expected a trace file (segmf-scenario/1, segmf-log/1 or ITF)",
    ],
    [
      ["record", scenario, "--out", scenario],
      `${scenario}: exists and is not segmf's own (segmf-log/1); move it away, or give --force`,
    ],
    [
      ["record", "--random", "--without", "anser"],
      '--without: unknown part of a log "anser" (did you mean answers?); expected answers or some-answers',
    ],
    [["validate", "no.jsonl"], "no.jsonl: no such file or directory; expected a log (segmf-log/1)"],
    [["validate", folder.path], `${folder.path}: is a directory; expected a log (segmf-log/1)`],
    [["validate", scenario], `${scenario}:1: $.format: expected "segmf-log/1", got "segmf-scenario/1"`],
    [["validate", latin], `${latin}:2: $: expected UTF-8 text, got bytes that are none`],
  ];
  for (const [args, message] of cases) {
    t.deepEqual(await inProcess(args), { code: 2, stdout: "", stderr: `segmf: ${message}\n` }, args.join(" "));
  }
  t.false(existsSync(out));
});

test("standard input, a closed pipe, and Ctrl-C", async (t) => {
  t.like(await segmf(["validate", "-"], { stdin: CREATED + END }), { code: 0, stderr: "" });
  const record = spawn(process.execPath, [MAIN, "record", "--random", "--calls", "1500"]);
  record.stdout.once("data", () => record.stdout.destroy());
  t.like(await ended(record), { code: 0, stderr: "" });
  const waiting = await segmf(["validate", "-"], {
    env: { SEGMF_DEBUG: "1" },
    started: (child) => child.stderr?.once("data", () => child.kill("SIGINT")),
  });
  t.is(waiting.code, 130);
  t.regex(waiting.stdout, /^standard input: incomplete: interrupted before the first line had come\n$/);
});
