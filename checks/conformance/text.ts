/** Text of a value, bigints included; the same for equal values of the same shape. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, v: unknown) => (typeof v === "bigint" ? `0x${v.toString(16)}` : v));
}
