import type {
  CheckReport,
  InvariantReport,
  PathsReport,
  ProductReport,
  ScopeReport,
  SpecificationReport,
} from "../conformance/report.js";
import { differenceText } from "./scope.js";
import { counted, GLUE, number } from "./style.js";

/** The parts of a check's report in words, as every way of reporting tells them. */

export function specificationText(specification: SpecificationReport, report: CheckReport): string {
  const { states, transitions, depth, complete, violations, scope } = specification;
  const broken = violations.map(({ invariant, path }) => `\nbreaks ${invariant} after ${path.join(", ") || "nothing"}`);
  const explored = `${counted(states, "state")}, ${counted(transitions, "transition")}, depth ${depth}`;
  return `${at(scope, report)}${explored}: ${complete ? "complete" : "INCOMPLETE"}${broken.join("")}`;
}

/** What the product was first explored in: the scope that was asked for. */
export function askedFor({ products, specification }: CheckReport): ScopeReport {
  return products[0]?.scope ?? specification.scope;
}

/** `at 1 fork: `; nothing for the scope that was asked for. */
function at(scope: ScopeReport, report: CheckReport): string {
  const difference = differenceText(scope, askedFor(report));
  return difference === "" ? "" : `at ${difference}: `;
}

/** What paths there are, in the order in which the report has them. */
export const PATHS = ["a shortest path to every state", "every path that visits no state twice"] as const;

export function pathsText(
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

export function productText(product: ProductReport, report: CheckReport): string {
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

export function directedText({ directed }: CheckReport): string {
  const held = directed.filter(({ holds }) => holds).length;
  const failed = directed.filter(({ holds }) => !holds).map(({ title }) => `\nfails: ${title}`);
  return `${held} of ${directed.length} hold at 17 pages and up to 16 refs a call${failed.join("")}`;
}

export function invariantsText({ invariants }: CheckReport): string {
  const broken = invariants.filter((invariant) => invariant.broken > 0);
  const counts = invariants.map(({ id, judged }) => `${id}${GLUE}${number(judged)}`).join(", ");
  const failed = broken.map((invariant) => `${invariant.id} on ${brokenOn(invariant)}`);
  const held = `${invariants.length - broken.length} of ${invariants.length} hold`;
  return `${held}; judged: ${counts}${failed.length === 0 ? "" : `\nbroken: ${failed.join(", ")}`}`;
}

/** One invariant in words. */
export function invariantText(invariant: Pick<InvariantReport, "id" | "judged" | "broken">): string {
  const judged = `judged ${counted(invariant.judged, "time")}`;
  return invariant.broken === 0 ? judged : `${judged}, broken on ${brokenOn(invariant)}`;
}

function brokenOn({ id, broken }: Pick<InvariantReport, "id" | "broken">): string {
  return counted(broken, id === "freeable" ? "state" : "edge");
}

export function coverageText(report: CheckReport): string {
  const { taken, total, missing, breakable, invariants } = report.coverage;
  const text = `${number(taken)} of ${number(total)} transitions and guard branches of the chart taken; ${breakable} of ${invariants} invariants broken on purpose`;
  // Of an exploration that stopped early nothing follows from what it did not take.
  const never = report.verdict === "incomplete" ? [] : missing.map((name) => `\nnever taken: ${name}`);
  return `${text}${never.join("")}`;
}
