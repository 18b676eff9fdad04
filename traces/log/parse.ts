import type { KernelKind, Returned } from "../../impl/driver.js";
import { ROOT } from "../json/path.js";
import { JsonSyntaxError, readJson } from "../json/read.js";
import { readAddmapAnswer, readAnswers, readGrantAnswers, readOr, readUpdateAnswers } from "../scenario/answers.js";
import { readCall } from "../scenario/calls.js";
import { ScenarioError } from "../scenario/error.js";
import { JsonNode } from "../scenario/node.js";
import { oneOf, PAGES, UINT16, UINT32, whole } from "../scenario/scalars.js";
import type { CallEvent, LogEvent, LogHeader, PanicEvent, ReturnEvent, SeenAnswers } from "./log.js";
import { LOG_FORMAT, PLAIN_HEADER } from "./log.js";

/** Where a line is: for the errors about it. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const STARTS: readonly LogHeader["start"][] = ["empty", "middle"];
const ANSWERS: readonly LogHeader["answers"][] = ["all", "some", "none"];
const ADDRESSES: readonly LogHeader["addresses"][] = ["convention", "machine"];
const KERNELS: readonly KernelKind[] = ["debug", "release"];
const HEADER = ["format", "pages", "maxGrefs", "start", "underWay", "answers", "addresses", "driver", "kernel"];

/** SEGMF_MAX_GREFS has to fit into a segment of any size. */
const MAX_GREFS = PAGES;

/** Reads a log's first line. Throws `ScenarioError`, which names file, line, JSON path and what was expected, and nothing else. */
export function parseLogHeader(text: string, place: Place): LogHeader {
  const root = nodeOf(text, place);
  const format = root.member("format");
  if (format.value !== LOG_FORMAT) return format.fail(`"${LOG_FORMAT}"`);
  root.only("a log's first line", HEADER);
  const start = readOr(root.member("start"), (node) => oneOf(node, STARTS), PLAIN_HEADER.start);
  const underWay = root.member("underWay");
  if (underWay.value !== undefined && start === "empty") underWay.fail('no such member unless "start" is "middle"');
  return {
    pages: whole(root.member("pages"), PAGES),
    maxGrefs: readOr(root.member("maxGrefs"), (node) => whole(node, MAX_GREFS), PLAIN_HEADER.maxGrefs),
    start,
    underWay: readOr(underWay, (node) => whole(node, UINT16), PLAIN_HEADER.underWay),
    answers: readOr(root.member("answers"), (node) => oneOf(node, ANSWERS), PLAIN_HEADER.answers),
    addresses: readOr(root.member("addresses"), (node) => oneOf(node, ADDRESSES), PLAIN_HEADER.addresses),
    recorded: readRecorded(root),
  };
}

function readRecorded(root: JsonNode): LogHeader["recorded"] {
  if (!(root.has("driver") || root.has("kernel"))) return null;
  return { driver: readText(root.member("driver")), kernel: oneOf(root.member("kernel"), KERNELS) };
}

/** Reads an event's line. Throws as `parseLogHeader` does. */
export function parseLogEvent(text: string, place: Place, header: LogHeader): LogEvent {
  const root = nodeOf(text, place);
  const event = root.member("event");
  switch (event.value) {
    case "call":
      return readCallEvent(root);
    case "return":
      return readReturnEvent(root, header);
    case "panic":
      return readPanicEvent(root, header);
    case "end":
      root.only("end", ["event"]);
      return { event: "end" };
    default:
      return event.fail('one of "call", "return", "panic", "end"');
  }
}

const BESIDE_CALLS = ["event", "thread", "space", "pages"];

function readCallEvent(root: JsonNode): CallEvent {
  const thread = whole(root.member("thread"), UINT32);
  const call = readCall(root, BESIDE_CALLS);
  const space = root.member("space");
  const pages = root.member("pages");
  return {
    event: "call",
    thread,
    ...(space.value === undefined ? {} : { space: whole(space, UINT32) }),
    ...(pages.value === undefined ? {} : { pages: whole(pages, PAGES) }),
    call,
  };
}

function readReturnEvent(root: JsonNode, header: LogHeader): ReturnEvent {
  root.only("return", ["event", "thread", "ret", "answers"]);
  const ret = root.member("ret");
  return {
    event: "return",
    thread: whole(root.member("thread"), UINT32),
    ret: ret.value === undefined ? undefined : readReturned(ret),
    answers: readSeen(root.member("answers"), header),
  };
}

function readPanicEvent(root: JsonNode, header: LogHeader): PanicEvent {
  root.only("panic", ["event", "thread", "reason", "answers"]);
  return {
    event: "panic",
    thread: whole(root.member("thread"), UINT32),
    reason: readText(root.member("reason")),
    answers: readSeen(root.member("answers"), header),
  };
}

const LONGEST_WORD = /^0x[0-9a-f]{1,16}$/;

function readReturned(node: JsonNode): Returned {
  const { value } = node;
  if (value === null || (typeof value === "number" && Number.isSafeInteger(value))) return value;
  if (typeof value === "string" && LONGEST_WORD.test(value)) return value;
  return node.fail('a whole number, a "0x…" string for one beyond 2^53, or null');
}

function readText(node: JsonNode): string {
  return typeof node.value === "string" ? node.value : node.fail("a text");
}

/** The call that the answers belong to is in another line: whether it asks for them is not judged here. */
const ANY_CALL = "release_grefs";

function readSeen(node: JsonNode, { answers }: LogHeader): SeenAnswers {
  if (answers === "all") return readAnswers(node, ANY_CALL);
  if (node.value === undefined) return {};
  if (answers === "none") return node.fail('no answers in a log whose first line says "answers": "none"');
  node.only("answers", ["addmap", "update_va_mapping", "map_grant_ref", "unmap_grant_ref"]);
  const [addmap, updates, mapped, unmapped] = [
    node.member("addmap"),
    node.member("update_va_mapping"),
    node.member("map_grant_ref"),
    node.member("unmap_grant_ref"),
  ];
  return {
    ...(addmap.value === undefined ? {} : { addmap: readAddmapAnswer(addmap) }),
    ...(updates.value === undefined ? {} : { update_va_mapping: readUpdateAnswers(updates) }),
    ...(mapped.value === undefined ? {} : { map_grant_ref: readGrantAnswers(mapped) }),
    ...(unmapped.value === undefined ? {} : { unmap_grant_ref: readGrantAnswers(unmapped) }),
  };
}

function nodeOf(text: string, { file, line }: Place): JsonNode {
  const name = `${file}:${line}`;
  try {
    return new JsonNode(name, ROOT, readJson(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const expected = `${error.expected} at column ${error.column}`;
    throw new ScenarioError(name, error.path, expected, error.got, { cause: error });
  }
}
