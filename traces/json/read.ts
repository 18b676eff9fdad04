import { elementPath, memberPath, ROOT } from "./path.js";
import type { Json, JsonObject } from "./value.js";
import { escapeUnprintable } from "./value.js";

/** Text that is no JSON: where it stops being so, what could have stood there, and what does. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  constructor(
    /** The value that was being read, as `$.steps[3]`. */
    readonly path: string,
    /** From 1. A column is a UTF-16 unit. */
    readonly line: number,
    readonly column: number,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${path}: expected ${expected} at ${line}:${column}, got ${got}`);
  }
}

/** Arrays and objects within one another; what is deeper is refused, so that no text can exhaust the stack. */
export const DEEPEST = 64;

/**
 * Reads JSON text (RFC 8259, without a byte order mark). Differs from `JSON.parse` in what an error says, which is the
 * same on every engine, and in keeping whole numbers exact. Of two members with one name the last counts.
 * Throws `JsonSyntaxError` and nothing else.
 */
export function readJson(text: string): Json {
  return new Reader(text).whole();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
// Everything a string may hold between its quotes up to the next escape or the end.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const WORDS: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** No white space of JSON has a code above this. */
const LAST_SPACE = 0x20;

class Reader {
  private at = 0;
  /** Where in the text's value the reader is: a member's name or an element's index for each value around. */
  private readonly place: (string | number)[] = [];

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.fail("the end of the text");
    return value;
  }

  private value(): Json {
    this.skipSpace();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "{") return this.object();
    if (first === "[") return this.array();
    const literal = this.match(NUMBER);
    return literal === "" ? this.word() : numberOf(literal);
  }

  private word(): Json {
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.fail("a JSON value");
  }

  private object(): JsonObject {
    const members = new Map<string, Json>();
    const depth = this.deeper();
    this.skipSpace();
    if (this.take("}")) return members;
    while (true) {
      this.skipSpace();
      if (this.text[this.at] !== '"') this.fail(members.size === 0 ? 'a member name or "}"' : "a member name");
      const name = this.string();
      this.place.push(name);
      this.skipSpace();
      if (!this.take(":")) this.fail('":"');
      members.set(name, this.value());
      this.place.length = depth;
      this.skipSpace();
      if (this.take("}")) return members;
      if (!this.take(",")) this.fail('"," or "}"');
    }
  }

  private array(): readonly Json[] {
    const elements: Json[] = [];
    const depth = this.deeper();
    this.skipSpace();
    if (this.take("]")) return elements;
    while (true) {
      this.place.push(elements.length);
      elements.push(this.value());
      this.place.length = depth;
      this.skipSpace();
      if (this.take("]")) return elements;
      if (!this.take(",")) this.fail('"," or "]"');
    }
  }

  /** Steps over the bracket of an array or object, and says how many are around it. */
  private deeper(): number {
    if (this.place.length === DEEPEST) this.fail(`at most ${DEEPEST} arrays and objects within one another`);
    this.at++;
    return this.place.length;
  }

  private string(): string {
    this.at++;
    const plain = this.match(PLAIN);
    if (this.take('"')) return plain;
    const parts = [plain];
    while (true) {
      if (!this.take("\\")) this.fail("the rest of a string and its closing quote");
      parts.push(this.escape(), this.match(PLAIN));
      if (this.take('"')) return parts.join("");
    }
  }

  private escape(): string {
    const letter = this.text[this.at] ?? "";
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) {
      this.at++;
      return plain;
    }
    const digits = this.text.slice(this.at + 1, this.at + 5);
    if (letter !== "u") this.fail('one of "\\/bfnrtu after a backslash');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("u and four hexadecimal digits after a backslash");
    this.at += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private skipSpace(): void {
    if (this.text.charCodeAt(this.at) <= LAST_SPACE) this.match(SPACE);
  }

  private take(character: string): boolean {
    const found = this.text[this.at] === character;
    if (found) this.at++;
    return found;
  }

  /** What a sticky pattern matches here, the empty string if nothing. */
  private match(pattern: RegExp): string {
    const from = this.at;
    pattern.lastIndex = from;
    if (!pattern.test(this.text)) return "";
    this.at = pattern.lastIndex;
    return this.text.slice(from, this.at);
  }

  private fail(expected: string): never {
    const before = this.text.slice(0, this.at);
    const lineStart = before.lastIndexOf("\n") + 1;
    const line = before.split("\n").length;
    throw new JsonSyntaxError(this.path(), line, this.at - lineStart + 1, expected, this.found());
  }

  private path(): string {
    return this.place.reduce<string>(
      (path, step) => (typeof step === "string" ? memberPath(path, step) : elementPath(path, step)),
      ROOT,
    );
  }

  private found(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return "the end of the text";
    if (code === 0xfeff) return "a byte order mark";
    if (code === 0x0a || code === 0x0d) return "the end of the line";
    const character = String.fromCodePoint(code);
    const shown = escapeUnprintable(character);
    return shown === character ? `'${character}'` : shown;
  }
}

/** The longest whole number that is worth keeping exactly: 2^64 - 1 has 20 digits. */
const DIGITS = 20;

function numberOf(literal: string): number | bigint {
  const value = Number(literal);
  const exact = Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(literal) || literal.length > DIGITS;
  // Adding 0 makes -0 a plain 0: a scenario has no use for the difference.
  return exact ? value + 0 : BigInt(literal);
}
