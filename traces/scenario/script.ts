import type { AnswerSource, Question } from "../../impl/driver.js";
import type { GrantAnswer, Step } from "./scenario.js";

/**
 * The kernel's answers during one performance of a step, as the scenario scripts them: by order for `addmap` and
 * `update_va_mapping`, by hypercall and element for grants; success where the script has nothing. Use one a performance.
 */
export function answersOf({ answers }: Pick<Step, "answers">): AnswerSource {
  let addmaps = 0;
  let updates = 0;
  return {
    answer(question: Question): number {
      switch (question.kind) {
        case "addmap":
          return addmaps++ === 0 ? answers.addmap : 0;
        case "update_va_mapping":
          return answers.update_va_mapping[updates++] ?? 0;
        case "map_grant_ref":
          return codeOf(answers.map_grant_ref, question.op);
        case "map_grant_ref_status":
          return statusOf(answers.map_grant_ref, question.op, question.element);
        case "unmap_grant_ref":
          return codeOf(answers.unmap_grant_ref, question.op);
        case "unmap_grant_ref_status":
          return statusOf(answers.unmap_grant_ref, question.op, question.element);
      }
    },
  };
}

function codeOf(answers: readonly GrantAnswer[], op: number): number {
  return answers[op]?.rc ?? 0;
}

function statusOf(answers: readonly GrantAnswer[], op: number, element: number): number {
  return answers[op]?.status[element] ?? 0;
}
