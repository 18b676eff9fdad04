import type { AnyMachineSnapshot } from "xstate";
import { describeWhere, notClosed } from "./chart.js";
import { EngineError } from "./errors.js";
import { whyNotKeyable } from "./not-keyable.js";

/*
 * Exact keys. A value is written as a text that can be read back unambiguously from left to right (so different values
 * have different keys), with members in one fixed order (so equal values have equal keys):
 *
 *   undefined u   null n   true t   false f   number 12.5 (-0 and NaN as such)   bigint 12n   string "length:characters
 *   Date D<ms>    array [item,item,]    array with holes ~length[index=item,]    object {length:name=item,}
 *   Set S{item,}  Map M{key=item,}      (members of objects, sets and maps sorted by their own text)
 *
 * Every item is followed by a comma, so a number ends where the comma is; everything else says where it ends.
 */

/** From this depth on every object is remembered, to notice a value that contains itself. */
const DEEP = 64;
const ancestors: object[] = [];

/** Thrown where a value has no key; the path to it is found out afterwards, so that the usual way stays fast. */
const NOT_KEYABLE = Symbol("not keyable");

/**
 * The exact key of a plain value: equal keys if and only if the values are structurally equal.
 *
 * Structurally equal means: the same primitive (`NaN` equals `NaN`, `-0` differs from `0`, `1n` from `1`); dates with
 * the same time; arrays with equal items, a hole differing from `undefined`; plain objects with the same own enumerable
 * names and equal members, in any order, a member that is `undefined` differing from none, a null prototype counting as
 * `Object.prototype`; sets and maps with equal members, in any order. Which of two equal objects it is makes no
 * difference.
 *
 * @param name what the value is called in an error
 * @throws EngineError `not-keyable` for functions, symbols, class instances, arrays with named properties, values that
 *   contain themselves; it names the path to what is at fault
 */
export function valueKey(value: unknown, name = "the value"): string {
  try {
    return encode(value, 0);
  } catch (thrown) {
    throw explained(thrown, value, name);
  }
}

/**
 * The exact key of a machine's snapshot: status, state value, history, context and, of a machine that is done, its
 * output. Tags and meta data follow from the state value. Equality of context and output is that of `valueKey`.
 *
 * @throws EngineError `not-keyable` as `valueKey` does, and for a snapshot with children (actors) or in status `error`
 */
export function stateKey(snapshot: AnyMachineSnapshot): string {
  if (snapshot.status === "error") {
    throw new EngineError("not-keyable", "A snapshot in status error is no state of the machine, and has no key.");
  }
  for (const id in snapshot.children) {
    if (snapshot.children[id] !== undefined) throw notClosed(describeWhere(snapshot), `an actor, '${id}', is running.`);
  }
  // The three statuses differ in their first letter.
  let key = (snapshot.status as string).charAt(0) + valueKey(snapshot.value, "value");
  for (const _ in snapshot.historyValue) {
    key += `h${historyKey(snapshot.historyValue)}`;
    break;
  }
  key += `c${valueKey(snapshot.context, "context")}`;
  return snapshot.output === undefined ? key : `${key}o${valueKey(snapshot.output, "output")}`;
}

function explained(thrown: unknown, value: unknown, name: string): unknown {
  ancestors.length = 0;
  // A RangeError: the stack, or the text, would have grown past what there is room for.
  if (thrown !== NOT_KEYABLE && !(thrown instanceof RangeError)) return thrown;
  const { path, reason } = whyNotKeyable(value, name);
  return new EngineError("not-keyable", `${path} is ${reason}: it has no exact key.`, {
    at: path,
    hint: "Keep only plain data in a state: primitives, plain objects, arrays, Map, Set, Date.",
  });
}

function encode(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return `"${value.length}:${value}`;
    case "number":
      return value === 0 && 1 / value < 0 ? "-0" : `${value}`;
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "u";
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "n" : encodeObject(value, depth + 1);
    default:
      throw NOT_KEYABLE;
  }
}

function encodeObject(value: object, depth: number): string {
  if (depth < DEEP) return encodeByKind(value, depth);
  if (ancestors.includes(value)) throw NOT_KEYABLE;
  ancestors.push(value);
  const key = encodeByKind(value, depth);
  ancestors.pop();
  return key;
}

function encodeByKind(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Object.getOwnPropertySymbols(value).length > 0) throw NOT_KEYABLE;
  if (prototype === Object.prototype || prototype === null) return encodePlain(value, depth);
  if (prototype === Array.prototype && Array.isArray(value)) return encodeArray(value, depth);
  if (Object.keys(value).length > 0) throw NOT_KEYABLE;
  if (prototype === Set.prototype && value instanceof Set) return encodeSet(value, depth);
  if (prototype === Map.prototype && value instanceof Map) return encodeMap(value, depth);
  if (prototype === Date.prototype && value instanceof Date) return `D${value.getTime()}`;
  throw NOT_KEYABLE;
}

function encodeArray(value: readonly unknown[], depth: number): string {
  const names = Object.keys(value);
  if (names.length !== value.length) return encodeSparse(value, names, depth);
  let key = "[";
  for (let index = 0; index < value.length; index += 1) {
    const item = value[index];
    // As many names as items, and yet a hole: then one of the names is no index.
    if (item === undefined && !(index in value)) throw NOT_KEYABLE;
    key += `${encode(item, depth)},`;
  }
  return `${key}]`;
}

function encodeSparse(value: readonly unknown[], names: readonly string[], depth: number): string {
  let key = `~${value.length}[`;
  // Own names come with the indices first, in ascending order.
  for (const name of names) {
    const index = Number(name);
    if (!(index < value.length && String(index >>> 0) === name)) throw NOT_KEYABLE;
    key += `${name}=${encode(value[index], depth)},`;
  }
  return `${key}]`;
}

function encodeSet(value: ReadonlySet<unknown>, depth: number): string {
  if (value.size === 0) return "S{}";
  const items: string[] = [];
  for (const item of value) items.push(encode(item, depth));
  return `S{${items.sort().join(",")},}`;
}

function encodeMap(value: ReadonlyMap<unknown, unknown>, depth: number): string {
  if (value.size === 0) return "M{}";
  const items: string[] = [];
  for (const [name, item] of value) items.push(`${encode(name, depth)}=${encode(item, depth)}`);
  return `M{${items.sort().join(",")},}`;
}

function encodePlain(value: object, depth: number): string {
  const members = value as Readonly<Record<string, unknown>>;
  const shape = shapeOf(Object.keys(members));
  let key = "{";
  for (let index = 0; index < shape.sorted.length; index += 1) {
    // Both arrays have one entry for each name.
    key += `${shape.prefixes[index]}${encode(members[shape.sorted[index] as string], depth)},`;
  }
  return `${key}}`;
}

/** The names of an object in the order in which they were found, sorted, and as they are written. */
interface Shape {
  readonly names: readonly string[];
  readonly sorted: readonly string[];
  readonly prefixes: readonly string[];
}

/*
 * Contexts have few shapes, so each is sorted once. Both bounds keep the table small for objects that serve as
 * dictionaries: past them a shape is simply worked out anew.
 */
const shapes = new Map<string, Shape[]>();
const MAX_FIRST_NAMES = 1024;
const MAX_SHAPES_EACH = 16;
const NO_NAMES: Shape = { names: [], sorted: [], prefixes: [] };

function shapeOf(names: readonly string[]): Shape {
  const [first] = names;
  if (first === undefined) return NO_NAMES;
  const known = shapes.get(first);
  if (known !== undefined) {
    for (const shape of known) {
      if (sameNames(shape.names, names)) return shape;
    }
  }
  const sorted = names.slice().sort();
  const shape = { names, sorted, prefixes: sorted.map((name) => `${name.length}:${name}=`) };
  if (known === undefined) {
    if (shapes.size < MAX_FIRST_NAMES) shapes.set(first, [shape]);
  } else if (known.length < MAX_SHAPES_EACH) {
    known.push(shape);
  }
  return shape;
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

/** A snapshot hands its history on unchanged until a history node's parent is left, so most share one object. */
const histories = new WeakMap<object, string>();

function historyKey(history: AnyMachineSnapshot["historyValue"]): string {
  const known = histories.get(history);
  if (known !== undefined) return known;
  const ids = Object.entries(history).map(([id, nodes]) => [id, nodes.map((node) => node.id).sort()]);
  const key = encode(Object.fromEntries(ids), 0);
  histories.set(history, key);
  return key;
}
