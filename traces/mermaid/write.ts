import { type SequenceEvent, sequenceOf } from "../sequence/sequence.js";
import { markOf } from "../trace/mark.js";
import type { Trace } from "../trace/trace.js";
import { escaped } from "./escape.js";

export const MERMAID_FORMAT = "segmf-mermaid/1";

/** Writes a trace as a Mermaid sequence diagram. */
export function writeMermaid(trace: Trace): string {
  const { participants, events } = sequenceOf(trace);
  return [
    `%% ${markOf(MERMAID_FORMAT)}`,
    "sequenceDiagram",
    ...participants.map(({ name, label }) => `  participant ${name} as ${escaped(label)}`),
    ...events.map((event) => `  ${eventLine(event)}`),
    "",
  ].join("\n");
}

function eventLine(event: SequenceEvent): string {
  const text = escaped(event.text);
  if (event.kind === "note") return `note over ${event.over.join(",")}: ${text}`;
  return `${event.from}${event.kind === "call" ? "->>" : "-->>"}${event.to}: ${text}`;
}
