import type { KernelKind } from "../../impl/driver.js";
import type { ErratumId } from "../../impl/segmf/errata.js";
import type { InvariantId } from "../../model/judged.js";
import type { ScopeReport } from "./report.js";

/** A scope in which an erratum did not show, and how much of it was explored. */
export interface Searched {
  readonly scope: string;
  readonly states: number;
  readonly edges: number;
  readonly complete: boolean;
}

/** An erratum alone on one kernel: its shortest counterexample, or that it has none in any scope of the ladder. */
export interface CorpusEntry {
  readonly erratum: ErratumId;
  readonly kernel: KernelKind;
  /** Path inside `traces/corpus/`; `null` where the erratum does not show. */
  readonly file: string | null;
  /** The name of the scope that it was found in. */
  readonly scope: string | null;
  readonly invariants: readonly InvariantId[];
  readonly panic: string | null;
  /** The scopes in which it does not show. */
  readonly searched: readonly Searched[];
}

/** The index of the corpus. */
export interface CorpusIndex {
  readonly format: "segmf-corpus/1";
  readonly scopes: Readonly<Record<string, ScopeReport>>;
  readonly errata: readonly CorpusEntry[];
}

/** The folder of the counterexamples, inside `traces/corpus/`. */
export const CORPUS_ERRATA = "errata";

/** Where their index is. */
export const CORPUS_INDEX = `${CORPUS_ERRATA}.json`;
