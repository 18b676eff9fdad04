/** Where in a value the first thing is that has no exact key, and what it is. */
export interface NotKeyable {
  /** Such as `context.pages[3].handler`. */
  readonly path: string;
  /** Such as `a function`. */
  readonly reason: string;
}

/**
 * Finds out why `valueKey` refused a value. It is a second, slow walk, taken only when the first has failed, so that
 * the first need not carry a path with it.
 */
export function whyNotKeyable(value: unknown, name: string): NotKeyable {
  const tooDeep = { path: name, reason: "too large or nested too deeply" };
  try {
    return find(value, name, new Set()) ?? tooDeep;
  } catch (thrown) {
    if (thrown instanceof RangeError) return tooDeep;
    throw thrown;
  }
}

/** @param ancestors what the value is within; the same set all the way down, which may be far */
function find(value: unknown, path: string, ancestors: Set<object>): NotKeyable | undefined {
  if (typeof value === "function") return { path, reason: "a function" };
  if (typeof value === "symbol") return { path, reason: "a symbol" };
  if (typeof value !== "object" || value === null) return undefined;
  if (ancestors.has(value)) return { path, reason: "a value that contains itself" };
  const reason = unfitObject(value);
  if (reason !== undefined) return { path, reason };
  ancestors.add(value);
  for (const [item, place] of parts(value, path)) {
    const found = find(item, place, ancestors);
    if (found !== undefined) return found;
  }
  ancestors.delete(value);
  return undefined;
}

function unfitObject(value: object): string | undefined {
  if ("sessionId" in value && "send" in value) return "a reference to an actor";
  if (Object.getOwnPropertySymbols(value).length > 0) return "an object with a symbol as a name";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  if (prototype === Array.prototype) {
    return Object.keys(value).every(isIndex) ? undefined : "an array with named properties";
  }
  const plain = prototype === Map.prototype || prototype === Set.prototype || prototype === Date.prototype;
  if (!plain) return `an instance of ${className(prototype)}`;
  return Object.keys(value).length === 0 ? undefined : `a ${className(prototype)} with named properties`;
}

function isIndex(name: string): boolean {
  return String(Number(name) >>> 0) === name;
}

function className(prototype: unknown): string {
  const made: unknown = (prototype as { readonly constructor?: unknown }).constructor;
  return typeof made === "function" && made.name !== "" ? made.name : "a class without a name";
}

function* parts(value: object, path: string): Generator<readonly [unknown, string]> {
  if (value instanceof Map) {
    let index = 0;
    for (const [key, item] of value) {
      yield [key, `${path} (key ${index})`];
      yield [item, `${path}.get(${typeof key === "string" ? JSON.stringify(key) : `key ${index}`})`];
      index += 1;
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const item of value) {
      yield [item, `${path} (member ${index})`];
      index += 1;
    }
  } else {
    for (const [name, item] of Object.entries(value)) yield [item, place(value, path, name)];
  }
}

function place(value: object, path: string, name: string): string {
  if (Array.isArray(value)) return `${path}[${name}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
