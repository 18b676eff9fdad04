/** A value in the terms that state machines are told in: those of TLA+, Quint and the Informal Trace Format. Plain data. */
export type Value =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "str"; readonly value: string }
  | { readonly kind: "list" | "tuple" | "set"; readonly elements: readonly Value[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Value, Value])[] }
  | { readonly kind: "record"; readonly fields: readonly (readonly [string, Value])[] }
  | { readonly kind: "variant"; readonly tag: string; readonly value: Value };

export function bool(value: boolean): Value {
  return { kind: "bool", value };
}

export function int(value: number | bigint): Value {
  return { kind: "int", value: BigInt(value) };
}

export function str(value: string): Value {
  return { kind: "str", value };
}

export function list(elements: readonly Value[]): Value {
  return { kind: "list", elements };
}

/** In canonical order, each element once. */
export function set(elements: readonly Value[]): Value {
  const byKey = new Map(elements.map((element) => [sortKey(element), element]));
  const keys = [...byKey.keys()].sort(compareText);
  return { kind: "set", elements: keys.flatMap((key) => byKey.get(key) ?? []) };
}

/** From keys that differ, in canonical order. */
export function map(entries: readonly (readonly [Value, Value])[]): Value {
  const sorted = [...entries].sort(([a], [b]) => compareText(sortKey(a), sortKey(b)));
  return { kind: "map", entries: sorted };
}

/** By field name, in the order of the alphabet. */
export function record(fields: Readonly<Record<string, Value>>): Value {
  return { kind: "record", fields: Object.entries(fields).sort(([a], [b]) => compareText(a, b)) };
}

export function variant(tag: string, value: Value = UNIT): Value {
  return { kind: "variant", tag, value };
}

/** What stands for nothing: the empty tuple. */
const UNIT: Value = { kind: "tuple", elements: [] };

/** A value that may be missing. */
export function option(value: Value | null): Value {
  return value === null ? variant("None") : variant("Some", value);
}

/** By UTF-16 units, the same in every locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whole numbers are widened to this many digits, more than a word of 64 bits has, so that they sort as numbers. */
const DIGITS = 20;
/** Added to a number, so that none is negative. */
const OFFSET = 2n ** 64n;

/** Text that differs for values that differ, and sorts numbers by size. */
function sortKey(value: Value): string {
  switch (value.kind) {
    case "int":
      return (value.value + OFFSET).toString().padStart(DIGITS, "0");
    case "bool":
    case "str":
      return JSON.stringify(value.value);
    case "list":
    case "tuple":
    case "set":
      return `[${value.elements.map(sortKey).join(",")}]`;
    case "map":
      return `{${value.entries.map(([key, member]) => `${sortKey(key)}:${sortKey(member)}`).join(",")}}`;
    case "record":
      return `{${value.fields.map(([name, member]) => `${JSON.stringify(name)}:${sortKey(member)}`).join(",")}}`;
    case "variant":
      return `${JSON.stringify(value.tag)}(${sortKey(value.value)})`;
  }
}
