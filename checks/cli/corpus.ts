import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CORPUS_COVER, coverCorpus, errataCorpus } from "../conformance/corpus.js";
import { CORPUS_ERRATA } from "../conformance/corpusindex.js";

// `npm run corpus`: writes traces/corpus/ anew, the recorded counterexamples of the errata and a covering suite. What is there is generated.

const corpus = fileURLToPath(new URL("../../../traces/corpus/", import.meta.url));
const files = [...(await coverCorpus()), ...(await errataCorpus())];
const current = new Set(files.map(({ path }) => join(corpus, path)));
for (const folder of [CORPUS_COVER, CORPUS_ERRATA]) {
  const path = join(corpus, folder);
  mkdirSync(path, { recursive: true });
  for (const name of readdirSync(path)) {
    const file = join(path, name);
    if (!current.has(file)) rmSync(file);
  }
}
for (const { path, text } of files) {
  const file = join(corpus, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stdout.write(`${files.length} files written to ${corpus}\n`);
