import type { AnswerSource, Question, QuestionKind } from "../../impl/driver.js";
import type { FaultClass } from "../../model/scope.js";

/** The answer that stands for failure, one a kind: an errno, a negative errno of a hypercall, a grant status. */
const FAILURE: Readonly<Record<QuestionKind, number>> = {
  addmap: 12,
  update_va_mapping: -22,
  map_grant_ref: -22,
  map_grant_ref_status: -1,
  unmap_grant_ref: -22,
  unmap_grant_ref_status: -1,
};

/**
 * Answers that enumerate every behaviour of the environment during one call, depth first: follow a prefix of choices,
 * answer success beyond it, and know the next prefix. The first run has the empty prefix; `next` is null once every
 * sequence has been taken.
 */
export class BranchingAnswers implements AnswerSource {
  readonly #prefix: readonly boolean[];
  readonly #faults: ReadonlySet<FaultClass>;
  readonly #failed: boolean[] = [];
  readonly #mayFail: boolean[] = [];
  #addmaps = 0;

  constructor(faults: ReadonlySet<FaultClass>, prefix: readonly boolean[] = []) {
    this.#faults = faults;
    this.#prefix = prefix;
  }

  answer(question: Question): number {
    const mayFail = this.#faults.has(question.kind) && !this.#isSecondAddmap(question);
    const fails = mayFail && (this.#prefix[this.#failed.length] ?? false);
    this.#failed.push(fails);
    this.#mayFail.push(mayFail);
    return fails ? FAILURE[question.kind] : 0;
  }

  /** A call counts its segment's mapping once, and a scenario has one answer for that: a driver that asks again succeeds. */
  #isSecondAddmap({ kind }: Question): boolean {
    return kind === "addmap" && this.#addmaps++ > 0;
  }

  /** The prefix of the next behaviour: the last success that might have failed now fails. */
  next(): readonly boolean[] | null {
    for (let i = this.#failed.length - 1; i >= 0; i--) {
      if (this.#mayFail[i] && !this.#failed[i]) return [...this.#failed.slice(0, i), true];
    }
    return null;
  }
}
