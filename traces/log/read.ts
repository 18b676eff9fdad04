import { ROOT } from "../json/path.js";
import { readJson } from "../json/read.js";
import { ScenarioError } from "../scenario/error.js";
import type { Log, LoggedEvent, LogHeader } from "./log.js";
import { LONGEST_LINE } from "./log.js";
import { type Place, parseLogEvent, parseLogHeader } from "./parse.js";

const NEWLINE = 0x0a;

/**
 * Reads a log as it comes, in pieces of any size, and keeps no more than one line of it. Every method throws `ScenarioError`
 * for what is wrong: it names the file, the line and what was expected there.
 */
export class LogReader {
  readonly #file: string;
  /** What has come of a line that has not ended yet. */
  #begun: Uint8Array[] = [];
  #length = 0;
  #lines = 0;
  #header: LogHeader | null = null;
  #ended = false;

  /** @param file how errors name it */
  constructor(file: string) {
    this.#file = file;
  }

  /** `null` until its line has come. */
  get header(): LogHeader | null {
    return this.#header;
  }

  /** Whether the log was ended in good order so far. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The events of the lines that end in this piece. */
  *push(piece: Uint8Array): Generator<LoggedEvent> {
    let from = 0;
    for (let to = piece.indexOf(NEWLINE); to !== -1; to = piece.indexOf(NEWLINE, from)) {
      yield* this.#take(this.#whole(piece.subarray(from, to)));
      from = to + 1;
    }
    if (from === piece.length) return;
    // A copy: whoever gave the piece may use its memory again.
    this.#begun.push(piece.slice(from));
    this.#length += piece.length - from;
    if (this.#length > LONGEST_LINE) this.#tooLong();
  }

  /**
   * The event of a last line without a line break. One that breaks off is dropped: `ended` says that the log is
   * not whole then. Throws if there was no header.
   */
  *finish(): Generator<LoggedEvent> {
    if (this.#length > 0) {
      const line = this.#whole(new Uint8Array());
      if (this.#header === null || isWhole(line)) yield* this.#take(line);
    }
    if (this.#header === null) throw this.#error("a log's first line", "the end of the file", 1);
  }

  #whole(end: Uint8Array): Uint8Array {
    if (this.#length + end.length > LONGEST_LINE) this.#tooLong();
    if (this.#length === 0) return end;
    const whole = new Uint8Array(this.#length + end.length);
    let at = 0;
    for (const part of [...this.#begun, end]) {
      whole.set(part, at);
      at += part.length;
    }
    this.#begun = [];
    this.#length = 0;
    return whole;
  }

  *#take(bytes: Uint8Array): Generator<LoggedEvent> {
    const place: Place = { file: this.#file, line: ++this.#lines };
    const text = this.#decode(bytes);
    if (this.#header === null) {
      this.#header = parseLogHeader(text, place);
      return;
    }
    if (this.#ended) throw this.#error("nothing after the end", "another line");
    const event = parseLogEvent(text, place, this.#header);
    this.#ended = event.event === "end";
    yield { line: place.line, event };
  }

  #decode(bytes: Uint8Array): string {
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.#error("UTF-8 text", "bytes that are none");
    }
  }

  #tooLong(): never {
    throw this.#error(`a line of at most ${LONGEST_LINE} bytes`, "a longer one", this.#lines + 1);
  }

  #error(expected: string, got: string, line = this.#lines): ScenarioError {
    return new ScenarioError(`${this.#file}:${line}`, ROOT, expected, got);
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether a last line without a line break is all there: one that was cut off is no JSON, since every line is an object. */
function isWhole(line: Uint8Array): boolean {
  try {
    readJson(UTF8.decode(line));
    return true;
  } catch {
    return false;
  }
}

/** Reads a whole log from memory. Throws `ScenarioError` as `LogReader` does, and for a log that breaks off. */
export function parseLog(bytes: Uint8Array, file: string): Log {
  const reader = new LogReader(file);
  const events = [...reader.push(bytes), ...reader.finish()].map(({ event }) => event);
  if (reader.header === null || !reader.ended) {
    throw new ScenarioError(`${file}:${events.length + 2}`, ROOT, 'the line of "end"', "the end of the file");
  }
  return { header: reader.header, events };
}
