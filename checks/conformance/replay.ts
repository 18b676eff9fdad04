import type { Answered, AnswerSource, Call, Driver, Question, QuestionKind } from "../../impl/driver.js";
import type { AnswerEvent, SpecEvent } from "../../model/events.js";
import { callKey, takeEdge } from "./edge.js";
import type { Specification, SpecState } from "./specification.js";

/** What came of replaying one path: events compared, or where driver and chart part. */
export type Replay = { readonly compared: number; readonly mismatch: string | null };

/**
 * Replays a path of chart events on a driver, from its present (initial) state, and compares at every event: after a call
 * or an answer the driver must ask exactly the question that the chart waits for, or return where the chart returns;
 * where a call ends every invariant is judged. A path may end in the middle of a call: the call is then finished with
 * success, and compared as well.
 */
export function replay(driver: Driver, specification: Specification, path: readonly SpecEvent[]): Replay {
  let spec: SpecState = specification.initial;
  let compared = 0;
  for (const { call, answers } of callsOf(path)) {
    const source = new EventAnswers(answers);
    const from = { spec, observed: driver.observe() };
    const edge = takeEdge(driver, specification, from, call, callKey(call), source);
    const mismatch = compare(answers, edge.outcome.asked, edge.breaches[0]?.detail ?? null);
    if (mismatch !== null) return { compared, mismatch: `${call.call}: ${mismatch}` };
    compared += 1 + answers.length;
    spec = edge.step.next;
  }
  return { compared, mismatch: null };
}

interface CallWithAnswers {
  readonly call: Call;
  readonly answers: readonly AnswerEvent[];
}

/** The path's events, grouped: each call with the answers that follow it. */
function callsOf(path: readonly SpecEvent[]): readonly CallWithAnswers[] {
  const calls: { readonly call: Call; readonly answers: AnswerEvent[] }[] = [];
  for (const event of path) {
    if ("call" in event) calls.push({ call: event.call, answers: [] });
    else calls.at(-1)?.answers.push(event);
  }
  return calls;
}

function compare(answers: readonly AnswerEvent[], asked: readonly Answered[], breach: string | null): string | null {
  for (const [i, answer] of answers.entries()) {
    const kind = kindOf(answer);
    const question = asked[i]?.question;
    if (question === undefined) return `the chart waits for ${kind}, the driver returned without asking`;
    if (question.kind !== kind) return `the chart waits for ${kind}, the driver asked ${question.kind}`;
  }
  return breach;
}

function kindOf(answer: AnswerEvent): QuestionKind {
  // An answer event is called `answer.` and the kind of question that it answers.
  return answer.type.slice("answer.".length) as QuestionKind;
}

/** Answers as the path's events give them, in order; success beyond. */
class EventAnswers implements AnswerSource {
  readonly #answers: readonly AnswerEvent[];
  #next = 0;

  constructor(answers: readonly AnswerEvent[]) {
    this.#answers = answers;
  }

  answer(_question: Question): number {
    const event = this.#answers[this.#next++];
    if (event === undefined) return 0;
    return "rc" in event ? event.rc : event.status;
  }
}
