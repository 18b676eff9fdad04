import type { Answered, AnswerSource, Call, Driver, Question } from "../../impl/driver.js";
import type { Awaited } from "../../model/alphabet.js";
import type { AnswerEvent, SpecEvent } from "../../model/events.js";
import { takeEdge } from "./edge.js";
import type { Specification, SpecState } from "./specification.js";

/** What came of replaying one path: events compared, or where driver and chart part. */
export type Replay = { readonly compared: number; readonly mismatch: string | null };

/**
 * Replays a path of chart events on a driver, from its present (initial) state, and compares at every event: after a call
 * or an answer the driver must ask exactly the question that the chart waits for, and end the call where the chart ends
 * it; where a call ends every invariant is judged. A path may end in the middle of a call: the call is then finished with
 * success, and compared as well. An event that compares nothing (an answer before any call) is a mismatch.
 */
export function replay(driver: Driver, specification: Specification, path: readonly SpecEvent[]): Replay {
  let spec: SpecState = specification.initial;
  let compared = 0;
  for (const { call, answers } of callsOf(path)) {
    const source = new EventAnswers(answers);
    const from = { spec, observed: driver.observe() };
    const edge = takeEdge(driver, specification, from, call, source);
    const { asked } = edge.outcome;
    const waited = specification.questions(spec, call, asked);
    const mismatch = compare(answers, waited, asked) ?? edge.breaches[0]?.detail ?? null;
    if (mismatch !== null) return { compared, mismatch: `${call.call}: ${mismatch}` };
    compared += 1 + answers.length;
    spec = edge.step.next;
  }
  const left = path.length - compared;
  return { compared, mismatch: left === 0 ? null : `${left} events compared nothing` };
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

/** Where the answers that the path gives, those that the chart waits for and those that the driver asked for part. */
function compare(
  answers: readonly AnswerEvent[],
  waited: readonly Awaited[],
  asked: readonly Answered[],
): string | null {
  for (let i = 0; i < Math.max(answers.length, waited.length, asked.length); i++) {
    const question = asked[i]?.question;
    const wanted = waited[i];
    const given = answers[i];
    if (wanted === undefined) {
      return question === undefined
        ? `the chart ends the call, the path has ${given?.type}`
        : `the chart ends the call, the driver asked ${questionWords(question)}`;
    }
    const ours = questionWords(wanted);
    const theirs = question === undefined ? null : questionWords(question);
    if (ours !== theirs) {
      return `the chart waits for ${ours}, the driver ${theirs === null ? "ended the call" : `asked ${theirs}`}`;
    }
    if (given !== undefined && given.type !== `answer.${wanted.kind}`) {
      return `the chart waits for ${ours}, the path has ${given.type}`;
    }
  }
  return null;
}

function questionWords(question: Question | Awaited): string {
  if ("element" in question) return `${question.kind} of element ${question.element}`;
  if ("count" in question) return `${question.kind} of ${question.count}`;
  return "page" in question ? `${question.kind} of page ${question.page}` : question.kind;
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
