import type { Step } from "../../../traces/scenario/scenario.js";
import { stepText } from "../../../traces/scenario/text.js";

const texts = new WeakMap<Step, string>();

/** A step on one line. */
export function textOf(step: Step): string {
  let text = texts.get(step);
  if (text === undefined) {
    text = stepText(step);
    texts.set(step, text);
  }
  return text;
}

/** Whether two steps make the same call and get the same answers. Their texts say all of them. */
export function sameStep(one: Step, other: Step): boolean {
  return one === other || textOf(one) === textOf(other);
}
