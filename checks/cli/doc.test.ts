import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { HOLDS } from "../report/fixture.js";
import { CHECKER } from "./checker.js";
import { inProcess, scratch, segmf } from "./testkit.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SPEC = readFileSync(join(ROOT, "model/SPEC.md"), "utf8");

const folder = scratch();
test.after.always(() => folder.remove());

test("model/SPEC.md is what the model, the records and the corpus say (npm run doc writes it anew)", async (t) => {
  t.deepEqual(await inProcess(["doc", "--check"]), {
    code: 0,
    stdout: "model/verified.json: is what the model says\nmodel/SPEC.md: is what the model says\n",
    stderr: "",
  });
});

test("what is not as it would be written is told, and left alone", async (t) => {
  const file = join(folder.path, "stale.md");
  await writeFile(file, SPEC.replace("never below 0", "never below 1"));
  t.deepEqual(await inProcess(["doc", "--check", "--out", file]), {
    code: 1,
    stdout: `${file}: is not what the model says; npm run doc writes it anew\n`,
    stderr: "",
  });
  t.true((await readFile(file, "utf8")).includes("never below 1"));
});

test("it writes the same anywhere, and over its own files only", async (t) => {
  const file = join(folder.path, "SPEC.md");
  await writeFile(file, SPEC.slice(0, 1000));
  t.deepEqual(await inProcess(["doc", "--out", file]), { code: 0, stdout: `${file}: written\n`, stderr: "" });
  t.is(await readFile(file, "utf8"), SPEC);
  const foreign = join(folder.path, "README.md");
  await writeFile(foreign, "# Mine\n");
  t.deepEqual(await inProcess(["doc", "--out", foreign]), {
    code: 2,
    stdout: "",
    stderr: `segmf: ${foreign}: exists and is not segmf's own (segmf-spec/1); move it away, or give --force\n`,
  });
  t.is(await readFile(foreign, "utf8"), "# Mine\n");
});

test("a site is written beside, and not over somebody's page", async (t) => {
  const site = join(folder.path, "site");
  const out = join(folder.path, "beside.md");
  const written = await inProcess(["doc", "--out", out, "--site", site]);
  const pages = (await readdir(site)).length;
  t.deepEqual(written, {
    code: 0,
    stdout: `${out}: written\n${site}: ${pages} pages written; begin with ${join(site, "index.html")}\n`,
    stderr: "",
  });
  t.true((await readFile(join(site, "index.html"), "utf8")).includes("segmf-site/1"));
  const other = join(folder.path, "other");
  await mkdir(other);
  await writeFile(join(other, "index.html"), "<p>mine");
  const refused = await inProcess(["doc", "--out", out, "--site", other]);
  t.is(refused.code, 2);
  t.is(
    refused.stderr,
    `segmf: ${join(other, "index.html")}: exists and is not segmf's own (segmf-site/1); move it away, or give --force\n`,
  );
  t.deepEqual(await readdir(other), ["index.html"]);
});

const REPORT =
  "the report of a whole segmf check of the corrected driver that holds (segmf-check/1), as --reporter json=FILE writes one";

test("a report of anything but a whole check that holds is refused", async (t) => {
  const file = join(folder.path, "report.json");
  const says = async (text: string): Promise<string> => {
    await writeFile(file, text);
    const { code, stdout, stderr } = await inProcess(["doc", "--check", "--report", file]);
    t.is(code, 2);
    t.is(stdout, "");
    return stderr;
  };
  t.is(await says("{"), `segmf: --report ${file}: expected ${REPORT}, got no JSON\n`);
  t.is(await says("{}"), `segmf: --report ${file}: expected ${REPORT}, got another document\n`);
  const small = await inProcess(["check", "--json"], { checker });
  t.is(
    await says(small.stdout),
    `segmf: --report ${file}: expected ${REPORT}, got one of corrected on debug, holds, in other scopes\n`,
  );
});

const TEST_DRIVER = join(ROOT, "impl/native/testdriver/testdriver.c");

/** Checks at once, with the result of a small scope. */
const checker = { ...CHECKER, check: () => Promise.resolve(HOLDS) };

for (const [args, says] of [
  [["doc", "--chekc"], "unknown option '--chekc' (did you mean --check?); see segmf doc --help"],
  [["doc", "now"], "too many arguments for 'doc'. Expected 0 arguments but got 1; see segmf doc --help"],
  [["doc", "--site", ""], '--site: expected a name, got ""'],
  [
    ["doc", "--check", "--site", "x"],
    "--check and --site exclude each other; a site is not kept, so there is nothing to compare with",
  ],
  [["doc", "--site", "/dev/null"], "--site /dev/null: is not a directory; name one, or a path where one can be made"],
  [["doc", "--report", "no/such"], `--report no/such: no such file or directory; expected ${REPORT}`],
] as const) {
  test(`a mistake: ${args.join(" ")}`, async (t) => {
    t.deepEqual(await inProcess(args), { code: 2, stdout: "", stderr: `segmf: ${says}\n` });
  });
}

test("every command that SPEC.md shows prints what it shows", async (t) => {
  const shown = [...SPEC.matchAll(/^```console\n\$ npx segmf (.*)\n((?:.*\n)*?)```$/gm)];
  t.true(shown.length >= 28);
  t.is(shown.length, (SPEC.match(/^```console$/gm) ?? []).length);
  for (const [, args = "", printed] of shown) {
    t.deepEqual(await inProcess(args.split(" ")), { code: 1, stdout: printed, stderr: "" }, args);
  }
});

test("every scenario that SPEC.md shows to be pasted is the file that it names", async (t) => {
  const shown = [
    ...SPEC.matchAll(/\]\(\.\.\/(traces\/corpus\/[^)]*)\)(?: and [^\n]*)?:\n\n```json\n((?:.*\n)*?)```$/gm),
  ];
  t.is(shown.length, (SPEC.match(/^```json$/gm) ?? []).length);
  for (const [, file = "", text] of shown) t.is(text, await readFile(join(ROOT, file), "utf8"), file);
});

test("every command that the README shows is there, and prints what it shows", async (t) => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(ROOT, "package.json"), "utf8"),
  );
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const commands = blocks
    .join("")
    .replaceAll(/ *#.*$/gm, "")
    .trim()
    .split(/ && |\n/);
  t.deepEqual(
    [...new Set(commands)],
    [
      "npm ci",
      "npm run check",
      "npm test",
      'npx segmf check --driver "$SEG_MF_C"',
      "npx segmf check --pages 1 --shard 1/2 --into shards",
      "npx segmf check --pages 1 --shard 2/2 --into shards",
      "npx segmf merge shards",
    ],
  );
  const stands: Readonly<Record<string, string>> = {
    '"$SEG_MF_C"': TEST_DRIVER,
    shards: join(folder.path, "shards"),
  };
  for (const command of commands) {
    const [tool, ...args] = command.split(" ");
    if (tool === "npx") {
      const given = args.slice(1).map((arg) => stands[arg] ?? arg);
      const { code } = await inProcess(given, command.includes("shard") ? {} : { checker });
      t.is(code, 0, command);
    } else if (command !== "npm ci") t.true((args.at(-1) ?? "") in scripts, command);
  }
  const consoles = [...readme.matchAll(/^```console\n\$ npx (segmf .*)\n((?:.*\n)*?)```$/gm)];
  t.is(consoles.length, (readme.match(/^```console$/gm) ?? []).length);
  for (const [, line = "", printed] of consoles) t.is(printed, await piped(line), line);
});

/** What the last of some commands prints that are joined by pipes. */
async function piped(line: string): Promise<string> {
  let text = "";
  for (const command of line.split(" | ")) {
    const args = command.replace(/^(npx )?segmf /, "").split(" ");
    text = (args.at(-1) === "-" ? await segmf(args, { stdin: text }) : await inProcess(args)).stdout;
  }
  return text;
}
