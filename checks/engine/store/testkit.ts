/** The word that `mix` makes this hash of: so a test can choose hashes. */
export function unmix(hash: number): number {
  let word = hash ^ (hash >>> 16);
  word = Math.imul(word, inverse(0x846ca68b));
  word ^= (word >>> 15) ^ (word >>> 30);
  word = Math.imul(word, inverse(0x7feb352d));
  return word ^ (word >>> 16);
}

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function inverse(odd: number): number {
  let result = odd;
  for (let bits = 3; bits < 32; bits *= 2) result = Math.imul(result, 2 - Math.imul(odd, result));
  return result;
}
