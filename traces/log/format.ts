import type { Returned } from "../../impl/driver.js";
import { answerMembers, callMembers, grantAnswerMembers, type Members } from "../scenario/format.js";
import type { GrantAnswer } from "../scenario/scenario.js";
import { ALL_SUCCEED } from "../scenario/scenario.js";
import type { Log, LogEvent, LogHeader, PanicEvent, ReturnEvent, SeenAnswers } from "./log.js";
import { LOG_FORMAT, PLAIN_HEADER } from "./log.js";

type Value = Members[string] | null;

/** Writes a whole log. `parseLog` gives it back. */
export function formatLog({ header, events }: Log): string {
  return [formatLogHeader(header), ...events.map((event) => formatLogEvent(event, header))].join("");
}

/** Writes a log's first line, with its line break. The same header is the same text: what is as in `PLAIN_HEADER` is left out, but for the size. */
export function formatLogHeader(header: LogHeader): string {
  const { pages, start, underWay, answers, addresses, maxGrefs, recorded } = header;
  return lineOf({
    format: LOG_FORMAT,
    pages,
    ...(maxGrefs === PLAIN_HEADER.maxGrefs ? {} : { maxGrefs }),
    ...(start === PLAIN_HEADER.start ? {} : { start }),
    ...(underWay === PLAIN_HEADER.underWay ? {} : { underWay }),
    ...(answers === PLAIN_HEADER.answers ? {} : { answers }),
    ...(addresses === PLAIN_HEADER.addresses ? {} : { addresses }),
    ...(recorded === null ? {} : { driver: recorded.driver, kernel: recorded.kernel }),
  });
}

/** Writes an event's line, with its line break. Which answers are written is the header's affair: all that fail, or all that were seen. */
export function formatLogEvent(event: LogEvent, { answers }: Pick<LogHeader, "answers">): string {
  switch (event.event) {
    case "call": {
      const { thread, space, pages, call } = event;
      return lineOf({
        event: "call",
        thread,
        ...(space === undefined ? {} : { space }),
        ...(pages === undefined ? {} : { pages }),
        ...callMembers(call),
      });
    }
    case "return":
      return lineOf({ event: "return", thread: event.thread, ...retMembers(event), ...answersOf(event, answers) });
    case "panic":
      return lineOf({ event: "panic", thread: event.thread, reason: event.reason, ...answersOf(event, answers) });
    case "end":
      return lineOf({ event: "end" });
  }
}

function lineOf(members: { readonly [name: string]: Value }): string {
  return `${JSON.stringify(members)}\n`;
}

function retMembers({ ret }: ReturnEvent): { readonly ret?: Returned } {
  return ret === undefined ? {} : { ret: returned(ret) };
}

/** A number that JSON readers would round is written as the 64-bit word it is. */
function returned(ret: Returned): Returned {
  return typeof ret !== "number" || Number.isSafeInteger(ret)
    ? ret
    : `0x${BigInt.asUintN(64, BigInt(ret)).toString(16)}`;
}

function answersOf(event: ReturnEvent | PanicEvent, which: LogHeader["answers"]): { readonly answers?: Members } {
  if (which === "none") return {};
  const members = which === "all" ? answerMembers({ ...ALL_SUCCEED, ...event.answers }) : seenMembers(event.answers);
  return Object.keys(members).length === 0 ? {} : { answers: members };
}

/** Every kind that was seen, successes included. */
function seenMembers({ addmap, update_va_mapping, map_grant_ref, unmap_grant_ref }: SeenAnswers): Members {
  return {
    ...(addmap === undefined ? {} : { addmap }),
    ...(update_va_mapping === undefined ? {} : { update_va_mapping }),
    ...(map_grant_ref === undefined ? {} : { map_grant_ref: grantMembers(map_grant_ref) }),
    ...(unmap_grant_ref === undefined ? {} : { unmap_grant_ref: grantMembers(unmap_grant_ref) }),
  };
}

function grantMembers(answers: readonly GrantAnswer[]): Members[string] {
  const written = answers.map(grantAnswerMembers);
  const [only] = written;
  return only !== undefined && written.length === 1 ? only : written;
}
