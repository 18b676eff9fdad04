import { keyOf } from "../chart/transitions.js";
import { code, heading, joined, link, type Piece, paragraph, type Row, type Section, strong } from "../document.js";
import { clauseId, clauseLink, erratumLink, invariantLink } from "../ids.js";
import type { ObservedTransition } from "../results/observe.js";
import type { NamedTest } from "../results/tests.js";
import { type ClauseTrace, clauseTraces } from "../traceability.js";

/** From the clauses to what is there for them, and from the tests back. */
export function traceabilitySection(tests: readonly NamedTest[], observed: readonly ObservedTransition[]): Section {
  const traces = clauseTraces(tests);
  return {
    id: "traceability",
    title: "Traceability",
    summary: "From each clause of the contract to its transitions, invariants, errata and tests, and back.",
    blocks: [
      paragraph(
        "A clause about a call without a transition, a clause of section 3 that no invariant holds drivers to, and any clause without a test is an error, " +
          "which the project's tests find. Transitions name their clauses in the chart, invariants and errata where they are stated, tests " +
          "at the end of their titles.",
      ),
      {
        kind: "table",
        caption: "Clauses of the contract",
        head: ["Clause", "What it says", "Transitions", "Invariants", "Errata", "Tests"],
        rows: traces.map((trace) => rowOf(trace, observed)),
      },
      heading("tests", "From the tests back"),
      {
        kind: "table",
        caption: "Tests that name a clause",
        head: ["Test", "In", "Clauses"],
        rows: tests.flatMap(testRow),
      },
    ],
    parts: [],
  };
}

function rowOf(
  { clause, transitions, invariants, errata, tests }: ClauseTrace,
  observed: readonly ObservedTransition[],
): Row {
  const { id, title, prose, items = [] } = clause;
  const listed = items.flatMap((item, at) => [` ${at + 1}. ${item}`]);
  const keys = new Set(transitions.map(keyOf));
  const calls = [...new Set(observed.flatMap((seen) => (keys.has(keyOf(seen)) ? seen.call : [])))];
  const where: readonly Piece[] =
    transitions.length === 0
      ? ["–"]
      : [
          `${transitions.length}, taken by `,
          ...joined(calls.length > 9 ? ["every call that only answers"] : calls.map(callPiece)),
        ];
  return {
    id: clauseId(id),
    cells: [
      [code(id)],
      [strong(`${title}.`), ` ${prose}`, ...listed],
      where,
      invariants.length === 0 ? "–" : joined(invariants.map(invariantLink)),
      errata.length === 0 ? "–" : joined(errata.map((erratum) => erratumLink(erratum.id))),
      [link("tests", String(tests.length)), `: ${tests.map((test) => test.title).join("; ")}`],
    ],
  };
}

function callPiece(call: string): Piece {
  return { to: `call-${call}`, text: call };
}

function testRow({ file, title, clauses }: NamedTest): readonly Row[] {
  return clauses.length === 0 ? [] : [{ cells: [title, [{ file }], joined(clauses.map(clauseLink))] }];
}
