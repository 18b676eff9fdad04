import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import type { CheckReport } from "../../conformance/report.js";
import { HOLDS, INCOMPLETE, VIOLATED } from "../../report/fixture.js";
import { CHECKER, type Checker } from "../checker.js";
import { Misuse } from "../exit.js";
import { inProcess, scratch } from "../testkit.js";
import { defineConfig } from "./config.js";
import { FLAGS } from "./named.js";
import { findConfig, readConfig } from "./read.js";

/** Named checks, as `segmf.config` has them. What they find is made up. */

async function inFolder(use: (at: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = scratch();
  try {
    await use((name) => join(folder.path, name));
  } finally {
    await folder.remove();
  }
}

interface Made {
  readonly subject: string;
  readonly kernel: string;
  readonly pages: number | undefined;
}

/** A checker that notes what it is to check, and finds something else each time. */
function noting(...reports: readonly CheckReport[]): { readonly checker: Checker; readonly made: Made[] } {
  const made: Made[] = [];
  const check: Checker["check"] = (subject, { kernel, scope }) => {
    made.push({ subject: subject.name, kernel, pages: scope?.pages });
    return Promise.resolve(reports[made.length - 1] ?? HOLDS);
  };
  return { checker: { ...CHECKER, check }, made };
}

const TWO = defineConfig({
  checks: {
    ours: { kernel: "release", pages: 1, faults: ["addmap"] },
    shipped: { driver: "illumos", fix: ["dup-copies-map"], expect: { findings: "known.json" } },
  },
});

test("without a configuration there is the check that the options say", async (t) => {
  await inFolder(async (at) => {
    t.is(await findConfig(at(".")), null);
    const { checker, made } = noting();
    t.is((await inProcess(["check", "--no-config"], { checker })).code, 0);
    t.deepEqual(made, [{ subject: "corrected", kernel: "debug", pages: undefined }]);
  });
});

test("all checks, or those that are named, in their order; flags count more", async (t) => {
  await inFolder(async (at) => {
    await writeFile(at("c.json"), JSON.stringify(TWO));
    await writeFile(at("known.json"), '{ "format": "segmf-findings/1", "findings": [] }');
    const all = noting();
    const { code, stdout, stderr } = await inProcess(["check", "--config", at("c.json")], all);
    t.is(stderr, "");
    t.is(code, 0);
    t.deepEqual(all.made, [
      { subject: "corrected", kernel: "release", pages: 1 },
      { subject: "illumos without dup-copies-map", kernel: "debug", pages: 2 },
    ]);
    t.deepEqual(
      stdout.split("\n").filter((line) => line.startsWith("check ")),
      ["check          ours", "check          shipped"],
    );
    const one = noting();
    await inProcess(["check", "ours", "--config", at("c.json"), "--kernel", "debug", "--pages", "3"], one);
    t.deepEqual(one.made, [{ subject: "corrected", kernel: "debug", pages: 3 }]);
  });
});

test("the worst that comes of a check comes of all", async (t) => {
  await inFolder(async (at) => {
    const config = { checks: { a: {}, b: {}, c: {} } };
    await writeFile(at("c.json"), JSON.stringify(config));
    const codeOf = async (...reports: readonly CheckReport[]): Promise<number | null> =>
      (await inProcess(["check", "--config", at("c.json")], noting(...reports))).code;
    t.is(await codeOf(HOLDS, HOLDS, HOLDS), 0);
    t.is(await codeOf(HOLDS, INCOMPLETE, HOLDS), 3);
    t.is(await codeOf(VIOLATED, INCOMPLETE, HOLDS), 1);
  });
});

test("each check writes files of its own, seen from the folder of the configuration", async (t) => {
  await inFolder(async (at) => {
    await mkdir(at("ci"));
    const reporters = ["junit=r/{name}.xml"];
    const config = defineConfig({ checks: { a: { reporters }, b: { reporters, out: "found" } } });
    await writeFile(at("ci/c.json"), JSON.stringify(config));
    await mkdir(at("ci/r"));
    const { stdout } = await inProcess(["check", "--config", at("ci/c.json")], noting(HOLDS, VIOLATED));
    t.is(stdout, "\n");
    t.deepEqual((await readdir(at("ci/r"))).sort(), ["a.xml", "b.xml"]);
    t.is((await readdir(at("ci/found"))).length, 2);
    t.regex(await readFile(at("ci/r/b.xml"), "utf8"), /<testsuites name="segmf b: illumos on the debug kernel"/);
    const refused = await inProcess(["check", "--config", at("ci/c.json"), "--reporter", "sarif=x.sarif"], noting());
    t.is(refused.code, 2);
    t.is(
      refused.stderr,
      "segmf: --reporter sarif: several checks can't share x.sarif; say sarif=FILE with {name} in it, or name one check\n",
    );
    t.regex(
      (await inProcess(["check", "--config", at("ci/c.json"), "--json"], noting())).stderr,
      /standard output; say json=/,
    );
    t.regex(
      (await inProcess(["check", "--config", at("ci/c.json"), "--out", "o"], noting())).stderr,
      /^segmf: --out o: several/,
    );
  });
});

test("--update-expectations writes what is found, and then it is as expected", async (t) => {
  await inFolder(async (at) => {
    await writeFile(at("c.json"), JSON.stringify({ checks: { a: { expect: { findings: "known.json" } } } }));
    const check = (report: CheckReport, ...args: readonly string[]) =>
      inProcess(["check", "--config", at("c.json"), ...args], noting(report));
    t.regex((await check(VIOLATED)).stderr, /known\.json: no such file or directory/);
    t.is((await check(VIOLATED, "--update-expectations")).code, 0);
    t.is((await check(VIOLATED)).code, 0);
    t.is((await check(HOLDS)).code, 1, "what is gone is not as expected");
    const incomplete = await check(INCOMPLETE, "--update-expectations");
    t.is(incomplete.code, 3);
    t.regex(incomplete.stderr, /--update-expectations .*known\.json: not written, since not everything was explored/);
    t.is((await check(VIOLATED)).code, 0, "the list is as it was");
    t.regex(
      (await inProcess(["check", "--no-config", "--update-expectations"], noting())).stderr,
      /^segmf: --update-expectations belongs to --expect/,
    );
  });
});

const WRONG: Readonly<Record<string, string>> = {
  "{": '$: expected a member name or "}" at 1:2, got the end of the text',
  "[]": "$: must be object, got []",
  "{}": "$: must have required property 'checks', got {}",
  '{"checks":{}}': "$.checks: must NOT have fewer than 1 properties, got {}",
  '{"checks":{"a":{"pgaes":2}}}': '$.checks.a: unknown key "pgaes" (did you mean pages?)',
  '{"checks":{"a":{"pages":"2"}}}': '$.checks.a.pages: must be integer, got "2"',
  '{"checks":{"a":{"kernel":"x"}}}': '$.checks.a.kernel: expected one of debug, release, got "x"',
  '{"checks":{"a":{"pages":9000}}}':
    '$.checks.a: --pages: expected a whole number from 1 to 8 (to 64 with --random), got "9000"',
  '{"checks":{"a":{"faults":["admap"]}}}': '$.checks.a: --faults: unknown fault class "admap" (did you mean addmap?)',
};

test("a configuration that is wrong: one line with file, place, and what was expected", async (t) => {
  await inFolder(async (at) => {
    const file = at("c.json");
    for (const [text, said] of Object.entries(WRONG)) {
      await writeFile(file, text);
      const { code, stdout, stderr } = await inProcess(["check", "--config", file], noting());
      t.is(code, 2, text);
      t.is(stdout, "");
      t.true(stderr.startsWith(`segmf: ${file}: ${said}`), stderr);
      t.is(stderr.split("\n").length, 2, stderr);
    }
    await writeFile(file, JSON.stringify(TWO));
    t.is(
      (await inProcess(["check", "shiped", "--config", file], noting())).stderr,
      `segmf: check: unknown check "shiped" (did you mean shipped?); ${file} names ours, shipped\n`,
    );
    t.regex(
      (await inProcess(["check", "ours", "--no-config"], noting())).stderr,
      /^segmf: check ours: there is no configuration/,
    );
    t.regex(
      (await inProcess(["check", "--config", at("no.json")], noting())).stderr,
      /no\.json: no such file or directory/,
    );
    t.regex(
      (await inProcess(["check", "--config", at("no.ts")], noting())).stderr,
      /no\.ts: no such file or directory/,
    );
  });
});

test("TypeScript and JavaScript are loaded; two configurations in a folder are one too many", async (t) => {
  await inFolder(async (at) => {
    await writeFile(at("segmf.config.ts"), "const pages: number = 1;\nexport default { checks: { a: { pages } } };\n");
    t.deepEqual((await findConfig(at(".")))?.config, { checks: { a: { pages: 1 } } });
    await writeFile(at("segmf.config.json"), JSON.stringify(TWO));
    await t.throwsAsync(findConfig(at(".")), {
      instanceOf: Misuse,
      message: "segmf.config.ts and segmf.config.json: expected one of them, got 2; delete the others",
    });
  });
  await inFolder(async (at) => {
    await writeFile(at("segmf.config.js"), "export const checks = {};\n");
    await t.throwsAsync(findConfig(at(".")), {
      message: /^segmf\.config\.js: has no default export; expected a module/,
    });
  });
  await inFolder(async (at) => {
    await writeFile(at("segmf.config.js"), "export default {");
    await t.throwsAsync(findConfig(at(".")), {
      message: /^segmf\.config\.js: can't be loaded \(.*\); expected a module/,
    });
  });
});

test("the schema, the flags and the options have the same members", async (t) => {
  const path = fileURLToPath(new URL("../../../../schemas/segmf-config-1.schema.json", import.meta.url));
  const schema = JSON.parse(await readFile(path, "utf8")) as { $defs: { check: { properties: object } } };
  t.deepEqual(Object.keys(schema.$defs.check.properties).sort(), Object.keys(FLAGS).sort());
  const { stdout } = await inProcess(["check", "--help"]);
  for (const flag of Object.values(FLAGS)) t.true(stdout.includes(`${flag} `), flag);
});

for (const name of ["segmf.config.ts", "segmf.config.js", "segmf.config.json"]) {
  test(`${name} that has been saved is read as it is now`, async (t) => {
    await inFolder(async (at) => {
      await writeFile(at("package.json"), '{ "type": "module" }');
      for (const pages of [1, 2]) {
        const config = JSON.stringify({ checks: { ours: { pages } } });
        await writeFile(at(name), name.endsWith(".json") ? config : `export default ${config};\n`);
        t.deepEqual((await readConfig(at(name))).config, { checks: { ours: { pages } } });
      }
    });
  });
}
