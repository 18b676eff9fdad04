import type { Answered, Call } from "../../impl/driver.js";
import { grantSucceeds, isZero, withoutTrailingSuccesses } from "./answers.js";
import type { Answers, GrantAnswer, Scenario } from "./scenario.js";

/** A call that was performed and what was asked and answered meanwhile. */
export interface PerformedCall {
  readonly call: Call;
  readonly asked: readonly Answered[];
}

/** The scenario that asks for the same calls and gives the same answers again. Its answers are in normal form. */
export function scenarioOf(pages: number, performed: readonly PerformedCall[]): Scenario {
  return { pages, steps: performed.map(({ call, asked }) => ({ call, answers: answersFrom(asked) })) };
}

/**
 * The script that answers as it was answered. Throws where no script can: a second `addmap` of one call that failed
 * (`VOP_ADDMAP` counts a segment's mapping once, and the format has one answer for it).
 */
export function answersFrom(asked: readonly Answered[]): Answers {
  const addmaps = answersTo(asked, "addmap");
  if (addmaps.slice(1).some((answer) => answer !== 0)) {
    throw new RangeError("a scenario has one answer for addmap, and the second of one call failed");
  }
  return {
    addmap: addmaps[0] ?? 0,
    update_va_mapping: withoutTrailingSuccesses(answersTo(asked, "update_va_mapping"), isZero),
    map_grant_ref: grantAnswersFrom(asked, "map_grant_ref", "map_grant_ref_status"),
    unmap_grant_ref: grantAnswersFrom(asked, "unmap_grant_ref", "unmap_grant_ref_status"),
  };
}

function answersTo(asked: readonly Answered[], kind: "addmap" | "update_va_mapping"): readonly number[] {
  return asked.filter(({ question }) => question.kind === kind).map(({ answer }) => answer);
}

type CodeKind = "map_grant_ref" | "unmap_grant_ref";

/** By hypercall; elements that were not asked about are successes. */
function grantAnswersFrom(
  asked: readonly Answered[],
  codes: CodeKind,
  statuses: `${CodeKind}_status`,
): readonly GrantAnswer[] {
  const answers: (Tally | undefined)[] = [];
  for (const { question, answer } of asked) {
    if (question.kind === codes && "op" in question) tally(answers, question.op).rc = answer;
    if (question.kind === statuses && "element" in question) {
      tally(answers, question.op).status[question.element] = answer;
    }
  }
  // Array.from also visits what was never assigned.
  const complete = Array.from(answers, (answer) => ({
    rc: answer?.rc ?? 0,
    status: withoutTrailingSuccesses(
      Array.from(answer?.status ?? [], (status) => status ?? 0),
      isZero,
    ),
  }));
  return withoutTrailingSuccesses(complete, grantSucceeds);
}

/** A hypercall's answer while it is put together. */
interface Tally {
  rc: number;
  readonly status: (number | undefined)[];
}

function tally(answers: (Tally | undefined)[], op: number): Tally {
  const answer = answers[op] ?? { rc: 0, status: [] };
  answers[op] = answer;
  return answer;
}
