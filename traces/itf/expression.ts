import type { Json, JsonObject } from "../json/value.js";
import { isArray, isObject, quote } from "../json/value.js";
import type { JsonNode } from "../scenario/node.js";

/** More digits than any number here has; longer texts are not worth converting. */
const MOST_DIGITS = 40;

const SPECIAL = ["#bigint", "#map", "#set", "#tup"];

/**
 * What an ITF expression stands for, as plain JSON: a number for `#bigint`, an array for a list, tuple or set, an array of
 * pairs for a map, an object for a record. Fails where it is no expression of the format.
 */
export function plain(node: JsonNode): Json {
  const { value } = node;
  if (typeof value === "boolean" || typeof value === "string" || typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (isArray(value)) return node.elements().map(plain);
  return isObject(value) ? plainObject(node, value) : node.fail("an ITF expression");
}

function plainObject(node: JsonNode, value: JsonObject): Json {
  const names = [...value.keys()];
  const special = names.find((name) => name.startsWith("#"));
  if (special === undefined) return new Map(names.map((name) => [name, plain(node.member(name))]));
  node.only(`an ITF expression that has ${quote(special)}`, SPECIAL.includes(special) ? [special] : SPECIAL);
  const inner = node.member(special);
  switch (special) {
    case "#bigint":
      return bigint(inner);
    case "#map":
      return inner.elements().map(pair);
    default:
      return inner.elements().map(plain);
  }
}

function bigint(node: JsonNode): bigint {
  const { value } = node;
  if (typeof value === "string" && value.length <= MOST_DIGITS && /^-?[0-9]+$/.test(value)) return BigInt(value);
  return node.fail("the digits of a whole number as a string");
}

function pair(node: JsonNode): Json {
  const both = node.elements();
  return both.length === 2 ? both.map(plain) : node.fail("a key and its value", `${both.length} elements`);
}

/** The value of an option as Quint writes it, `undefined` for none. */
export function optional(node: JsonNode): Json | undefined {
  node.only("an option", ["tag", "value"]);
  const tag = node.member("tag");
  const value = node.has("value") ? plain(node.member("value")) : undefined;
  if (tag.value === "None") return undefined;
  if (tag.value === "Some") return value ?? node.member("value").fail("an ITF expression");
  return tag.fail('"Some" or "None"');
}
