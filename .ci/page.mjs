// Makes the explorer's page: what the compiler made of checks/explorer/page, the style and the corpus, as one HTML file that
// needs nothing else. Does nothing if no file that it was made of has changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
/** What looks how, in this order: later files may overrule earlier ones. */
const STYLES = [
  "base",
  "controls",
  "frame",
  "walk",
  "state",
  "next",
  "invariants",
  "goals",
  "chart",
  "dialogs",
  "narrow",
];
const styles = STYLES.map((name) => `${root}checks/explorer/page/style/${name}.css`);
const target = `${root}dist/checks/explorer/explorer.html`;
const record = `${root}dist/checks/explorer/explorer.made-of.json`;
const corpus = `${root}traces/corpus/errata/`;

/** Files beside the modules that the page is made of. */
const others = () => [
  fileURLToPath(import.meta.url),
  `${root}package-lock.json`,
  ...styles,
  ...readdirSync(corpus)
    .sort()
    .map((name) => corpus + name),
];

const hashOf = (file) => createHash("sha256").update(readFileSync(file)).digest("base64");

function isUpToDate() {
  if (!existsSync(target) || !existsSync(record)) return false;
  const madeOf = JSON.parse(readFileSync(record, "utf8"));
  const listed = others();
  return (
    listed.every((file) => file in madeOf) &&
    Object.entries(madeOf).every(([file, hash]) => existsSync(file) && hashOf(file) === hash)
  );
}

async function bundle() {
  const { rolldown } = await import("rolldown");
  const dist = `${root}dist/checks/explorer/page/`;
  const built = await rolldown({
    input: `${dist}main.js`,
    platform: "browser",
    // Modules of Node may be met where nothing that needs them is taken over; that none is left is seen to below.
    external: /^node:(?!v8$)/,
    // A page has no heap to ask about.
    resolve: { alias: { "node:v8": `${dist}v8.js` } },
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await built.generate({ format: "iife", minify: true, comments: false });
  await built.close();
  const [chunk] = output;
  if (output.length !== 1 || chunk.imports.length > 0) throw new Error(`the page imports ${chunk.imports.join(", ")}`);
  return chunk;
}

/** Script that no parser of HTML takes for the end of it. */
const inScript = (code) => code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const inJson = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");
const sha = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function htmlOf(code, style) {
  const script = inScript(code);
  const traces = readdirSync(corpus)
    .sort()
    .map((name) => ({ name, text: readFileSync(corpus + name, "utf8") }));
  const policy = [
    "default-src 'none'",
    `script-src ${sha(script)} 'wasm-unsafe-eval'`,
    `style-src ${sha(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  // Its first line says whose it is: segmf overwrites its own files only.
  return `<!doctype html>
<!-- written by segmf as segmf-site/1 -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>segmf explorer</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="app"><p>The explorer needs JavaScript.</p></div>
<script type="application/json" id="corpus">${inJson(traces)}</script>
<script type="application/json" id="start">null</script>
<script>${script}</script>
</body>
</html>
`;
}

if (!isUpToDate()) {
  const { code, moduleIds } = await bundle();
  writeFileSync(target, htmlOf(code, styles.map((file) => readFileSync(file, "utf8")).join("")));
  const files = [...moduleIds.filter((id) => existsSync(id)), ...others()];
  writeFileSync(record, JSON.stringify(Object.fromEntries(files.map((file) => [file, hashOf(file)]))));
}
