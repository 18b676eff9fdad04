import type { AnswerSource } from "../driver.js";

/** Everything that the environment is asked succeeds. */
export const allSuccess: AnswerSource = { answer: () => 0 };

/** Answers in the order of the questions, whatever they are; success once the script has run out. */
export function scripted(answers: readonly number[]): AnswerSource {
  let next = 0;
  return { answer: () => answers[next++] ?? 0 };
}
