import type {
  CheckReport,
  PathsReport,
  ProductReport,
  ScopeReport,
  SpecificationReport,
} from "../conformance/report.js";
import type { DriverChoice } from "./command.js";
import type { Comparison } from "./expected.js";
import { findingText } from "./finding.js";
import { differenceText, scopeText } from "./scope.js";
import { counted, definitions, GLUE, number, type Style, styleFor } from "./style.js";

/** What a summary tells beside the report itself. */
export interface Presentation {
  readonly colours: boolean;
  readonly choice: DriverChoice;
  /** Whether the driver is a C file. */
  readonly compiled: boolean;
  /** The trace file of each finding, `null` if they were not written. */
  readonly files: readonly string[] | null;
  /** False if they are of a format that `segmf run` does not read. */
  readonly replayed?: boolean;
  /** `null` if the findings were not compared with recorded ones. */
  readonly comparison: Comparison | null;
}

type Line = readonly [string, string];

/** The summary of a check for people: what was covered, what was found, the verdict. Only the last line is of the day. */
export function renderCheck(report: CheckReport, presentation: Presentation): string {
  const style = styleFor(presentation.colours);
  const lines: readonly Line[] = [
    [
      "driver",
      `${report.driver}${presentation.compiled ? ", compiled to WebAssembly," : ""} on the ${report.kernel} kernel`,
    ],
    ["scope", scopeText(askedFor(report))],
    ...named(
      "specification",
      [report.specification, ...report.specificationsBeside].map((one) => specificationText(one, report)),
    ),
    ...named(
      "paths",
      report.paths.map((paths, i) => pathsText(paths, i, report)),
    ),
    ...named(
      "product",
      report.products.map((product) => productText(product, report)),
    ),
    ["directed", directedText(report)],
    ["invariants", invariantsText(report)],
    ["coverage", coverageText(report)],
  ];
  const end: readonly Line[] = [
    ["verdict", verdictText(report, style)],
    ...(presentation.comparison === null ? [] : comparisonLines(presentation.comparison)),
    ["seconds", report.seconds.toFixed(1)],
  ];
  return [definitions(lines), ...findingTexts(report, presentation, style), definitions(end)].join("\n");
}

/** One name for several lines, each of which may be wrapped. */
function named(name: string, texts: readonly string[]): readonly Line[] {
  return texts.length === 0 ? [] : [[name, texts.join("\n")]];
}

function specificationText(specification: SpecificationReport, report: CheckReport): string {
  const { states, transitions, depth, complete, violations, scope } = specification;
  const broken = violations.map(({ invariant, path }) => `\nbreaks ${invariant} after ${path.join(", ") || "nothing"}`);
  const explored = `${counted(states, "state")}, ${counted(transitions, "transition")}, depth ${depth}`;
  return `${at(scope, report)}${explored}: ${complete ? "complete" : "INCOMPLETE"}${broken.join("")}`;
}

/** What the product was first explored in: the scope that was asked for. */
function askedFor({ products, specification }: CheckReport): ScopeReport {
  return products[0]?.scope ?? specification.scope;
}

/** `at 1 fork: `; nothing for the scope that was asked for. */
function at(scope: ScopeReport, report: CheckReport): string {
  const difference = differenceText(scope, askedFor(report));
  return difference === "" ? "" : `at ${difference}: `;
}

/** What paths there are, in the order in which the report has them. */
const PATHS = ["a shortest path to every state", "every path that visits no state twice"] as const;

function pathsText(
  { paths, replayed, steps, mismatches, scope }: PathsReport,
  index: number,
  report: CheckReport,
): string {
  const elsewhere = differenceText(scope, askedFor(report));
  const what = `${PATHS[index] ?? "paths"}${elsewhere === "" ? "" : `, at ${elsewhere}`}`;
  const first = mismatches[0];
  const parting =
    first === undefined ? "" : `\nthe first that parts from the chart: ${first.path.join(", ")}: ${first.detail}`;
  return `${what}: ${number(replayed)} of ${number(paths)} replayed, ${counted(steps, "event")} compared${parting}`;
}

function productText(product: ProductReport, report: CheckReport): string {
  const edges = `${counted(product.edges, "edge")} (${number(product.executed)} made, ${number(product.checkedTwice)} again)`;
  const explored = `${counted(product.states, "state")}, ${edges}, depth ${product.depth}`;
  const parts = [
    `${at(product.scope, report)}${explored}: ${completeness(product)}`,
    ...(product.notFactored === null ? [] : [`each state by itself, since ${product.notFactored}`]),
    ...consequences(product),
  ];
  return parts.join("; ");
}

function completeness({ complete, stopped }: ProductReport): string {
  return complete ? "complete" : `INCOMPLETE (${STOPS[stopped ?? ""] ?? stopped ?? "stopped"})`;
}

/** Why an exploration stopped, in words. */
const STOPS: Readonly<Record<string, string>> = {
  states: "the limit on states",
  seconds: "the limit on seconds",
  memory: "the limit on memory",
  aborted: "interrupted",
};

function consequences({ deadlocks, violatingEdges, unfreeable }: ProductReport): readonly string[] {
  const parts = deadlocks === 0 ? [] : [counted(deadlocks, "deadlock")];
  if (violatingEdges > 0) return [...parts, `${counted(violatingEdges, "edge")} violating and not followed`];
  if (unfreeable === null) return parts;
  return [
    ...parts,
    unfreeable === 0 ? "every state can be freed" : `${counted(unfreeable, "state")} that can't be freed`,
  ];
}

function directedText({ directed }: CheckReport): string {
  const held = directed.filter(({ holds }) => holds).length;
  const failed = directed.filter(({ holds }) => !holds).map(({ title }) => `\nfails: ${title}`);
  return `${held} of ${directed.length} hold at 17 pages and up to 16 refs a call${failed.join("")}`;
}

function invariantsText({ invariants }: CheckReport): string {
  const broken = invariants.filter((invariant) => invariant.broken > 0);
  const counts = invariants.map(({ id, judged }) => `${id}${GLUE}${number(judged)}`).join(", ");
  const failed = broken.map(
    (invariant) => `${invariant.id} on ${counted(invariant.broken, EDGES_OR_STATES[invariant.id] ?? "edge")}`,
  );
  const held = `${invariants.length - broken.length} of ${invariants.length} hold`;
  return `${held}; judged: ${counts}${failed.length === 0 ? "" : `\nbroken: ${failed.join(", ")}`}`;
}

/** What an invariant is broken on, where that is no edge. */
const EDGES_OR_STATES: Readonly<Record<string, string>> = { freeable: "state" };

function coverageText(report: CheckReport): string {
  const { taken, total, missing, breakable, invariants } = report.coverage;
  const text = `${number(taken)} of ${number(total)} transitions and guard branches of the chart taken; ${breakable} of ${invariants} invariants broken on purpose`;
  // Of an exploration that stopped early nothing follows from what it did not take.
  const never = report.verdict === "incomplete" ? [] : missing.map((name) => `\nnever taken: ${name}`);
  return `${text}${never.join("")}`;
}

function findingTexts(
  report: CheckReport,
  { choice, files, replayed = true }: Presentation,
  style: Style,
): readonly string[] {
  const texts = report.findings.map((finding, i) => {
    const file = files?.[i];
    return findingText(finding, i + 1, file === undefined ? null : { file, choice, replayed }, style);
  });
  return texts.length === 0 || files !== null
    ? texts
    : [...texts, "--out DIR writes these as scenario files, which segmf run replays.\n"];
}

function comparisonLines({ file, recorded, fresh, gone, otherwise }: Comparison): readonly Line[] {
  const different = fresh.length + gone.length + otherwise.length > 0;
  const expected = different ? `not what is recorded in ${file}` : `exactly what is recorded in ${file}`;
  return [
    ["expected", `${expected} (${counted(recorded, "finding")})`],
    ...named("new", fresh),
    ...named("gone", gone),
    ...named("otherwise", otherwise),
  ];
}

function verdictText({ verdict, reasons }: CheckReport, style: Style): string {
  const colour = verdict === "holds" ? style.green : verdict === "violated" ? style.red : style.yellow;
  return [colour(verdict), ...reasons].join("\n");
}
