import { closest, distance } from "fastest-levenshtein";

/** ` (did you mean x?)` for the nearest of the valid spellings, or nothing where none is near. */
export function suggestion(given: string, valid: readonly string[]): string {
  if (valid.length === 0) return "";
  // Long nonsense is near to nothing, and comparing it takes long.
  const short = given.slice(0, LONGEST);
  const nearest = closest(short, [...valid]);
  const near = distance(short, nearest) <= Math.max(2, Math.ceil(nearest.length / 3));
  return near ? ` (did you mean ${nearest}?)` : "";
}

const LONGEST = 64;
