/** The kinds of outcomes: `DISABLED` changes nothing and is no step; of the last two functions say what is written last. */
export const UNPREPARED = 0;
export const DISABLED = 1;
export const SIMPLE = 2;
export const ONE_PENDING = 3;
const PENDING = 4;

/**
 * The kind of an outcome.
 * @param event -1 if it is no step
 * @param pending how many functions say what is written last
 */
export function kindOf(event: number, pending: number): number {
  if (event < 0) return DISABLED;
  if (pending === 0) return SIMPLE;
  return pending === 1 ? ONE_PENDING : PENDING;
}
