/*
 * Hashes of keys. Packed keys are small numbers of mixed radix, so neighbours differ in few and low bits, while tables are
 * chosen by the highest bits of a hash and slots by its lowest: every bit of the key has to reach every bit of the hash.
 */

/**
 * A bijection of the 32-bit words that changes about half of the bits when one bit of the word changes: two rounds of
 * shift and multiply, with the multipliers that Wellons's search for the least bias found.
 */
export function mix(word: number): number {
  let hash = word ^ (word >>> 16);
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** Stirs a hash before the next word of a key joins it; without it, words that differ in one bit each could cancel. */
export function stir(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  return spread ^ (spread >>> 15);
}
