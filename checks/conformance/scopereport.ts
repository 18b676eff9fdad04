import type { Scope } from "../../model/scope.js";
import type { ScopeReport } from "./report.js";

/** A scope as reports have it: plain data. */
export function scopeReport(scope: Scope): ScopeReport {
  return { ...scope, faults: [...scope.faults] };
}
