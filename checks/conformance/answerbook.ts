import type { Answered, QuestionKind } from "../../impl/driver.js";
import type { Awaited } from "../../model/alphabet.js";

/** The answers given during one call, looked up by what they were about. */
export class AnswerBook {
  readonly #asked: readonly Answered[];

  constructor(asked: readonly Answered[]) {
    this.#asked = asked;
  }

  /** The answer to what the chart waits for; success where the driver did not ask (D4). */
  take(wanted: Awaited): number {
    switch (wanted.kind) {
      case "addmap":
        return this.#first("addmap");
      case "update_va_mapping":
        return (
          this.#asked.find(({ question: q }) => q.kind === "update_va_mapping" && q.page === wanted.page)?.answer ?? 0
        );
      case "map_grant_ref":
      case "unmap_grant_ref":
        return this.#wholeCall(wanted.kind);
      case "map_grant_ref_status":
        return this.#element("map_grant_ref", "map_grant_ref_status", wanted.element);
      case "unmap_grant_ref_status":
        return this.#element("unmap_grant_ref", "unmap_grant_ref_status", wanted.element);
    }
  }

  #first(kind: QuestionKind): number {
    return this.#asked.find(({ question }) => question.kind === kind)?.answer ?? 0;
  }

  /** A driver that makes one hypercall has its code; one that makes several fails element by element. */
  #wholeCall(kind: "map_grant_ref" | "unmap_grant_ref"): number {
    const hypercalls = this.#asked.filter(({ question }) => question.kind === kind);
    return hypercalls.length === 1 ? (hypercalls[0]?.answer ?? 0) : 0;
  }

  /** The status of an element counted over all hypercalls of the call; a hypercall that failed refuses all of its own. */
  #element(
    whole: "map_grant_ref" | "unmap_grant_ref",
    status: "map_grant_ref_status" | "unmap_grant_ref_status",
    element: number,
  ): number {
    let before = 0;
    for (const { question, answer } of this.#asked) {
      if (question.kind !== whole) continue;
      if (element < before + question.count) {
        if (answer !== 0) return answer;
        const own = this.#asked.find(
          ({ question: q }) => q.kind === status && q.op === question.op && q.element === element - before,
        );
        return own?.answer ?? 0;
      }
      before += question.count;
    }
    return 0;
  }
}
