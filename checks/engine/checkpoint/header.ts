import type { AncestryShape } from "../store/index.js";
import type { Standing } from "./checkpoint.js";
import type { Identity } from "./identity.js";

/** The part of a checkpoint that is written as JSON. */
export interface Header {
  readonly of: Identity;
  /** The byte order of what follows: "LE" or "BE". */
  readonly order: string;
  readonly states: AncestryShape;
  readonly standing: Standing;
}

/** Whether it is a header that makes sense: all ids are of states that there are, all counts are counts. */
export function isHeader(value: unknown): value is Header {
  if (!isObject(value)) return false;
  const { of, order, states, standing } = value;
  if (!isObject(of) || !Object.values(of).every((hash) => typeof hash === "string")) return false;
  return typeof order === "string" && isShape(states) && isStanding(standing, states.size);
}

function isShape(value: unknown): value is AncestryShape {
  if (!isObject(value)) return false;
  const { size, chunk, wide } = value;
  return isCount(size) && size >= 1 && isCount(chunk) && chunk >= 1 && typeof wide === "boolean";
}

function isStanding(value: unknown, size: number): value is Standing {
  if (!isObject(value)) return false;
  const { next, halfway, transitions, confirmed, violations, deadlocks, taken, enabled, ends } = value;
  const isId = (id: unknown): boolean => isCount(id) && id < size;
  return (
    isCount(next) &&
    next <= size &&
    [transitions, confirmed].every(isCount) &&
    (halfway === null || (next < size && isHalfway(halfway))) &&
    isList(violations, (item) => isObject(item) && typeof item.invariant === "string" && isId(item.id)) &&
    isObject(deadlocks) &&
    isCount(deadlocks.count) &&
    isList(deadlocks.ids, isId) &&
    isList(taken, isCount) &&
    isList(enabled, isCount) &&
    isList(ends, (end) => typeof end === "string")
  );
}

function isHalfway(value: unknown): boolean {
  return isObject(value) && Number.isSafeInteger(value.event) && isCount(value.before);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
