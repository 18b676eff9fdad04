import type { Returns } from "./vocabulary.js";

/**
 * How a step of the specification ended the call under way, or null if the call goes on. `actions` is what xstate's
 * `transition` returns beside the next snapshot. Throws if a step ends a call twice, which no chart of ours does.
 */
export function returned(actions: readonly { readonly type: string; readonly params?: unknown }[]): Returns | null {
  const ends = actions.filter(({ type }) => type === "returns");
  if (ends.length > 1) throw new Error("a step of the chart ended a call twice");
  const [end] = ends;
  return end === undefined ? null : (end.params as Returns); // what the vocabulary gives to the action of this name
}
