// The suite, and the packed package as a stranger installs it, on each Node that is promised: `npm run test:nodes -- 22 24`, all if
// none is named; `--rooms model,traces` runs these rooms' tests only, `--rooms none` none. A Node is an npm package with nothing
// but the binary in it. It is kept in a folder beside npm's own cache, and is no dependency.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PROMISED = ["20", "22", "24", "26"];
const root = fileURLToPath(new URL("..", import.meta.url));
const cache = process.env.SEGMF_NODES ?? join(homedir(), ".cache", "segmf-nodes");

function asked() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rooms: { type: "string" } } });
  const unknown = positionals.filter((version) => !PROMISED.includes(version));
  if (unknown.length > 0)
    throw new RangeError(`unknown Node ${unknown.join(", ")}; expected some of ${PROMISED.join(", ")}`);
  const rooms = values.rooms === "none" ? [] : values.rooms?.split(",");
  return { versions: positionals.length > 0 ? positionals : PROMISED, rooms };
}

/** The environment without what npm tells its children of the package that it runs in. */
const outside = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(config_local_prefix|package|lifecycle)|INIT_CWD)/i.test(name),
  ),
);

/** The folder of the binary. */
function fetched(version) {
  const folder = join(cache, version);
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(folder, "node_modules", name, "bin");
  if (!existsSync(join(bin, "node"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--silent"];
    execFileSync("npm", ["install", ...quiet, `${name}@${version}`], { cwd: folder, env: outside, stdio: "inherit" });
  }
  return bin;
}

/** Runs a command with the Node whose folder is first in PATH. Answers whether it succeeded. */
function succeeds(bin, cwd, env, command, ...args) {
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  return spawnSync(command, args, { cwd, env: { ...env, PATH }, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

/** The rooms' tests, as `npm test` runs them. All rooms if none is named. */
function suite(bin, rooms) {
  if (rooms?.length === 0) return true;
  const files = rooms?.map((room) => `dist/rooms/${room}.js`) ?? [];
  const ava = join(root, "node_modules", "ava", "entrypoints", "cli.mjs");
  return succeeds(bin, root, process.env, "node", ava, "--config", "ava.rooms.config.mjs", ...files);
}

const IMPORTS = `
import { defineConfig } from "segmf/config";
import { explore } from "segmf/engine";
import { createMachine } from "xstate";
const machine = createMachine({ initial: "a", states: { a: { on: { go: "b" } }, b: {} } });
const { states, complete } = await explore(machine, { events: [{ type: "go" }] });
if (states !== 2 || !complete || typeof defineConfig !== "function") throw new Error("the engine is not what it was");
`;

/** The package in an empty folder: its command, and what it exports. */
function installed(bin, tarball) {
  const folder = mkdtempSync(join(tmpdir(), "segmf-node-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    writeFileSync(join(folder, "imports.js"), IMPORTS);
    const steps = [
      ["npm", "install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--silent", tarball],
      ["node", "imports.js"],
      ["npx", "--no", "--", "segmf", "check", "--pages", "1"],
      ["npx", "--no", "--", "segmf", "doctor"],
    ];
    return steps.every(([command, ...args]) => succeeds(bin, folder, outside, command, ...args));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { versions, rooms } = asked();
const packed = mkdtempSync(join(tmpdir(), "segmf-pack-"));
try {
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", packed], {
    cwd: root,
    env: outside,
  });
  const tarball = join(packed, readdirSync(packed)[0]);
  const failed = versions.filter((version) => {
    const bin = fetched(version);
    console.log(`\n== Node ${execFileSync(join(bin, "node"), ["--version"], { encoding: "utf8" }).trim()}`);
    const results = [installed(bin, tarball), suite(bin, rooms)];
    return results.includes(false);
  });
  console.log(
    `\n${versions.length - failed.length} of ${versions.length} Nodes${failed.length > 0 ? `; not on ${failed.join(", ")}` : ""}`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(packed, { recursive: true, force: true });
}
