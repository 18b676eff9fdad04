import type { Awaited } from "../../../model/alphabet.js";
import { segmentsOf } from "../../../model/context.js";
import type { SpecEvent } from "../../../model/events.js";
import type { ExpectedPage, ExpectedSegment } from "../../../model/expectation.js";
import { panicked, project, waiting } from "../../../model/projection.js";
import { ALL_SUCCEED } from "../../../traces/scenario/scenario.js";
import { stepText } from "../../../traces/scenario/text.js";
import type { SpaceState } from "./statespace.js";

/** An event on one line: a call as people write it, or `update_va_mapping -22`. */
export function eventText(event: SpecEvent): string {
  if ("call" in event) return stepText({ call: event.call, answers: ALL_SUCCEED });
  return `${event.type.slice("answer.".length)} ${"rc" in event ? event.rc : event.status}`;
}

/** What a state is: each segment on a line, or what the call under way waits for. */
export function stateText({ view, awaited }: SpaceState): string {
  if (panicked(view)) return "panicked";
  const { underWay } = view.context;
  if (underWay !== null) return `in ${underWay.call} of segment ${underWay.seg}${awaitedText(awaited)}`;
  const segments = project(view).segments.map((segment, seg) => {
    const text = segment === null ? "gone" : segmentText(segment);
    return `segment ${seg}: ${text}${waiting(view, seg) ? "; somebody waits" : ""}`;
  });
  return segments.length === 0 ? "no segment" : segments.join("\n");
}

/** Whether nothing is left of any segment, and no call under way. */
export function isEmpty({ view }: SpaceState): boolean {
  const { underWay } = view.context;
  return underWay === null && !panicked(view) && segmentsOf(view.context).every((segment) => segment === null);
}

function awaitedText(awaited: Awaited | null): string {
  if (awaited === null) return "";
  return `\nwaits for ${awaited.kind}${"page" in awaited ? ` of page ${awaited.page}` : ""}`;
}

function segmentText({ stillborn, prot, domid, pages, registered }: ExpectedSegment): string {
  if (stillborn) return "stillborn";
  const each = pages.map((page, at) => `${pageText(page)}${registered[at] === true ? " (registered)" : ""}`);
  return `${prot}, ${domid === 0 ? "unbound" : `domid ${domid}`}; ${each.join(", ")}`;
}

function pageText(page: ExpectedPage): string {
  switch (page.type) {
    case "empty":
      return "empty";
    case "mfn":
      return `frame 0x${page.mfn.toString(16)}`;
    case "gref":
      return `grant ${page.gref} ${page.writable ? "rw" : "r"}`;
  }
}
