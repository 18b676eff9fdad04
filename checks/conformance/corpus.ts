import type { KernelKind } from "../../impl/driver.js";
import { ERRATA, type ErratumId } from "../../impl/segmf/errata.js";
import { sizeOf } from "../../model/plan.js";
import { defineScope, FAULT_CLASSES, type Scope } from "../../model/scope.js";
import { formatScenario } from "../../traces/scenario/format.js";
import { formatScenarioLines } from "../../traces/scenario/lines.js";
import { CORPUS_ERRATA, CORPUS_INDEX, type CorpusEntry, type CorpusIndex, type Searched } from "./corpusindex.js";
import { DIRECTED_PAGES } from "./directed.js";
import { findingsOf } from "./explain.js";
import { exploreProduct } from "./explore.js";
import type { Finding } from "./findings.js";
import { stateSpace } from "./graph/statespace.js";
import { suite } from "./graph/suite.js";
import { FIELD_MAX_GREFS } from "./run.js";
import { scopeReport } from "./scopereport.js";
import { Specification } from "./specification.js";
import { edition } from "./subject.js";
import type { Violation } from "./violation.js";

/** A file of the corpus: its path inside `traces/corpus/`, with `/`, and its text. */
export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** A scope to look for counterexamples in. All have the true SEGMF_MAX_GREFS, so that `segmf run` shows the same. */
export interface Rung {
  readonly name: string;
  readonly scope: Scope;
  /** How many states are looked at; all of them if there is no such number. */
  readonly states?: number;
}

/**
 * Where a counterexample is looked for, in this order: the default alphabet at 2 pages, then what it leaves out, as small as
 * can be. Foreign domains are all alike, so that one will do: a segment that is bound to it refuses any other.
 */
export const LADDER: readonly Rung[] = [
  { name: "default", scope: defineScope({ domids: [7] }) },
  { name: "forced statuses", scope: defineScope({ pages: 1, domids: [7], faults: new Set(FAULT_CLASSES) }) },
  { name: "wide", scope: defineScope({ pages: 1, domids: [7], alphabet: "wide" }) },
  { name: "a fork", scope: defineScope({ pages: 1, domids: [7], forks: 1 }) },
  { name: "17 pages", scope: defineScope({ pages: DIRECTED_PAGES, domids: [7], faults: new Set() }), states: 500 },
];

export interface CorpusOptions {
  readonly errata?: readonly ErratumId[];
  readonly ladder?: readonly Rung[];
}

/** The folder of suites that cover a scope, inside `traces/corpus/`. */
export const CORPUS_COVER = "cover";

/**
 * A suite that makes every call with every answer in each of the specification's states in the default scope: scenarios on
 * lines, the shortest first, which the corrected driver passes.
 */
export async function coverCorpus(): Promise<readonly CorpusFile[]> {
  const made = await suite(await stateSpace(defineScope()), "transitions");
  if (made === null) throw new Error("the default scope is too large to be covered");
  return [{ path: `${CORPUS_COVER}/transitions.jsonl`, text: formatScenarioLines(made.scenarios) }];
}

const KERNELS: readonly KernelKind[] = ["debug", "release"];

/**
 * The recorded counterexamples of the errata: for each erratum alone switched on in the corrected driver, on each kernel,
 * one with the fewest steps in the first scope of the ladder that shows it, minimal in its arguments; and the index of all.
 * Deterministic: the same drivers give the same text.
 */
export async function errataCorpus(options: CorpusOptions = {}): Promise<readonly CorpusFile[]> {
  const { errata = ERRATA.map(({ id }) => id), ladder = LADDER } = options;
  const searches = ladder.map((rung) => new Search(rung));
  const files: CorpusFile[] = [];
  const entries: CorpusEntry[] = [];
  for (const erratum of errata) {
    for (const kernel of KERNELS) {
      const { entry, finding } = await climb(erratum, kernel, searches);
      entries.push(entry);
      if (entry.file !== null && finding !== null) files.push({ path: entry.file, text: formatScenario(finding) });
    }
  }
  const scopes = Object.fromEntries(ladder.map(({ name, scope }) => [name, scopeReport(scope)]));
  const index: CorpusIndex = { format: "segmf-corpus/1", scopes, errata: entries };
  return [...files, { path: CORPUS_INDEX, text: `${JSON.stringify(index, null, 2)}\n` }];
}

/** Looks into one scope after the other until one shows the erratum. */
async function climb(
  erratum: ErratumId,
  kernel: KernelKind,
  searches: readonly Search[],
): Promise<{ readonly entry: CorpusEntry; readonly finding: Finding | null }> {
  const searched: Searched[] = [];
  for (const search of searches) {
    const result = await search.shortest(erratum, kernel);
    if ("name" in result) {
      const { breaches, panic } = result;
      const invariants = [...new Set(breaches.map(({ invariant }) => invariant))];
      const file = `${CORPUS_ERRATA}/${erratum}.${kernel}.json`;
      return { entry: { erratum, kernel, file, scope: search.name, invariants, panic, searched }, finding: result };
    }
    searched.push(result);
  }
  return {
    entry: { erratum, kernel, file: null, scope: null, invariants: [], panic: null, searched },
    finding: null,
  };
}

/** The search for counterexamples in one scope. The specification is the same for all errata. */
class Search {
  readonly name: string;
  readonly #rung: Rung;
  readonly #specification: Specification;

  constructor(rung: Rung) {
    this.name = rung.name;
    this.#rung = rung;
    this.#specification = new Specification(sizeOf(rung.scope));
  }

  /** A shortest counterexample, minimal, or how much was searched in vain. */
  async shortest(erratum: ErratumId, kernel: KernelKind): Promise<Finding | Searched> {
    const { scope, states } = this.#rung;
    const subject = edition(erratum, new Set([erratum]));
    const machine = { kernel, pages: scope.pages, maxGrefs: FIELD_MAX_GREFS };
    const shortest: Violation[] = [];
    const enough = new AbortController();
    const { report } = await exploreProduct(this.#specification, await subject.open(machine), scope, {
      limits: { signal: enough.signal, ...(states === undefined ? {} : { states }) },
      violated: (violation) => {
        const least = shortest[0]?.steps.length ?? violation.steps.length;
        // Breadth first: once one is longer, no more of the shortest will come.
        if (violation.steps.length > least) enough.abort();
        else shortest.push(violation);
      },
    });
    const [finding] = await findingsOf(subject, kernel, [{ ...machine, violations: shortest }]);
    if (finding !== undefined) return finding;
    return { scope: this.name, states: report.states, edges: report.edges, complete: report.complete };
  }
}
