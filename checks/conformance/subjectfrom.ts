import { nativeSubject } from "./nativesubject.js";
import { edition, type Subject, type SubjectPlan } from "./subject.js";

/** The subject that a plan is of. */
export function subjectFrom(plan: SubjectPlan): Subject {
  return plan.kind === "native" ? nativeSubject(plan.path, plan.limits) : edition(plan.name, new Set(plan.errata));
}
