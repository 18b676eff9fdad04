import type { ScopeReport } from "../conformance/report.js";
import { counted, enumerated } from "./style.js";

/** A scope in words, in full. */
export function scopeText(scope: ScopeReport): string {
  return `${memberTexts(scope).join(", ")}\nfaults: ${scope.faults.join(", ") || "none"}`;
}

/** What one scope has otherwise than another: `1 page, 1 fork`; empty where they are the same. */
export function differenceText(scope: ScopeReport, from: ScopeReport): string {
  const usual = memberTexts(from);
  const members = memberTexts(scope).filter((text, i) => text !== usual[i]);
  if (scope.faults.join() !== from.faults.join()) {
    members.push(scope.faults.length === 0 ? "no faults" : `faults ${enumerated(scope.faults)}`);
  }
  return members.join(", ");
}

/** Always as many, in the same order. */
function memberTexts({ pages, domids, refs, maxGrefs, forks, alphabet }: ScopeReport): readonly string[] {
  return [
    counted(pages, "page"),
    `${domids.length === 1 ? "domid" : "domids"} ${enumerated(domids)}`,
    `up to ${counted(refs, "ref")} a call`,
    `SEGMF_MAX_GREFS ${maxGrefs}`,
    forks === 0 ? "no forks" : counted(forks, "fork"),
    `${alphabet} alphabet`,
  ];
}
