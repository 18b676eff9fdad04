import type { AnyStateNode } from "xstate";

/**
 * A state by the name that the documentation has for it: its path, without what all paths begin with, and without the numbers
 * of segments and pages, which are all alike. `idle`, `granting.elements`, `life.stillborn`, `content.granted.readonly`.
 */
export function stateName({ path }: Pick<AnyStateNode, "path">): string {
  const words = path.filter((word) => word !== "running").map((word) => word.replace(/\d+$/, ""));
  const last = words.findLastIndex((word) => REGIONS.has(word));
  return words.slice(last < 0 ? 0 : last + (words[last] === "call" && words.length > last + 1 ? 1 : 0)).join(".");
}

/** The regions of the chart: a state is in one of them. */
const REGIONS: ReadonlySet<string> = new Set(["call", "life", "waiters", "domid", "content", "registration"]);

/** An event as people say it: `add_mfns`, `answer to map_grant_ref`. */
export function eventName(event: string): string {
  if (event === "call.*") return "any call";
  if (event.startsWith("call.")) return event.slice("call.".length);
  return event.startsWith("answer.") ? `answer: ${event.slice("answer.".length)}` : event;
}
