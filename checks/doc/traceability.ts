import type { Erratum } from "../../impl/segmf/errata.js";
import { ERRATA } from "../../impl/segmf/errata.js";
import { CLAUSES, type Clause, type ClauseId } from "../../model/clauses.js";
import { INVARIANTS } from "../../model/invariants/index.js";
import type { InvariantId } from "../../model/judged.js";
import { type WrittenTransition, writtenTransitions } from "./chart/transitions.js";
import type { NamedTest } from "./results/tests.js";

/** What there is for a clause of the contract. */
export interface ClauseTrace {
  readonly clause: Clause & { readonly id: ClauseId };
  readonly transitions: readonly WrittenTransition[];
  readonly invariants: readonly InvariantId[];
  readonly errata: readonly Erratum[];
  readonly tests: readonly NamedTest[];
}

/** Every clause, in the order of the contract, with all that names it. */
export function clauseTraces(tests: readonly NamedTest[]): readonly ClauseTrace[] {
  const transitions = writtenTransitions();
  return CLAUSES.map((clause) => {
    const names = ({ clauses }: { readonly clauses: readonly string[] }): boolean => clauses.includes(clause.id);
    return {
      clause,
      transitions: transitions.filter(names),
      invariants: INVARIANTS.filter(names).map(({ id }) => id),
      errata: ERRATA.filter(names),
      tests: tests.filter(names),
    };
  });
}

/** What is missing: each on a line that says what to do. None may be. */
export function gaps(tests: readonly NamedTest[]): readonly string[] {
  const known = new Set<string>(CLAUSES.map(({ id }) => id));
  const unknown = (what: string, clauses: readonly string[]): readonly string[] =>
    clauses.flatMap((id) =>
      known.has(id) ? [] : `${what} names the clause ${id}, which there is not: see model/clauses.ts`,
    );
  const found = clauseTraces(tests);
  return [
    ...found.flatMap(({ clause, transitions }) =>
      isAboutCall(clause) && transitions.length === 0
        ? `clause ${clause.id} is about a call, and no transition of the chart is there for it: name it with per() where it belongs`
        : [],
    ),
    ...found.flatMap((trace) =>
      trace.tests.length === 0
        ? `clause ${trace.clause.id} has no test: end the title of one with §${trace.clause.id}`
        : [],
    ),
    ...found.flatMap(({ clause, invariants }) =>
      clause.section === "3" && invariants.length === 0
        ? `clause ${clause.id} is held by no invariant: name it in one's clauses`
        : [],
    ),
    ...writtenTransitions().flatMap(({ source, event, clauses }) =>
      clauses.length === 0 ? `the transition of ${source} on ${event} is there for no clause: name one with per()` : [],
    ),
    ...INVARIANTS.flatMap(({ id }) =>
      tests.some(({ invariants }) => invariants.includes(id))
        ? []
        : `invariant ${id} has no test: begin the title of one with its id`,
    ),
    ...ERRATA.flatMap(({ id, clauses }) => unknown(`erratum ${id}`, clauses)),
    ...tests.flatMap(({ file, title, clauses }) => unknown(`${file}: the test "${title}"`, clauses)),
  ];
}

/** Sections 2 and 3 are about calls, but for what section 3 says of all of them. */
function isAboutCall({ section, cite }: Clause): boolean {
  return section === "2" || (section === "3" && cite !== "3");
}
