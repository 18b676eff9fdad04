import { isDeepStrictEqual } from "node:util";
import type { ExecutionContext } from "ava";

/** As `t.deepEqual`, for what is large: AVA describes all that it compares, which is much slower, and only needed where it differs. */
export function same<T>(t: ExecutionContext, actual: T, expected: T, message?: string): void {
  if (isDeepStrictEqual(actual, expected)) t.pass();
  else t.deepEqual(actual, expected, message);
}
