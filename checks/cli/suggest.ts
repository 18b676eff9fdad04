import { closest, distance } from "fastest-levenshtein";

/** ` (did you mean x?)` for the nearest of the valid spellings, or nothing where none is near. */
export function suggestion(given: string, valid: readonly string[]): string {
  if (valid.length === 0) return "";
  const nearest = closest(given, [...valid]);
  const near = distance(given, nearest) <= Math.max(2, Math.ceil(nearest.length / 3));
  return near ? ` (did you mean ${nearest}?)` : "";
}
