/**
 * A JSON value as `readJson` gives it. Objects are maps, so that no member name is special and the order of the text is
 * kept. A whole number of up to 20 digits that a `number` would round is a `bigint`, exactly.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

const LONGEST = 40;

/** Text in double quotes, on one line and printable whatever is in it, cut short where it is long. */
export function quote(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return escapeUnprintable(JSON.stringify(short));
}

/** Writes what would break a line, turn it around or not show at all as \uXXXX. */
export function escapeUnprintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** What a value is, in a few words, for the `got` of an error. `undefined` is a member that is not there. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (isArray(value)) return "an array";
  if (isObject(value)) return "an object";
  return String(value);
}
