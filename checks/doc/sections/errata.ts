import { hashOf } from "../../explorer/session/link.js";
import { START, setupFor } from "../../explorer/session/setup.js";
import { lineOf } from "../../explorer/session/tree.js";
import { renderRun } from "../../report/run.js";
import type { Counterexample, ErratumShown } from "../counterexamples.js";
import { type Block, code, joined, paragraph, type Row, type Section, strong } from "../document.js";
import { clauseLink, erratumId, erratumLink, invariantLink } from "../ids.js";

/** What the shipped driver does otherwise, each with its shortest counterexample. */
export function errataSection(errata: readonly ErratumShown[]): Section {
  return {
    id: "errata",
    title: "The errata",
    summary:
      "What the shipped driver does otherwise than the contract says, who is hit, and the shortest sequence of calls that shows it.",
    blocks: [
      paragraph(
        `The driver as illumos ships it departs from the contract in ${errata.length} ways. Each is a switch in the corrected driver, so that each ` +
          "can be shown by itself.",
      ),
      {
        kind: "table",
        caption: "Errata",
        head: ["Erratum", "What is wrong", "Breaks", "Contract"],
        rows: errata.map(rowOf),
      },
    ],
    parts: errata.map(erratumPart),
  };
}

function rowOf({ erratum, counterexamples }: ErratumShown): Row {
  const broken = new Set(counterexamples.flatMap(({ entry }) => entry.invariants));
  const { id, title, clauses } = erratum;
  return { cells: [[erratumLink(id)], title, joined([...broken].map(invariantLink)), joined(clauses.map(clauseLink))] };
}

function erratumPart({ erratum, counterexamples }: ErratumShown): Section {
  const { id, title, does, follows, clause, clauses } = erratum;
  return {
    id: erratumId(id),
    title: `${id}: ${title}`,
    summary: does,
    blocks: [
      {
        kind: "list",
        ordered: false,
        items: [
          [strong("On a DEBUG kernel:"), ` ${follows.debug}`],
          [strong("On a release kernel:"), ` ${follows.release}`],
          [strong("Who is hit:"), ` ${follows.whom}`],
          [strong("Contract:"), ` ${clause} (`, ...joined(clauses.map(clauseLink)), ")"],
        ],
      },
      ...shownOnce(counterexamples).flatMap(counterexampleBlocks),
    ],
    parts: [],
  };
}

/** Where the same calls do the same on both kernels, the second tells nothing new. */
function shownOnce(
  all: readonly Counterexample[],
): readonly (Counterexample & { readonly also: Counterexample | null })[] {
  const [first, second] = all;
  if (first === undefined) return [];
  const isSame = second !== undefined && second.text === first.text && outcome(second) === outcome(first);
  return isSame ? [{ ...first, also: second }] : all.map((one) => ({ ...one, also: null }));
}

/** What is seen of a run, whatever kernel it is on. */
function outcome({ trace }: Counterexample): string {
  return JSON.stringify(trace.run.steps, (_, value: unknown) =>
    typeof value === "bigint" ? `0x${value.toString(16)}` : value,
  );
}

function counterexampleBlocks(
  counterexample: Counterexample & { readonly also: Counterexample | null },
): readonly Block[] {
  const { entry, file, text, trace, also } = counterexample;
  const { erratum, kernel } = entry;
  const on = also === null ? ` on a ${kernel === "debug" ? "DEBUG" : "release"} kernel` : ", the same on either kernel";
  const choice = kernel === "debug" ? "" : " --kernel release";
  const command = `npx segmf run ${file} --only ${erratum}${choice}`;
  const printed = renderRun(file, trace.scenario, trace.run, false);
  return [
    paragraph(
      `A shortest counterexample${on}, in the corrected driver with this erratum alone, as `,
      { file },
      also === null ? "" : " and ",
      also === null ? "" : { file: also.file },
      ":",
    ),
    { kind: "code", language: "json", text },
    { kind: "code", language: "console", text: `$ ${command}\n${printed}` },
    { kind: "walk", text: `Step through it in the explorer${on}`, hash: walkOf(counterexample) },
    { kind: "sequence", caption: `${erratum}: who calls whom${on}`, trace },
    { kind: "pages", caption: `${erratum}: the driver's map beside the page table, step by step${on}`, trace },
    paragraph(
      "Broken: ",
      ...(entry.panic === null ? [] : ["the kernel panics (", code(entry.panic), "); "]),
      ...joined(entry.invariants.map(invariantLink)),
      ".",
    ),
  ];
}

/** As the explorer begins with it: at its start, with the driver that has this erratum alone. */
function walkOf({ entry: { erratum, kernel }, trace: { scenario } }: Counterexample): string {
  const setup = setupFor({ ...START, driver: { kind: "edition", errata: [erratum] }, kernel }, scenario);
  return hashOf({ setup, tree: lineOf(scenario.steps), name: `${erratum}.${kernel}` });
}
