import type { Finding } from "../conformance/findings.js";
import type { CheckReport, PathsReport, ProductReport, ScopeReport } from "../conformance/report.js";
import { stepText } from "./call.js";
import { counted, definitionList, number, type Style, styleFor } from "./style.js";

/** The summary of a check for people: what was covered, what was found, the verdict. */
export function renderCheck(report: CheckReport, colours: boolean): string {
  const style = styleFor(colours);
  const lines: [string, string][] = [
    ["driver", `${report.driver} on the ${report.kernel} kernel`],
    ["specification", specificationText(report)],
    ...report.paths.map((paths): [string, string] => ["paths", pathsText(paths)]),
    ...report.products.map((product): [string, string] => ["product", productText(product)]),
    ["directed", directedText(report)],
    ["invariants", invariantsText(report)],
    ["coverage", coverageText(report)],
  ];
  const verdict: [string, string][] = [
    ["verdict", verdictText(report, style)],
    ["seconds", report.seconds.toFixed(1)],
  ];
  return [definitionList(lines), findingsText(report, style), definitionList(verdict)].filter(Boolean).join("\n");
}

function specificationText({
  specification: { scope, states, transitions, depth, complete, violations },
}: CheckReport) {
  const broken = violations.map(
    ({ invariant, path }) => `; breaks "${invariant}" after ${path.join(", ") || "nothing"}`,
  );
  const parts = [counted(states, "state"), counted(transitions, "transition"), `depth ${depth}`];
  return `${parts.join(", ")}, ${completeness(complete)}${broken.join("")} (${scopeText(scope)})`;
}

function pathsText({ paths, replayed, steps, mismatches, scope }: PathsReport): string {
  const first = mismatches[0];
  const parting = first === undefined ? "" : `; the first that parts: ${first.path.join(", ")}: ${first.detail}`;
  return `${number(replayed)} of ${number(paths)} replayed, ${counted(steps, "event")} compared${parting} (${scopeText(scope)})`;
}

function productText(product: ProductReport): string {
  const { states, edges, depth, complete, checkedTwice, violatingEdges, unfreeable } = product;
  const parts = [
    counted(states, "state"),
    `${counted(edges, "edge")} replayed`,
    `depth ${depth}`,
    completeness(complete),
    `${number(checkedTwice)} made twice`,
  ];
  if (violatingEdges > 0) parts.push(`${counted(violatingEdges, "edge")} violating and not followed`);
  else if (unfreeable !== null) parts.push(`${number(unfreeable)} states that can't be freed`);
  return `${parts.join(", ")} (${scopeText(product.scope)})`;
}

/** A scope in words. */
export function scopeText({ pages, domids, refs, maxGrefs, forks, faults, alphabet }: ScopeReport): string {
  const faultText = faults.length === 0 ? "no faults" : `faults ${faults.join(" ")}`;
  return [
    counted(pages, "page"),
    `domids ${domids.join(" ")}`,
    `${counted(refs, "ref")} a call of at most ${maxGrefs}`,
    counted(forks, "fork"),
    faultText,
    `${alphabet} alphabet`,
  ].join(", ");
}

function completeness(complete: boolean): string {
  return complete ? "complete" : "INCOMPLETE";
}

function directedText({ directed }: CheckReport): string {
  const held = directed.filter(({ holds }) => holds).length;
  const failed = directed.filter(({ holds }) => !holds).map(({ title }) => `; failed: ${title}`);
  return `${held} of ${directed.length} hold at 17 pages and 16 refs a call${failed.join("")}`;
}

function invariantsText({ invariants }: CheckReport): string {
  const broken = invariants.filter((invariant) => invariant.broken > 0);
  const counts = invariants.map(({ id, judged }) => `${id} ${number(judged)}`).join(", ");
  const failed = broken.map(({ id, broken: edges }) => `${id} on ${number(edges)}`).join(", ");
  return `${invariants.length} judged (${counts})${failed === "" ? "" : `; broken: ${failed}`}`;
}

function coverageText({ coverage: { taken, total, missing, breakable, invariants } }: CheckReport): string {
  const never = missing.length === 0 ? "" : `; never taken: ${missing.join("; ")}`;
  return `${number(taken)} of ${number(total)} transitions and guard branches of the chart taken, ${breakable} of ${invariants} invariants broken on purpose${never}`;
}

function findingsText({ findings }: CheckReport, style: Style): string {
  return findings.map((finding, i) => findingText(finding, i + 1, style)).join("\n");
}

function findingText(finding: Finding, index: number, style: Style): string {
  const { name, pages, maxGrefs, steps, breaches, panic, edges } = finding;
  const limit = maxGrefs === 16 ? "" : `, SEGMF_MAX_GREFS ${maxGrefs}`;
  const lines = [
    `${style.bold(`${index}. ${name}`)}  ${style.dim(`(${counted(pages, "page")}${limit}; ${counted(edges, "edge")})`)}`,
    ...steps.map((step, i) => `   ${i + 1}. ${stepText(step)}`),
    ...(panic === null ? [] : [`   ${style.red("panic")}: ${panic}`]),
    ...breaches.map(({ invariant, detail }) => `   ${style.red(invariant)}: ${detail}`),
  ];
  return `${lines.join("\n")}\n`;
}

function verdictText({ verdict, reasons }: CheckReport, style: Style): string {
  const colour = verdict === "holds" ? style.green : verdict === "violated" ? style.red : style.yellow;
  return reasons.length === 0 ? colour(verdict) : `${colour(verdict)}: ${reasons.join("; ")}`;
}
