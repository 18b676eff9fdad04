/**
 * Values, events and paths as short text, for messages only. Not injective: what tells states apart is in `key.ts`.
 */

const MAX_DEPTH = 4;
const MAX_ITEMS = 12;
const MAX_PATH = 60;

/** A value on one line, cut short where it is deep or long. Never throws. */
export function describeValue(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "function":
      return `function ${value.name || "(anonymous)"}`;
    case "object":
      return value === null ? "null" : describeObject(value, depth);
    default:
      return String(value);
  }
}

function describeObject(value: object, depth: number): string {
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return `[${some(value, (item) => describeValue(item, depth + 1))}]`;
  if (value instanceof Set) return `Set{${some([...value], (item) => describeValue(item, depth + 1))}}`;
  if (value instanceof Map) {
    return `Map{${some([...value], ([k, v]) => `${describeValue(k, depth + 1)} => ${describeValue(v, depth + 1)}`)}}`;
  }
  return `{${some(Object.entries(value), ([name, item]) => `${name}: ${describeValue(item, depth + 1)}`)}}`;
}

function some<T>(items: readonly T[], describe: (item: T) => string): string {
  const shown = items.slice(0, MAX_ITEMS).map(describe);
  return items.length > MAX_ITEMS ? [...shown, "…"].join(", ") : shown.join(", ");
}

/** An event: its type, and its other members if it has any. */
export function describeEvent(event: unknown): string {
  if (typeof event !== "object" || event === null || !("type" in event)) return describeValue(event);
  const { type, ...rest } = event;
  const name = typeof type === "string" ? type : describeValue(type);
  return Object.keys(rest).length === 0 ? name : `${name} ${describeValue(rest)}`;
}

/** The events from the initial state on; where there are very many, the first and the last. */
export function describePath(path: readonly unknown[]): string {
  if (path.length === 0) return "(the initial state)";
  if (path.length <= MAX_PATH) return path.map(describeEvent).join(" → ");
  const half = MAX_PATH / 2;
  const left = path.slice(0, half).map(describeEvent);
  const right = path.slice(-half).map(describeEvent);
  return [...left, `… ${path.length - 2 * half} more …`, ...right].join(" → ");
}

/** What was thrown, in one line. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : describeValue(thrown);
}
