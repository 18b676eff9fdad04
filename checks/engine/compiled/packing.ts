/** The entries of one field in the array of all. */
const FIELD = 5;

/**
 * How a state's slots lie in a few 32-bit words: each slot has a field of as many bits as its values need, none of which
 * crosses a word's border. That is a mixed radix whose radices are powers of two, so a field is read by shift and mask.
 */
export class Packing {
  /** Words of a packed state, at least 1. */
  readonly words: number;
  /** How many bits are in use, over all words. */
  readonly bits: number;
  /** What it was made of: the bits of each slot, and the least value of each. */
  readonly widths: readonly number[];
  readonly least: Int32Array;
  /** For each field its slot, word, shift and mask, and the slot's least value: in one array, which is the fastest to read. */
  readonly #fields: Int32Array;
  /** By slot, where its field begins in `#fields`; -1 for a slot without bits. */
  readonly #field: Int32Array;
  /** What slots without a field always hold, and what is taken off the value of those that have one. */
  readonly #least: Int32Array;

  /**
   * @param bits for each slot, how many bits its field has: 0 to 31
   * @param least for each slot the least value that it holds; the only one, if it has no bits
   */
  constructor(bits: readonly number[], least: Int32Array) {
    this.#least = least;
    this.least = least;
    this.widths = bits;
    const fields = bits.map((width, slot) => ({ slot, width })).filter(({ width }) => width > 0);
    // The widest first, each in the first word that has room for it.
    const free: number[] = [32];
    const placed = fields
      .toSorted((left, right) => right.width - left.width || left.slot - right.slot)
      .map(({ slot, width }) => {
        let word = free.findIndex((room) => room >= width);
        if (word < 0) word = free.push(32) - 1;
        const shift = 32 - (free[word] ?? 32);
        free[word] = (free[word] ?? 32) - width;
        return { slot, width, word, shift };
      });
    this.words = free.length;
    this.bits = fields.reduce((sum, { width }) => sum + width, 0);
    this.#fields = Int32Array.from(
      placed.flatMap(({ slot, word, shift, width }) => [slot, word, shift, 2 ** width - 1, least[slot] ?? 0]),
    );
    this.#field = new Int32Array(bits.length).fill(-1);
    placed.forEach(({ slot }, field) => {
      this.#field[slot] = FIELD * field;
    });
  }

  /** Whether the slot's field can hold the value. */
  holds(slot: number, value: number): boolean {
    const field = slot < this.#field.length ? (this.#field[slot] ?? -1) : -1;
    const above = value - (this.#least[slot] ?? 0);
    return field < 0 ? above === 0 : above >= 0 && above <= (this.#fields[field + 3] ?? 0);
  }

  /** Packs a state that `holds` says yes to for every slot. */
  pack(state: Int32Array, into: Int32Array, at: number): void {
    for (let word = 0; word < this.words; word += 1) into[at + word] = 0;
    const fields = this.#fields;
    for (let field = 0; field < fields.length; field += FIELD) {
      const value = (state[fields[field] as number] as number) - (fields[field + 4] as number);
      const word = at + (fields[field + 1] as number);
      into[word] = (into[word] as number) | (value << (fields[field + 2] as number));
    }
  }

  /** Writes what slots without a field hold. To be done once for an array that `unpack` writes to. */
  begin(into: Int32Array): void {
    into.set(this.#least);
  }

  /** Unpacks a state into an array that was begun. */
  unpack(key: Int32Array, at: number, into: Int32Array): void {
    const fields = this.#fields;
    for (let field = 0; field < fields.length; field += FIELD) {
      const word = key[at + (fields[field + 1] as number)] as number;
      const above = (word >>> (fields[field + 2] as number)) & (fields[field + 3] as number);
      into[fields[field] as number] = (fields[field + 4] as number) + above;
    }
  }

  /**
   * A change of slots as a change of words: word by word what to keep and what to set.
   * @param writes a slot, its new value, the next slot …
   */
  patch(writes: readonly number[], into: Int32Array, at: number): void {
    for (let word = 0; word < this.words; word += 1) {
      into[at + 2 * word] = -1;
      into[at + 2 * word + 1] = 0;
    }
    for (let index = 0; index < writes.length; index += 2) {
      const slot = writes[index] ?? 0;
      const field = this.#field[slot] ?? -1;
      if (field < 0) continue;
      const keep = at + 2 * (this.#fields[field + 1] ?? 0);
      const shift = this.#fields[field + 2] ?? 0;
      const above = (writes[index + 1] ?? 0) - (this.#least[slot] ?? 0);
      const others = ~((this.#fields[field + 3] ?? 0) << shift);
      into[keep] = (into[keep] ?? 0) & others;
      into[keep + 1] = ((into[keep + 1] ?? 0) & others) | (above << shift);
    }
  }
}
