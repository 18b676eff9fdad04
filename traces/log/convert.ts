import type { Call, Outcome } from "../../impl/driver.js";
import { ROOT } from "../json/path.js";
import { quote } from "../json/value.js";
import { ScenarioError } from "../scenario/error.js";
import { findMisstep } from "../scenario/order.js";
import { ALL_SUCCEED, type Answers, type Scenario, type Step } from "../scenario/scenario.js";
import { formatLog } from "./format.js";
import type { CallEvent, Log, LogEvent, LogHeader, PanicEvent, ReturnEvent } from "./log.js";
import { PLAIN_HEADER } from "./log.js";
import { parseLog } from "./read.js";

/** What came of a step where it was run. */
export type Came = Pick<Outcome, "ret" | "panic">;

/**
 * A scenario as a log of one thread. `came` has what came of each step, as a run says (`segmf-run/1`); without it, or where it
 * ends, returns are not seen. Steps after a panic were never made: the log has none of them.
 */
export function logOf(scenario: Scenario, came: readonly Came[] = [], more: Partial<LogHeader> = {}): Log {
  const events: LogEvent[] = [];
  for (const [index, { call, answers }] of scenario.steps.entries()) {
    events.push({ event: "call", thread: 0, call });
    const result = came[index];
    if (typeof result?.panic === "string") {
      events.push({ event: "panic", thread: 0, reason: result.panic, answers });
      break;
    }
    events.push({ event: "return", thread: 0, ret: result?.ret, answers });
  }
  events.push({ event: "end" });
  return { header: { ...PLAIN_HEADER, pages: scenario.pages, ...more }, events };
}

/** `logOf` as text: what `segmf trace convert --to jsonl` writes. `scenarioOfLog(parseLog(…))` gives the scenario back. */
export function writeLog(scenario: Scenario, came: readonly Came[] = []): string {
  return formatLog(logOf(scenario, came));
}

/** The scenario that a log's text is of: what `segmf trace convert --from jsonl` reads. Throws `ScenarioError`. */
export function readLog(bytes: Uint8Array, file: string): Scenario {
  return scenarioOfLog(parseLog(bytes, file), file);
}

/**
 * The scenario that makes the calls of a log with the answers that it has; what it says of returns is dropped. Throws
 * `ScenarioError`, with file and line, where a log is no scenario: calls of several threads overlap, answers were not seen,
 * something was there before it, or segments differ in size.
 */
export function scenarioOfLog({ header, events }: Log, file: string): Scenario {
  const fail = (index: number, expected: string, got: string): never => {
    throw new ScenarioError(`${file}:${index + 2}`, ROOT, expected, got);
  };
  if (header.start !== "empty") fail(-1, '"start": "empty" of a log that is to be a scenario', `"${header.start}"`);
  if (header.answers !== "all") fail(-1, '"answers": "all" of a log that is to be a scenario', `"${header.answers}"`);
  const steps: Step[] = [];
  for (let index = 0; index < events.length; index += 2) {
    const event = events[index];
    if (event?.event === "end") break;
    if (event?.event !== "call") return fail(index, "a call", quote(event?.event ?? ""));
    if ((event.pages ?? header.pages) !== header.pages) fail(index, "segments of one size", `${event.pages} pages`);
    const end = events[index + 1];
    if (end?.event !== "return" && end?.event !== "panic") {
      return fail(
        index + 1,
        "the return of the call before it (calls of a scenario don't overlap)",
        quote(end?.event ?? ""),
      );
    }
    steps.push(
      stepOf(event, end) ?? fail(index + 1, `the answers that ${event.call.call} asks for`, "unmap_grant_ref"),
    );
  }
  const scenario = { pages: header.pages, steps };
  const misstep = findMisstep(scenario);
  if (misstep !== null) fail(2 * misstep.step, misstep.expected, misstep.got);
  return scenario;
}

function stepOf({ call }: CallEvent, { answers: seen }: ReturnEvent | PanicEvent): Step | null {
  const answers: Answers = { ...ALL_SUCCEED, ...seen };
  return answers.unmap_grant_ref.length > 0 && !releases(call) ? null : { call, answers };
}

function releases({ call }: Call): boolean {
  return call === "release_grefs";
}
