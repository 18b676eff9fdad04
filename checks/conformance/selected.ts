import type { InvariantId } from "../../model/judged.js";
import type { CheckReport } from "./report.js";
import { incompleteReasons } from "./verdict.js";

/**
 * The report as far as it is about some invariants. Everything was judged all the same, and no call was followed that broke
 * any invariant: where some break others, what lies behind them was not seen, and the report can't say that these hold.
 */
export function selected(report: CheckReport, invariants: readonly InvariantId[]): CheckReport {
  const isMeant = (id: InvariantId): boolean => invariants.includes(id);
  const findings = report.findings.filter(({ breaches }) => breaches.some(({ invariant }) => isMeant(invariant)));
  const setAside = report.findings.length - findings.length;
  const told = {
    ...report,
    findings,
    invariants: report.invariants.filter(({ id }) => isMeant(id)),
    selected: { invariants, setAside },
  };
  if (setAside === 0) return told;
  const unexplored = [...incompleteReasons(report), unseenText(setAside)];
  if (findings.length > 0) {
    return {
      ...told,
      reasons: [`${findings.length} ${findings.length === 1 ? "finding" : "findings"}`, ...unexplored],
    };
  }
  const wrong = wrongBesideFindings(report);
  return { ...told, verdict: wrong.length > 0 ? "violated" : "incomplete", reasons: [...wrong, ...unexplored] };
}

function unseenText(setAside: number): string {
  const subject = setAside === 1 ? "1 finding breaks" : `${setAside} findings break`;
  return `${subject} only invariants that were not selected; what lies behind was not explored`;
}

/**
 * What is wrong beside all findings. Paths that part from the chart and directed scenarios that fail are how findings show,
 * so they say nothing by themselves where there are some.
 */
function wrongBesideFindings({
  specification,
  specificationsBeside,
  products,
  nondeterminism,
}: CheckReport): readonly string[] {
  const wrong = [specification, ...specificationsBeside].flatMap(({ violations }) =>
    violations.map(({ invariant }) => `the specification contradicts itself: ${invariant}`),
  );
  if (nondeterminism.length > 0) wrong.push("the driver is not deterministic");
  if (products.some(({ deadlocks }) => deadlocks > 0)) wrong.push("there are deadlocks");
  return wrong;
}
