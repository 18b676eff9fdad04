import { escapeUnprintable } from "../../traces/json/value.js";
import type { PagesState, Rejection, SegmentCandidate, Validation } from "../conformance/validate/verdict.js";
import { counted, enumerated, hanging, number, type Style, styleFor } from "./style.js";

/** Verdicts on logs as JSON (`segmf-validation/1`). */
export function validationJson(log: string, validation: Validation): string {
  if (validation.verdict !== "rejected") {
    return `${JSON.stringify({ format: "segmf-validation/1", log, ...validation }, null, 2)}\n`;
  }
  const { rejection, ...rest } = validation;
  const { event, nearest } = rejection;
  const parsed = { ...rejection, event: parse(event), nearest: nearest === null ? null : parse(nearest) };
  return `${JSON.stringify({ format: "segmf-validation/1", log, ...rest, rejection: parsed }, null, 2)}\n`;
}

function parse(line: string): unknown {
  return JSON.parse(line);
}

/** A verdict on a log for people. */
export function renderValidation(log: string, validation: Validation, colours: boolean): string {
  const style = styleFor(colours);
  const head = style.bold(escapeUnprintable(log));
  const { events, calls, segments, threads, candidates } = validation;
  const counts = hanging(
    "  ",
    `${counted(events, "event")}: ${counted(calls, "call")} of ${counted(threads, "thread")} on ` +
      `${counted(segments, "segment")}; at most ${counted(candidates, "candidate")} at a time`,
  );
  switch (validation.verdict) {
    case "accepted":
      return `${head}: ${style.green("accepted")}: a behaviour of the specification\n${counts}`;
    case "incomplete": {
      const { why, line } = validation;
      if (line === 0) return `${head}: ${style.yellow("incomplete")}: interrupted before the first line had come\n`;
      return `${head}: ${style.yellow("incomplete")} at line ${number(line)}: ${WHY[why]}\n${counts}`;
    }
    case "rejected":
      return `${head}: ${style.red(`rejected at line ${validation.rejection.line}`)}\n${rejectionText(validation.rejection, style)}${counts}`;
  }
}

const WHY = {
  truncated: 'the log breaks off, without a line {"event":"end"}; what there is of it is a behaviour',
  "too many candidates": "no state is left that agrees with the log, but some were left out since they were too many",
  "too many calls wait for one": "a call overlaps with so many others that their order is not searched for",
  interrupted: "interrupted; what was read is a behaviour",
} as const;

function rejectionText({ event, reason, expected, states, candidates, nearest }: Rejection, style: Style): string {
  const shown = states.map((segments) => hanging("    ", style.dim(segments.map(segmentText).join("; "))));
  const more = candidates - states.length;
  return [
    hanging("  ", reason),
    // Lines of a log are not wrapped: they are to be searched for, and put in the place of the other.
    `  found: ${event}\n`,
    hanging("  expected: ", enumeratedOr(expected)),
    nearest === null ? "" : `  nearest accepted: ${nearest}\n`,
    states.length === 0 ? "" : hanging("  ", "before it the run could have been in:"),
    ...shown,
    more > 0 ? hanging("    ", `and ${number(more)} more`) : "",
  ].join("");
}

function enumeratedOr(expected: readonly string[]): string {
  return enumerated(expected).replace(/ and (?=[^,]*$)/, " or ");
}

function segmentText({ seg, life, prot, domid, pages }: SegmentCandidate): string {
  if (life !== "live") return `segment ${seg} ${life}`;
  const domidText = domid === null ? "bound to an unknown domid" : domid === 0 ? "unbound" : `domid ${domid}`;
  return `segment ${seg} ${prot ?? "some prot"}, ${domidText}, ${pages.map(pagesText).join(", ")}`;
}

function pagesText({ first, last, may }: PagesState): string {
  return `${first === last ? `page ${first}` : `pages ${first}-${last}`} ${may.length >= MOST_VALUES ? "anything" : may.join("|")}`;
}

/** A page of which nothing is known may be so many things, or more where it may be registered at a wrong address. */
const MOST_VALUES = 5;
