// docs/dependencies.md: what is installed with segmf, and with what it is made, by package-lock.json. `npm run dependencies` writes it;
// with --check it says whether the file is as it would be written, and that nothing that is installed runs a script of its own.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const PAGE = new URL("docs/dependencies.md", root);

/** What each package that segmf itself asks for is there for. */
const PURPOSE = {
  "@viz-js/viz": "layout of the statechart, Graphviz as WebAssembly, for `segmf doc --site`",
  "@xstate/graph": "paths through a machine, in the engine",
  ajv: "reads configurations by their schema",
  commander: "the command line",
  "fast-check": "random runs, and how they are shrunk",
  "fastest-levenshtein": "*did you mean*",
  fflate: "links of the explorer",
  jiti: "reads a configuration in TypeScript",
  "markdown-table": "tables in reports",
  picocolors: "colours on a terminal",
  xstate: "the statechart",
};

/** Licences that a package's manifest does not name, as its LICENSE file says. */
const BY_FILE = { khroma: "MIT" };

/** Scripts that npm runs when a package is installed. */
const AT_INSTALL = ["preinstall", "install", "postinstall"];

const json = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const manifest = json("package.json");

/** What the lock file has besides the project, in the order of names. */
const packages = Object.entries(json("package-lock.json").packages)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return { path, name, ...entry, licence: entry.license ?? BY_FILE[name] };
  })
  .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));

function problems() {
  return packages.flatMap(({ path, licence, integrity, hasInstallScript = false }) => {
    const folder = new URL(`${path}/`, root);
    const scripts = existsSync(folder) ? (json(`${path}/package.json`).scripts ?? {}) : {};
    const compiles = existsSync(new URL("binding.gyp", folder));
    return [
      ...(licence === undefined
        ? [`${path}: no licence is known; look into it, and name it in .ci/dependencies.mjs`]
        : []),
      ...(integrity === undefined ? [`${path}: package-lock.json has no hash of it`] : []),
      ...(hasInstallScript || compiles || AT_INSTALL.some((script) => script in scripts)
        ? [`${path}: it runs a script when it is installed; find another package`]
        : []),
    ];
  });
}

function page() {
  const installed = packages.filter(({ dev = false }) => !dev);
  const rows = installed.map(({ name, version, licence }) => {
    const why = name in manifest.dependencies ? PURPOSE[name] : "another of these asks for it";
    return `| ${name} | ${version} | ${licence} | ${why ?? "?"} |`;
  });
  const tools = grouped(packages);
  const lists = [...tools]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([licence, all]) => {
      const names = new Set(all.filter(({ dev = false }) => dev).map(({ name }) => name));
      return names.size === 0 ? [] : [`* **${licence}** (${names.size}): ${[...names].join(", ")}`];
    });
  return `# Dependencies

Made from package-lock.json by \`npm run dependencies\`; a test holds it to that, and to this: no package, whether it is installed with segmf or
only used to make it, runs a script when it is installed, and each is held to a hash.

## Installed with segmf

${installed.length} packages, ${Object.keys(manifest.dependencies).length} of which it asks for itself. The compiler for C files, \`@yowasp/clang\` (ISC, the LLVM in it Apache-2.0
with exceptions), is installed only by whoever checks C files.

| package | version | licence | what for |
|---|---|---|---|
${rows.join("\n")}

## Used to make and test it

${lists.join("\n")}

## Known weaknesses

\`npm audit\` runs every night (\`.github/workflows/nightly.yml\`), and before a release. It could not be run where this was written: on
2026-11-26 the registry there answered its question with 405. So nothing is claimed of it here.
`;
}

function grouped(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.licence, [...(groups.get(one.licence) ?? []), one]);
  return groups;
}

const wrong = problems();
if (process.argv.includes("--check")) {
  if (!existsSync(PAGE) || readFileSync(PAGE, "utf8") !== page())
    wrong.push("docs/dependencies.md: is not as package-lock.json says; npm run dependencies");
} else {
  writeFileSync(PAGE, page());
}
for (const problem of wrong)
  console.error(
    `${fileURLToPath(import.meta.url)
      .split("/")
      .at(-1)}: ${problem}`,
  );
process.exitCode = wrong.length > 0 ? 1 : 0;
