import { createHash, type Hash } from "node:crypto";

/**
 * A hash of a value of any kind: the same in every process for what is written the same, another for anything else.
 * Functions count by their text and by their members; objects by their class's name and their members, in order. What a
 * function captures is not seen.
 */
export function fingerprint(value: unknown): string {
  const walk = new Walk(createHash("sha256"));
  walk.value(value);
  return walk.digest();
}

class Walk {
  readonly #hash: Hash;
  /** The objects so far, by the order in which they were met. */
  readonly #met = new Map<object, number>();

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  value(value: unknown): void {
    if (typeof value === "function" || (typeof value === "object" && value !== null)) this.#object(value);
    else this.#text(typeof value, Object.is(value, -0) ? "-0" : String(value));
  }

  #object(object: object): void {
    const before = this.#met.get(object);
    if (before !== undefined) {
      this.#text("met", String(before));
      return;
    }
    this.#met.set(object, this.#met.size);
    if (typeof object === "function") this.#text("function", Function.prototype.toString.call(object));
    else this.#text("object", className(object));
    if (object instanceof Date) this.value(object.getTime());
    if (object instanceof RegExp) this.#text("pattern", String(object));
    if (object instanceof Map || object instanceof Set) this.value([...object]);
    const names = Object.keys(object);
    this.#text("members", String(names.length));
    for (const name of names) {
      this.#text("member", name);
      this.value(member(object, name));
    }
  }

  /** Lengths keep what follows one another apart. */
  #text(kind: string, text: string): void {
    this.#hash.update(`${kind} ${text.length} ${text}\n`);
  }
}

function className(object: object): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (typeof prototype !== "object" || prototype === null || !("constructor" in prototype)) return "";
  const made: unknown = prototype.constructor;
  return typeof made === "function" ? made.name : "";
}

function member(object: object, name: string): unknown {
  try {
    return Reflect.get(object, name);
  } catch {
    return "(can't be read)";
  }
}
