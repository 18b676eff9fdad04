import { ROOT } from "../json/path.js";
import { JsonSyntaxError, readJson } from "../json/read.js";
import type { Json } from "../json/value.js";
import { ScenarioError } from "./error.js";

/** The text of a file's bytes, which have to be UTF-8. Throws `ScenarioError` otherwise. */
export function textOf(bytes: Uint8Array, file: string): string {
  const offset = firstUndecodable(bytes);
  if (offset !== null) {
    const byte = bytes[offset];
    const got =
      byte === undefined
        ? "an unfinished character at the end"
        : `byte 0x${byte.toString(16).padStart(2, "0")} at offset ${offset}`;
    throw new ScenarioError(file, ROOT, "UTF-8 text", got);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The JSON value of a file's text. Throws `ScenarioError`, with line and column, where it is none. */
export function jsonOf(text: string, file: string): Json {
  try {
    return readJson(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? inFile(file, error) : error;
  }
}

function inFile(file: string, error: JsonSyntaxError): ScenarioError {
  const expected = `${error.expected} at ${error.line}:${error.column}`;
  return new ScenarioError(file, error.path, expected, error.got, { cause: error });
}

/** The offset of the first byte that no UTF-8 text has there, the length where the last character is cut off. */
function firstUndecodable(bytes: Uint8Array): number | null {
  if (decodes(bytes, bytes.length, false)) return null;
  let good = 0;
  let bad = bytes.length + 1;
  // A prefix decodes as far as it goes if and only if every shorter one does.
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodes(bytes, middle, true)) good = middle;
    else bad = middle;
  }
  return good;
}

function decodes(bytes: Uint8Array, length: number, unfinished: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: unfinished });
    return true;
  } catch {
    return false;
  }
}
