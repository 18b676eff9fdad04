import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import licences from "spdx-license-list/full.js";

/** The package as a stranger gets it: packed, installed into an empty folder, and used there. */

const root = fileURLToPath(new URL("../../..", import.meta.url));
const run = promisify(execFile);

/** What a stranger's shell has: npm tells its children about the package it runs in, and that must not help us. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(config_local_prefix|package|lifecycle)|INIT_CWD)/i.test(name),
  ),
);

interface Packed {
  readonly filename: string;
  readonly files: readonly string[];
}

let scratch: string;
let empty: string;
let packed: Packed;

test.before("pack, and install into an empty folder", async (t) => {
  t.timeout(150_000);
  scratch = await mkdtemp(join(tmpdir(), "segmf-package-"));
  empty = join(scratch, "empty");
  await mkdir(empty);
  // Without scripts: these would rebuild dist/ under the feet of the tests that run from it.
  packed = packResult(await npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", scratch));
  const tarball = join(scratch, packed.filename);
  await npm(empty, "install", "--prefer-offline", "--no-audit", "--no-fund", tarball);
});

test.after.always("leave nothing behind", async () => {
  if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
});

test("the licence is the text of CDDL-1.0", async (t) => {
  const text = await readFile(join(root, "LICENSE"), "utf8");
  t.is(text, `${licences["CDDL-1.0"]?.licenseText}\n`);
});

test("what is needed is packed", (t) => {
  for (const file of [
    "package.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "SOUNDNESS.md",
    "dist/checks/cli/main.js",
    "dist/checks/explorer/explorer.html",
    "dist/checks/engine/index.js",
    "dist/checks/engine/index.d.ts",
    "impl/native/wrapper.c",
    "schemas/segmf-scenario-1.schema.json",
    "schemas/segmf-log-1.schema.json",
    "docs/ci/pre-commit",
    "model/SPEC.md",
    "model/verified.json",
    "traces/dtrace/segmf.d",
  ]) {
    t.true(packed.files.includes(file), file);
  }
  t.true(
    packed.files.some((file) => file.startsWith("impl/native/include/")),
    "the kernel headers",
  );
});

test("nothing else is packed", (t) => {
  const wanted =
    /^(package\.json|(README|CHANGELOG|CONTRIBUTING|SOUNDNESS)\.md|LICENSE|docs\/.*\.md|docs\/ci\/(pre-commit|[a-z_]+\.yml)|dist\/.*\.(js|d\.ts)|dist\/checks\/explorer\/explorer\.html|impl\/native\/(include\/.*|[^/]*\.c|testdriver\/testdriver\.c)|model\/(SPEC\.md|verified\.json)|schemas\/.*\.json|traces\/corpus\/.*|traces\/dtrace\/segmf\.d)$/;
  t.deepEqual(
    packed.files.filter(
      (file) =>
        !wanted.test(file) ||
        /\/(testing|examples)\/|\/(deep|bench|corpus|cfile)\.(js|d\.ts)|\/bench\/|[./](test|fixture|testkit|arbitrary)\./.test(
          file,
        ),
    ),
    [],
  );
});

test("the command can be run as a file, so that npx finds it in a checkout", async (t) => {
  const { mode } = await stat(join(root, "dist/checks/cli/main.js"));
  t.is(mode & 0o111, 0o111);
});

test("every compiled file has its source: dist/ is not stale", async (t) => {
  const modules = packed.files.filter((file) => file.startsWith("dist/") && file.endsWith(".js"));
  t.true(modules.length > 0);
  for (const file of modules) {
    await t.notThrowsAsync(readFile(join(root, file.slice("dist/".length).replace(/\.js$/, ".ts"))), file);
  }
});

test("the command says its version and its commands", async (t) => {
  const manifest: { readonly version: string } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  t.is((await npx("--version")).stdout, `${manifest.version}\n`);
  const help = (await segmf("--help")).stdout;
  for (const command of ["check", "run", "errata"]) t.regex(help, new RegExp(`^ +${command}\\b`, "m"));
});

test("the command runs a scenario", async (t) => {
  const { code, stdout, stderr } = await segmf("run", await scenario("fine"), "--json");
  t.is(stderr, "");
  t.is(code, 0);
  t.like(JSON.parse(stdout), { format: "segmf-run/1", driver: "corrected", kernel: "debug", steps: { length: 2 } });
});

test("without the compiler the command says what to install", async (t) => {
  const driver = join(scratch, "driver.c");
  await writeFile(driver, "int no_driver_at_all;\n");
  const { code, stdout, stderr } = await segmf("run", await scenario("native"), "--driver", driver);
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(stderr, /^[^\n]*@yowasp\/clang[^\n]*\n$/);
});

test("the README's examples compile; that of the engine prints what it says, that of a configuration is read", async (t) => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text ?? "");
  const [example = "", config = ""] = ["engine", "config"].map((entry) =>
    examples.find((text) => text.includes(`"segmf/${entry}"`)),
  );
  await writeFile(join(empty, "consumer.mts"), example);
  await writeFile(join(empty, "checks.ts"), config);
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--module", "nodenext", "--target", "es2023", "--skipLibCheck"];
  t.deepEqual(await attempt(process.execPath, [compiler, ...options, "consumer.mts", "checks.ts"]), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  t.deepEqual(await segmf("check", "neither", "--config", "checks.ts"), {
    code: 2,
    stdout: "",
    stderr: 'segmf: check: unknown check "neither"; checks.ts names spec, ours, release\n',
  });
  const printed = [...example.matchAll(/^console\.log.*; \/\/ (.*)$/gm)].map(([, comment]) => `${comment}\n`);
  t.is(printed.length, 2);
  t.deepEqual(await attempt(process.execPath, ["consumer.mjs"]), { code: 0, stdout: printed.join(""), stderr: "" });
});

async function scenario(name: string): Promise<string> {
  const file = join(scratch, `${name}.json`);
  const steps = [
    { call: "create", seg: 0 },
    { call: "unmap", seg: 0, page: 0, count: 1 },
  ];
  await writeFile(file, JSON.stringify({ format: "segmf-scenario/1", segment: { pages: 1 }, steps }));
  return file;
}

async function npm(folder: string, ...args: readonly string[]): Promise<string> {
  return (await run("npm", args, { cwd: folder, env: environment })).stdout;
}

/** The installed command. */
function segmf(...args: readonly string[]): Promise<Ended> {
  return attempt(process.execPath, [join(empty, "node_modules/.bin/segmf"), ...args]);
}

/** The same as `npx` finds it, never one from the registry. */
function npx(...args: readonly string[]): Promise<Ended> {
  return attempt("npx", ["--no", "--", "segmf", ...args]);
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the once empty folder; its exit code is a result, not an error. */
function attempt(file: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd: empty, env: { ...environment, NO_COLOR: "1" } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}

/** `npm pack --json` prints an array with one package. */
function packResult(json: string): Packed {
  const [first]: readonly { readonly filename: string; readonly files: readonly { readonly path: string }[] }[] =
    JSON.parse(json);
  if (first === undefined) throw new Error(`npm pack packed nothing: ${json}`);
  return { filename: first.filename, files: first.files.map(({ path }) => path) };
}
