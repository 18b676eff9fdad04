import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRATA, type Erratum } from "../../impl/segmf/errata.js";
import { parseScenario } from "../../traces/scenario/parse.js";
import type { Trace } from "../../traces/trace/trace.js";
import { CORPUS_INDEX, type CorpusEntry, type CorpusIndex } from "../conformance/corpusindex.js";
import { FIELD_MAX_GREFS, runScenario } from "../conformance/run.js";
import { edition } from "../conformance/subject.js";

/** An erratum with its recorded counterexamples, on each kernel on which it shows. */
export interface ErratumShown {
  readonly erratum: Erratum;
  readonly counterexamples: readonly Counterexample[];
}

export interface Counterexample {
  readonly entry: CorpusEntry;
  /** The file, from the root of the repository. */
  readonly file: string;
  /** The scenario as the file has it. */
  readonly text: string;
  /** What comes of it in the corrected driver with this erratum alone. */
  readonly trace: Trace;
}

/** Every erratum, with what the corpus has of it performed anew. `root` is the folder of the package. */
export async function shownErrata(root: string): Promise<readonly ErratumShown[]> {
  const corpus = join(root, "traces/corpus");
  const index = JSON.parse(readFileSync(join(corpus, CORPUS_INDEX), "utf8")) as CorpusIndex; // written by us alone
  const shown: ErratumShown[] = [];
  for (const erratum of ERRATA) {
    const counterexamples: Counterexample[] = [];
    for (const entry of index.errata.filter((one) => one.erratum === erratum.id)) {
      if (entry.file !== null) counterexamples.push(await counterexampleOf(erratum, entry, entry.file, corpus));
    }
    shown.push({ erratum, counterexamples });
  }
  return shown;
}

async function counterexampleOf(
  { id }: Erratum,
  entry: CorpusEntry,
  path: string,
  corpus: string,
): Promise<Counterexample> {
  const file = `traces/corpus/${path}`;
  const text = readFileSync(join(corpus, path), "utf8");
  const scenario = parseScenario(text, file);
  const subject = edition(`corrected with ${id}`, new Set([id]));
  const run = await runScenario(subject, entry.kernel, scenario);
  return { entry, file, text, trace: { name: id, scenario, run, maxGrefs: FIELD_MAX_GREFS } };
}
