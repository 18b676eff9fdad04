import { valueKey } from "../key.js";

/**
 * The values that one slot may hold, each once, numbered from 1 in the order in which they came up; 0 stands for none.
 * Two values are one exactly if they are structurally equal (`valueKey`); of equal ones the first stands for all.
 */
export class Values {
  readonly #name: string;
  readonly #ids = new Map<string, number>();
  readonly #values: unknown[] = [undefined];
  /** Kept apart since keys of numbers and strings need not be written out. `-0` and `NaN` are not among them. */
  readonly #plain = new Map<number | string | boolean, number>();
  #bytes = 0;

  /** @param name what a value is called in an error, such as `context.pages` */
  constructor(name: string) {
    this.#name = name;
  }

  /** How many numbers are taken, 0 included. */
  get size(): number {
    return this.#values.length;
  }

  /** Bytes that the values take, roughly. The same for the same values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws EngineError `not-keyable` */
  idOf(value: unknown): number {
    if (isPlain(value)) {
      const known = this.#plain.get(value);
      if (known !== undefined) return known;
      const id = this.#values.push(value) - 1;
      this.#plain.set(value, id);
      this.#bytes += BYTES_OF_A_VALUE + (typeof value === "string" ? 2 * value.length : 0);
      return id;
    }
    const key = valueKey(value, this.#name);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#values.push(value) - 1;
    this.#ids.set(key, id);
    this.#bytes += BYTES_OF_A_VALUE + BYTES_BY_KEY * key.length;
    return id;
  }

  value(id: number): unknown {
    return this.#values[id];
  }

  /** Whether the value by that number still is what it was when it got the number. */
  isUnchanged(id: number): boolean {
    const value = this.#values[id];
    return id === 0 || typeof value !== "object" || value === null || this.#ids.get(valueKey(value, this.#name)) === id;
  }
}

/** A value and its entry in the table, as measured of small ones. */
const BYTES_OF_A_VALUE = 64;
/** For each character of a value's key: the key, and the value itself. */
const BYTES_BY_KEY = 5;

function isPlain(value: unknown): value is number | string | boolean {
  return (
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && !Number.isNaN(value) && !Object.is(value, -0))
  );
}
