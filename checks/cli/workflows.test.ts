import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "ava";
import { scratch } from "./testkit.js";
import {
  actionOf,
  type Complaints,
  githubsParser,
  pathWith,
  ROOT,
  runFile,
  runScript,
  type Step,
  smallCheck,
  textOf,
  wholeCommand,
  workflowOf,
  writeCommand,
} from "./workflows.testkit.js";

/** Workflows, the action and the hook, as far as a machine without GitHub can try them. */

const OURS = ["ci", "nightly", "release"].map((name) => `.github/workflows/${name}.yml`);
const TO_COPY = ["docs/ci/seg_mf.yml", "docs/ci/seg_mf_shards.yml"];
const WORKFLOWS = [...OURS, ...TO_COPY];

const folder = scratch();
let complaints: Complaints;
test.before("bundle GitHub's parser", async () => {
  complaints = await githubsParser(join(folder.path, "parser"));
});
test.after.always(() => folder.remove());

/** The steps of all jobs. */
function stepsOf(path: string): readonly Step[] {
  return Object.values(workflowOf(path).jobs).flatMap(({ steps }) => steps);
}

const ACTION = actionOf("action.yml");
const scripts = (steps: readonly Step[]): readonly string[] => steps.flatMap(({ run }) => run ?? []);

test("GitHub's own parser takes every workflow, and the action", async (t) => {
  for (const path of [...WORKFLOWS, "action.yml"]) t.deepEqual(await complaints(path, textOf(path)), [], path);
  const broken = textOf("action.yml").replace("using: composite", "usin: composite");
  t.is((await complaints("action.yml", broken)).length, 2);
  t.is((await complaints("ci.yml", textOf(".github/workflows/ci.yml").replace("runs-on:", "run-on:"))).length, 2);
});

test("no script is put together from what somebody else may write, and nothing has more rights than it needs", (t) => {
  for (const run of [...WORKFLOWS.flatMap(stepsOf), ...ACTION.runs.steps].flatMap((step) => step.run ?? [])) {
    t.deepEqual(
      [...run.matchAll(/\$\{\{(.*?)\}\}/g)]
        .map(([, inner]) => inner?.trim())
        .filter((it) => !it?.startsWith("matrix.")),
      [],
      run,
    );
  }
  for (const path of WORKFLOWS) t.is(workflowOf(path).permissions?.contents, "read", path);
});

test("what our workflows run is there", (t) => {
  const { scripts: known }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(textOf("package.json"));
  const named = OURS.flatMap((path) =>
    Object.values(workflowOf(path).jobs).flatMap(({ steps, strategy }) =>
      scripts(steps).flatMap((run) =>
        Object.entries(strategy?.matrix ?? { none: [""] }).flatMap(([name, values]) =>
          values.map((value) => run.replaceAll(`\${{ matrix.${name} }}`, `${value}`)),
        ),
      ),
    ),
  );
  const npmScripts = named.flatMap((run) => /^npm run ([\w:]+)/.exec(run)?.[1] ?? []);
  t.deepEqual(
    [...new Set(npmScripts)].sort().filter((script) => !(script in known)),
    [],
  );
  t.true(npmScripts.includes("test:nodes"));
  t.true(named.includes(".ci/run") && existsSync(join(ROOT, ".ci/run")));
});

test("a release says where it comes from, and a million inputs are tried every night", (t) => {
  const { publish } = workflowOf(".github/workflows/release.yml").jobs;
  t.deepEqual(publish?.permissions, { contents: "read", "id-token": "write" });
  t.true(scripts(publish?.steps ?? []).some((run) => run.startsWith("npm publish --provenance ")));
  const { deep } = workflowOf(".github/workflows/nightly.yml").jobs;
  t.true(deep?.strategy?.matrix.script?.includes("fuzz -- --runs 1000000"));
  t.true(deep?.strategy?.matrix.script?.includes("bench -- --floor"));
});

test("the Nodes of CI's matrix are those that are promised", (t) => {
  const [, promised = ""] = /const PROMISED = (\[.*\]);/.exec(textOf(".ci/nodes.mjs")) ?? [];
  t.deepEqual(workflowOf(".github/workflows/ci.yml").jobs.nodes?.strategy?.matrix.node, JSON.parse(promised));
});

test("the README gives the action inputs that it has", (t) => {
  const [, snippet = ""] = /```yaml\n(- uses: [\s\S]*?)```/.exec(textOf("README.md")) ?? [];
  const [, ...given] = [...snippet.matchAll(/^ +([a-z-]+):/gm)].map(([, name = ""]) => name);
  t.deepEqual(given, ["driver", "expect"]);
  for (const name of [...given, "upload"]) t.true(name in ACTION.inputs, name);
});

interface Sandbox {
  readonly path: string;
  /** What a runner sets. */
  readonly env: Readonly<Record<string, string>>;
  readonly read: (name: string) => string;
}

/** A folder as a runner has it, in which installing is only noted, and segmf makes a small check. */
function sandbox(name: string, command = smallCheck()): Sandbox {
  const path = join(folder.path, name);
  writeCommand(join(path, "bin/npm"), `echo "$@" >> "${path}/npm"`);
  writeCommand(join(path, "temp/segmf/node_modules/.bin/segmf"), command);
  mkdirSync(join(path, "tree"));
  const env = {
    SEGMF_CACHE_DIR: join(folder.path, "cache"),
    PATH: pathWith(join(path, "bin")),
    RUNNER_TEMP: join(path, "temp"),
    GITHUB_OUTPUT: join(path, "output"),
    GITHUB_STEP_SUMMARY: join(path, "summary.md"),
    DRIVER: "corrected",
  };
  return { path: join(path, "tree"), env, read: (file) => readFileSync(join(path, file), "utf8") };
}

const INSTALLED =
  /^install --prefix \S+\/temp\/segmf --ignore-scripts --no-audit --no-fund segmf(@\S+)? @yowasp\/clang@22\n$/;

test("the workflow to copy for an illumos tree installs segmf, checks, and leaves a SARIF file and a summary", async (t) => {
  const { path, env, read } = sandbox("copied");
  for (const run of scripts(stepsOf("docs/ci/seg_mf.yml"))) {
    const { code, stderr } = await runScript(run, path, { ...env, KERNEL: "debug" });
    t.is(code, 0, `${run}\n${stderr}`);
  }
  t.regex(read("npm"), INSTALLED);
  t.like(JSON.parse(read("tree/segmf.sarif")), { version: "2.1.0", runs: [{ results: [] }] });
  t.true(existsSync(env.GITHUB_STEP_SUMMARY ?? ""));
});

test("the workflow in shards: all of them make one report, without one of them it is incomplete", async (t) => {
  const { path, env, read } = sandbox("shards", wholeCommand());
  const { jobs, env: given = {} } = workflowOf("docs/ci/seg_mf_shards.yml");
  const numbers = jobs.shard?.strategy?.matrix.shard ?? [];
  t.is(given.SHARDS, `${numbers.length}`);
  const [, part = ""] = scripts(jobs.shard?.steps ?? []);
  const [, merge = ""] = scripts(jobs.merge?.steps ?? []);
  // Two of them are enough to see it.
  const own = { ...env, SCOPE: "--pages 1 --workers 1", SHARDS: "2" };
  t.is((await runScript(part, path, { ...own, SHARD: "2" })).code, 0);
  t.is((await runScript(merge, path, own)).code, 3);
  t.is((await runScript(part, path, { ...own, SHARD: "1" })).code, 0);
  t.is((await runScript(merge, path, own)).code, 0);
  t.like(JSON.parse(read("tree/segmf.sarif")), { version: "2.1.0", runs: [{ results: [] }] });
  t.is((await runScript(part, path, { ...own, SCOPE: "--pages 0", SHARD: "1" })).code, 1);
});

test("the action installs its own version, checks, says the exit code, and fails where the check does", async (t) => {
  const { path, env, read } = sandbox("action");
  const [install = "", check = ""] = scripts(ACTION.runs.steps);
  t.is((await runScript(install, path, { ...env, PACKAGE: "", ACTION: ROOT })).code, 0);
  t.regex(read("npm"), INSTALLED);
  const { version }: { readonly version: string } = JSON.parse(textOf("package.json"));
  t.true(read("npm").includes(` segmf@${version} `));

  const inputs = { CHECKS: "", EXPECT: "", SARIF: "out.sarif" };
  const asked = { ...env, ...inputs, ARGUMENTS: "--kernel release --domids 1" };
  const { code, stdout } = await runScript(check, path, asked);
  t.is(code, 0);
  t.regex(stdout, /^driver {9}corrected on the release kernel\n/);
  t.like(JSON.parse(read("tree/out.sarif")), { version: "2.1.0" });
  t.is((await runScript(check, path, { ...asked, EXPECT: "none.json" })).code, 2);
  t.is((await runScript(check, path, { ...asked, DRIVER: "", CHECKS: "some thing" })).code, 2);
  t.is(read("output"), "exit-code=0\nexit-code=2\nexit-code=2\n");
});

test("the hook lets pass what is no driver, checks what is to be committed, and says how to commit all the same", async (t) => {
  const path = join(folder.path, "repository");
  const file = join(path, "usr/src/uts/i86xpv/vm/seg_mf.c");
  mkdirSync(dirname(file), { recursive: true });
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const git = (...args: readonly string[]) =>
    runFile("git", ["-c", "user.name=n", "-c", "user.email=e@example.org", ...args], path, env);
  const commit = async (text: string, workTree = text) => {
    writeFileSync(file, text);
    await git("add", "--all");
    writeFileSync(file, workTree);
    return await git("commit", "--quiet", "--message", "change");
  };
  const segmf = join(path, "node_modules/.bin/segmf");
  await git("init", "--quiet");
  writeFileSync(join(path, ".gitignore"), "node_modules\nlog\n");
  writeCommand(join(path, ".git/hooks/pre-commit"), textOf("docs/ci/pre-commit").replace("#!/bin/sh\n", ""));

  // What segmf is given, and that its exit code decides.
  writeCommand(segmf, 'echo "$@" > log', 'grep -q good "$4"');
  await git("add", "--all");
  t.deepEqual(await git("commit", "--quiet", "--message", "no driver"), { code: 0, stdout: "", stderr: "" });
  t.false(existsSync(join(path, "log")));
  t.is((await commit("good\n")).code, 0);
  t.regex(readFileSync(join(path, "log"), "utf8"), /^check --no-config --driver \S+\/seg_mf\.c --pages 1\n$/);
  writeFileSync(join(path, "segmf.expected.json"), "{}\n");
  t.is((await commit("good again\n", "bad\n")).code, 0);
  t.regex(readFileSync(join(path, "log"), "utf8"), / --expect segmf\.expected\.json\n$/);
  t.is((await commit("bad\n", "good\n")).code, 1);

  // The command itself.
  writeCommand(segmf, wholeCommand());
  await git("rm", "--quiet", "--cached", "segmf.expected.json");
  writeFileSync(join(path, ".gitignore"), "node_modules\nlog\nsegmf.expected.json\n");
  const { code, stderr } = await commit("int x\n");
  t.is(code, 1);
  t.regex(
    stderr,
    /pre-commit: segmf check of usr\/src\S+ exited with 2; git commit --no-verify commits all the same\n$/,
  );
});
