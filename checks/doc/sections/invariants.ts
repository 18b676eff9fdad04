import { MUTANTS } from "../../../impl/segmf/mutants.js";
import { INVARIANTS } from "../../../model/invariants/index.js";
import type { Invariant } from "../../../model/invariants/invariant.js";
import { scopeText } from "../../report/scope.js";
import { number } from "../../report/style.js";
import type { ErratumShown } from "../counterexamples.js";
import { bullets, code, heading, joined, type Piece, paragraph, type Row, type Section } from "../document.js";
import { clauseLink, erratumLink, invariantId } from "../ids.js";
import type { CheckedResults, Verified } from "../results/verified.js";

/** Where an invariant is checked. */
const WHERE: Readonly<Record<Invariant["scope"], string>> = {
  quiescent: "whenever no call is under way",
  hypercall: "whenever no call is under way, and before every call into the kernel as well",
  call: "after every call that it concerns, by comparing with what was before and with what the specification expects",
  space: "on the whole graph of reachable states",
};

export function invariantsSection({ check, tests }: Verified, errata: readonly ErratumShown[]): Section {
  return {
    id: "invariants",
    title: "The invariants",
    summary: "What must hold, where it is checked, what breaks it, and in which scopes it was verified.",
    blocks: [
      paragraph(
        `The ${check.driver} driver was checked on the ${check.kernel} kernel, every call with every answer in every state. `,
        `The verdict: ${check.verdict}. Transitions of the chart that were taken: ${check.coverage.taken} of ${check.coverage.total}. `,
        `Invariants that some known fault was seen to break: ${check.coverage.breakable} of ${check.coverage.invariants}; one that nothing could break would say nothing.`,
      ),
      {
        kind: "table",
        caption: "What was explored",
        head: ["What", "Scope", "States", "Edges", "Depth"],
        rows: scopeRows(check),
      },
      ...INVARIANTS.flatMap((invariant) => [
        heading(invariantId(invariant.id), invariant.id),
        paragraph(invariant.prose),
        bullets([
          `Checked ${WHERE[invariant.scope]}; ${judgedText(check, invariant)}.`,
          ["Broken by ", ...breakersOf(invariant, errata), "."],
          ["Holds drivers to ", ...joined(invariant.clauses.map(clauseLink)), "."],
          `Tests of its own: ${tests.filter((test) => test.invariants.includes(invariant.id)).length}.`,
        ]),
      ]),
    ],
    parts: [],
  };
}

/** Edges of a product are calls with all their answers; of a chart they are its transitions. */
function scopeRows({ specifications, products }: CheckedResults): readonly Row[] {
  const row = (
    what: string,
    scope: Parameters<typeof scopeText>[0],
    numbers: readonly number[],
    complete: boolean,
  ): Row => ({
    cells: [complete ? what : `${what}, incomplete`, scopeText(scope).replace("\n", "; "), ...numbers.map(number)],
  });
  return [
    ...specifications.map(({ scope, states, transitions, depth, complete }) =>
      row("the chart by itself", scope, [states, transitions, depth], complete),
    ),
    ...products.map(({ scope, states, edges, depth, complete }) =>
      row("specification and driver", scope, [states, edges, depth], complete),
    ),
  ];
}

function judgedText({ invariants }: CheckedResults, { id }: Invariant): string {
  const found = invariants.find((one) => one.id === id);
  return `judged ${number(found?.judged ?? 0)} times, broken ${number(found?.broken ?? 0)} times`;
}

function breakersOf({ id }: Invariant, errata: readonly ErratumShown[]): readonly Piece[] {
  const shown = errata.filter(({ counterexamples }) =>
    counterexamples.some(({ entry }) => entry.invariants.includes(id)),
  );
  const mutants = MUTANTS.filter(({ breaks }) => breaks === id);
  return [
    ...(shown.length === 0 ? [] : ["the errata ", ...joined(shown.map(({ erratum }) => erratumLink(erratum.id)))]),
    ...(shown.length > 0 && mutants.length > 0 ? [", and "] : []),
    ...(mutants.length > 0 ? ["the mutants ", ...mutants.flatMap(mutantPieces)] : []),
  ];
}

function mutantPieces({ id, title }: (typeof MUTANTS)[number], at: number): readonly Piece[] {
  return [at === 0 ? "" : ", ", code(id), ` (${title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())})`];
}
