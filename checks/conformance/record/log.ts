import { formatLogEvent, formatLogHeader } from "../../../traces/log/format.js";
import type { LogEvent, LogHeader } from "../../../traces/log/log.js";

/** What is left out of a log that is recorded. */
export interface Omissions {
  /** Which of the kernel's answers are written; `some`: those of every other return. */
  readonly answers: LogHeader["answers"];
  /** Events to leave out at the start. */
  readonly from: number;
}

/** The lines of a log with these events, each with its line break, and with what is to be left out left out. */
export function* logLines(
  header: Omit<LogHeader, "answers" | "start" | "underWay">,
  events: Iterable<LogEvent>,
  { answers, from }: Omissions,
): Generator<string> {
  const underWay = new Set<number>();
  let skipped = 0;
  let complete: LogHeader | null = null;
  let returns = 0;
  for (const event of events) {
    if (skipped < from && event.event !== "end") {
      skipped++;
      if (event.event === "call") underWay.add(event.thread);
      else underWay.delete(event.thread);
      continue;
    }
    if (complete === null) {
      complete = { ...header, answers, start: skipped > 0 ? "middle" : "empty", underWay: underWay.size };
      yield formatLogHeader(complete);
    }
    if (event.event === "return") returns++;
    yield formatLogEvent(answers === "some" && returns % 2 === 0 ? unanswered(event) : event, complete);
  }
}

function unanswered(event: LogEvent): LogEvent {
  return event.event === "return" || event.event === "panic" ? { ...event, answers: {} } : event;
}
