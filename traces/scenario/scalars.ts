import type { JsonNode } from "./node.js";
import { spelling } from "./node.js";

/** A range of whole numbers and how an error names its ends. */
export interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

/** 0 to `most`. */
function upTo(most: bigint): Range {
  return { least: 0n, most };
}

/** A two's complement number of so many bits. */
function signed(bits: bigint): Range {
  return { least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n };
}

/** Pages, counts, segment numbers and domids alike. */
export const UINT16 = upTo(65_535n);
export const UINT32 = upTo(2n ** 32n - 1n);
export const UINT64 = upTo(2n ** 64n - 1n);
/** A C `int`: an errno, a hypercall's code. */
export const INT32 = signed(32n);
/** A status of the grant table. */
export const INT16 = signed(16n);
/** Frames end where a machine address of 64 bits does. */
export const FRAME = upTo(2n ** 52n);
export const PAGES: Range = { least: 1n, most: 512n };
/** A distance in pages. */
export const PAGE_DELTA: Range = { least: -65_535n, most: 65_535n };
/** 65,536 pages, in bytes. */
const MOST_BYTES = 65_536n * 4096n;
export const BYTES = upTo(MOST_BYTES);
/** Bytes from the segment's base, on either side of it. */
export const OFFSET: Range = { least: -MOST_BYTES, most: MOST_BYTES };

/** More hexadecimal digits than any range here has; longer texts are not worth converting. */
const MOST_DIGITS = 16;

/** A whole number in `range`, as a JSON number or a `"0x…"` string. */
export function word(node: JsonNode, range: Range): bigint {
  const value = wholeNumber(node.value);
  if (value === null || value < range.least || value > range.most) {
    return node.fail(`a whole number from ${limit(range.least)} to ${limit(range.most)} or "0x…"`);
  }
  return value;
}

/** As `word`, for ranges that a `number` holds exactly. */
export function whole(node: JsonNode, range: Range): number {
  return Number(word(node, range));
}

export function flag(node: JsonNode): boolean {
  return typeof node.value === "boolean" ? node.value : node.fail("true or false");
}

/** One of a few names. */
export function oneOf<Name extends string>(node: JsonNode, names: readonly Name[]): Name {
  const value = node.value;
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  return node.fail(`one of the names ${spelling(typeof value === "string" ? value : "", names)}`);
}

function wholeNumber(value: JsonNode["value"]): bigint | null {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : null;
  if (typeof value !== "string") return null;
  if (!/^0x[0-9a-fA-F]+$/.test(value)) return null;
  const digits = value.slice(2).replace(/^0+/, "");
  return digits.length > MOST_DIGITS ? null : BigInt(`0x0${digits}`);
}

/** Large limits read better as powers of two. */
function limit(value: bigint): string {
  if (value < 2n ** 33n) return value.toString();
  const exponent = value.toString(2).length;
  return value === 2n ** BigInt(exponent) - 1n ? `2^${exponent} - 1` : `2^${exponent - 1}`;
}
