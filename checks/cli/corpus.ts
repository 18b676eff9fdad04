import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errataCorpus } from "../conformance/corpus.js";
import { CORPUS_ERRATA } from "../conformance/corpusindex.js";

// `npm run corpus`: writes traces/corpus/ anew, the recorded counterexamples of the errata. What is there is generated.

const corpus = fileURLToPath(new URL("../../../traces/corpus/", import.meta.url));
const files = await errataCorpus();
const errata = join(corpus, CORPUS_ERRATA);
mkdirSync(errata, { recursive: true });
const current = new Set(files.map(({ path }) => join(corpus, path)));
for (const name of readdirSync(errata)) {
  const file = join(errata, name);
  if (!current.has(file)) rmSync(file);
}
for (const { path, text } of files) {
  const file = join(corpus, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stdout.write(`${files.length} files written to ${corpus}\n`);
