/** A longer array that begins with what the old one holds. */
export function grown<T extends Int32Array | Uint8Array | Float64Array>(old: T, length: number): T {
  const larger =
    old instanceof Int32Array
      ? new Int32Array(length)
      : old instanceof Uint8Array
        ? new Uint8Array(length)
        : new Float64Array(length);
  larger.set(old);
  return larger as T; // of the kind that `old` is of
}
