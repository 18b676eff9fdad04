import type { CheckReport, ProductReport, ScopeReport, SpecificationReport } from "../conformance/report.js";
import { type Comparison, isComplete, isDifferent, recordedName } from "./expected.js";
import { askedFor, coverageText, invariantText, PATHS, pathsText, productText, specificationText } from "./parts.js";
import { differenceText, scopeText } from "./scope.js";
import { counted } from "./style.js";

export const SUITES = [
  "specification",
  "paths",
  "product",
  "directed",
  "invariants",
  "coverage",
  "random",
  "findings",
  "expectations",
] as const;

export type Suite = (typeof SUITES)[number];

/** `expected`: what is wrong was recorded before. `incomplete`: nothing is wrong so far, and not all of it was looked at. */
export type Outcome = "holds" | "violated" | "incomplete" | "expected";

/** One thing that a check judges, and how it came out, for reports that list such things. */
export interface Item {
  readonly suite: Suite;
  /** Unique in its suite, and the same from run to run. */
  readonly name: string;
  readonly outcome: Outcome;
  /** What was seen, in words. */
  readonly text: string;
}

/** Everything that a check judges, one by one. Nothing holds of which not all was looked at. */
export function itemsOf(report: CheckReport, comparison: Comparison | null): readonly Item[] {
  const wrong: Outcome = comparison === null || isDifferent(comparison) ? "violated" : "expected";
  const outcome = (isWrong: boolean, isWhole: boolean): Outcome => {
    if (isWrong) return wrong;
    return isWhole ? "holds" : "incomplete";
  };
  const items = [
    ...specificationItems(report, outcome),
    ...pathsItems(report, outcome),
    ...productItems(report, outcome),
    ...report.directed.map(
      ({ title, holds }): Item => ({
        suite: "directed",
        name: title,
        outcome: outcome(!holds, true),
        text: holds ? "holds" : "fails",
      }),
    ),
    ...invariantItems(report, outcome),
    ...coverageItems(report, outcome),
    ...findingItems(report, comparison),
    ...expectationItems(comparison),
  ];
  return items.map((item) => besideOthers(item, report));
}

/**
 * An item of a report that tells of some invariants only, where findings that break only others were set aside: what shows
 * those is not wrong for what was asked, and what lies behind them was not looked at.
 */
function besideOthers(item: Item, { selected, findings, verdict }: CheckReport): Item {
  if (selected === undefined || selected.setAside === 0) return item;
  const { suite, outcome, text } = item;
  if (suite === "invariants" && outcome === "holds") {
    return { ...item, outcome: "incomplete", text: `${text}; what lies behind findings of others was not explored` };
  }
  const isOfOthers = findings.length === 0 && verdict === "incomplete" && CONSEQUENCES.has(suite);
  return isOfOthers && outcome === "violated" ? { ...item, outcome: "incomplete" } : item;
}

/** What is wrong, or was not looked at to the end. Where there are findings, what merely follows from them is left out. */
export function wrongItems(report: CheckReport, comparison: Comparison | null): readonly Item[] {
  const wrong = itemsOf(report, comparison).filter(({ outcome }) => outcome !== "holds");
  const findings = wrong.filter(({ suite }) => suite === "findings");
  const isSelection = (report.selected?.setAside ?? 0) > 0;
  const isSaid = ({ suite, outcome }: Item): boolean => {
    if (!CONSEQUENCES.has(suite)) return true;
    if (outcome === "incomplete") return !isSelection || suite === "invariants" || !report.products.every(isWhole);
    return findings.length === 0;
  };
  const others = wrong.filter((item) => item.suite !== "findings" && isSaid(item));
  return [...findings, ...others];
}

function isWhole({ complete }: ProductReport): boolean {
  return complete;
}

/** Where findings show. */
const CONSEQUENCES: ReadonlySet<Suite> = new Set(["paths", "product", "directed", "invariants"]);

type Judge = (isWrong: boolean, isWhole: boolean) => Outcome;

function specificationItems(report: CheckReport, outcome: Judge): readonly Item[] {
  return [report.specification, ...report.specificationsBeside].map((specification: SpecificationReport) => ({
    suite: "specification",
    name: scopeName(specification.scope, report),
    outcome: outcome(specification.violations.length > 0, specification.complete),
    text: specificationText(specification, report),
  }));
}

function pathsItems(report: CheckReport, outcome: Judge): readonly Item[] {
  return report.paths.map((paths, i) => ({
    suite: "paths",
    name: PATHS[i] ?? `paths ${i + 1}`,
    outcome: outcome(paths.mismatches.length > 0, !report.interrupted),
    text: pathsText(paths, i, report),
  }));
}

function productItems(report: CheckReport, outcome: Judge): readonly Item[] {
  return report.products.map((product: ProductReport) => ({
    suite: "product",
    name: scopeName(product.scope, report),
    outcome: outcome(
      product.violatingEdges > 0 || product.deadlocks > 0 || (product.unfreeable ?? 0) > 0,
      product.complete,
    ),
    text: productText(product, report),
  }));
}

function invariantItems(report: CheckReport, outcome: Judge): readonly Item[] {
  const isWhole = isComplete(report);
  return report.invariants.map(({ id, judged, broken }) => ({
    suite: "invariants",
    name: id,
    outcome: outcome(broken > 0 || (judged === 0 && isWhole), isWhole),
    text: invariantText({ id, judged, broken }),
  }));
}

function coverageItems(report: CheckReport, outcome: Judge): readonly Item[] {
  const { coverage, nondeterminism } = report;
  const isWhole = isComplete(report);
  const [first] = nondeterminism;
  return [
    {
      suite: "coverage",
      name: "every transition taken and every invariant broken on purpose",
      outcome: outcome(isWhole && (coverage.missing.length > 0 || coverage.breakable < coverage.invariants), isWhole),
      text: coverageText(report),
    },
    {
      suite: "coverage",
      name: "the driver is deterministic",
      outcome: outcome(first !== undefined, isWhole),
      text:
        first === undefined
          ? `${counted(
              report.products.reduce((sum, { checkedTwice }) => sum + checkedTwice, 0),
              "edge",
            )} made again`
          : `made again after ${counted(first.after, "call")}, ${first.call} differs in ${first.about}`,
    },
  ];
}

function findingItems(report: CheckReport, comparison: Comparison | null): readonly Item[] {
  const fresh = comparison === null ? null : new Set(comparison.fresh);
  return report.findings.map((finding) => ({
    suite: "findings",
    name: finding.name,
    outcome: fresh === null || fresh.has(recordedName(finding)) ? "violated" : "expected",
    text: finding.breaches.map(({ invariant, detail }) => `${invariant}: ${detail}`).join("\n"),
  }));
}

/** What is not as it was recorded, beside the findings that are new. */
function expectationItems(comparison: Comparison | null): readonly Item[] {
  if (comparison === null) return [];
  const { file, gone, otherwise } = comparison;
  return [
    ...gone.map((name) => ({ name, text: `recorded in ${file}, and not found any more` })),
    ...otherwise.map((name) => ({ name, text: "no recorded finding accounts for it" })),
  ].map((item) => ({ suite: "expectations", outcome: "violated", ...item }));
}

/** A scope on one line: the one that was asked for in full, another by what it has otherwise. */
function scopeName(scope: ScopeReport, report: CheckReport): string {
  const difference = differenceText(scope, askedFor(report));
  return difference === "" ? scopeText(scope).replaceAll("\n", ", ") : `at ${difference}`;
}
