import type { KernelKind } from "../../../impl/driver.js";
import { type ErratumId, isErratumId } from "../../../impl/segmf/errata.js";
import { parseTrace } from "../../../traces/read.js";
import type { Explorer } from "../session/explorer.js";
import { dataOf } from "./data.js";

/** A recorded counterexample of an erratum. */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
  readonly erratum: ErratumId;
  readonly kernel: KernelKind;
}

let files: readonly CorpusFile[] | null = null;

/** The recorded counterexamples that the page has with it. */
export function corpus(): readonly CorpusFile[] {
  files ??= dataOf("corpus").flatMap(({ name, text }) => {
    const [erratum = "", kernel] = name.split(".");
    return isErratumId(erratum) && (kernel === "debug" || kernel === "release")
      ? [{ name, text, erratum, kernel }]
      : [];
  });
  return files;
}

/** Begins at the start of a counterexample, with the corrected driver that has this erratum alone, on the kernel of the file. */
export function openCorpus(explorer: Explorer, { name, text, erratum, kernel }: CorpusFile): void {
  const scenario = parseTrace(new TextEncoder().encode(text), name);
  explorer.load(scenario, `${erratum}.${kernel}`, { driver: { kind: "edition", errata: [erratum] }, kernel });
}
