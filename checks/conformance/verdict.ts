import type { CheckReport, ScopeReport, VerdictName } from "./report.js";

type Parts = Omit<CheckReport, "format" | "driver" | "kernel" | "verdict" | "reasons" | "seconds">;

/**
 * The verdict, and every reason for it. What was found outweighs what was not seen: a violation is a violation even where
 * the exploration stopped early. A vacuous check (a transition never taken, an invariant nothing breaks) is a failed one.
 */
export function judgementOf(parts: Parts): { readonly verdict: VerdictName; readonly reasons: readonly string[] } {
  const violated = [...brokenReasons(parts), ...(isComplete(parts) ? vacuityReasons(parts) : [])];
  const stopped = incompleteReasons(parts);
  if (violated.length > 0) return { verdict: "violated", reasons: [...violated, ...stopped] };
  return { verdict: stopped.length > 0 ? "incomplete" : "holds", reasons: stopped };
}

function brokenReasons({
  specification,
  specificationsBeside,
  paths,
  products,
  directed,
  findings,
  nondeterminism,
}: Parts): readonly string[] {
  const reasons: string[] = [];
  for (const { violations, scope } of [specification, ...specificationsBeside]) {
    for (const { invariant } of violations) {
      reasons.push(`the specification contradicts itself: ${invariant} (${sizeText(scope)})`);
    }
  }
  if (findings.length > 0) reasons.push(`${findings.length} ${findings.length === 1 ? "finding" : "findings"}`);
  const parting = paths.reduce((sum, { mismatches }) => sum + mismatches.length, 0);
  if (parting > 0) reasons.push(`${parting} replayed paths part from the chart`);
  for (const { deadlocks, unfreeable, violatingEdges } of products) {
    if (deadlocks > 0) reasons.push(`${deadlocks} states in which no call is enabled though a segment is alive`);
    // With violating edges left out the graph has holes, and says nothing of what can be freed.
    if (violatingEdges === 0 && (unfreeable ?? 0) > 0) {
      reasons.push(`freeable: from ${unfreeable} states no path leads to every segment freed`);
    }
  }
  for (const { title, holds } of directed) if (!holds) reasons.push(`directed scenario failed: ${title}`);
  const [first] = nondeterminism;
  if (first !== undefined) {
    reasons.push(
      `the driver is not deterministic: made again after ${first.after} calls, ${first.call} differs in ${first.about}`,
    );
  }
  return reasons;
}

function vacuityReasons({ coverage, invariants }: Parts): readonly string[] {
  const reasons: string[] = [];
  const never = invariants.filter(({ judged }) => judged === 0).map(({ id }) => id);
  if (never.length > 0) reasons.push(`never judged: ${never.join(", ")}`);
  if (coverage.missing.length > 0) reasons.push(`${coverage.missing.length} transitions of the chart were never taken`);
  if (coverage.breakable < coverage.invariants) reasons.push("not every invariant could be broken on purpose");
  return reasons;
}

/** What was not explored, one line each. */
export function incompleteReasons({
  specification,
  specificationsBeside,
  products,
  interrupted,
}: Pick<CheckReport, "specification" | "specificationsBeside" | "products" | "interrupted">): readonly string[] {
  const reasons: string[] = [];
  for (const { complete, scope } of [specification, ...specificationsBeside]) {
    if (!complete) reasons.push(`the specification was not explored to the end (${sizeText(scope)})`);
  }
  for (const { complete, stopped, scope } of products) {
    if (!complete) reasons.push(`the product was not explored to the end (${sizeText(scope)}; ${stopped})`);
  }
  if (interrupted) reasons.push("interrupted before everything was checked");
  return reasons;
}

/** What tells the scopes of one check apart. */
function sizeText({ pages, forks, maxGrefs }: ScopeReport): string {
  const parts = [`${pages} ${pages === 1 ? "page" : "pages"}`];
  if (forks > 0) parts.push(`${forks} ${forks === 1 ? "fork" : "forks"}`);
  return [...parts, `at most ${maxGrefs} ${maxGrefs === 1 ? "ref" : "refs"} a call`].join(", ");
}

function isComplete(parts: Parts): boolean {
  return incompleteReasons(parts).length === 0;
}
