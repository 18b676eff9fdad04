import test from "ava";
import fc from "fast-check";
import { valueKey } from "./key.js";

/*
 * Which values are equal is said a second time here, without any text: by walking both at once.
 */
function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof Date) return right instanceof Date && Object.is(left.getTime(), right.getTime());
  if (Array.isArray(left)) return Array.isArray(right) && sameArrays(left, right);
  if (left instanceof Set) return right instanceof Set && sameBags([...left], [...right]);
  if (left instanceof Map) return right instanceof Map && sameBags([...left], [...right]);
  if (Array.isArray(right) || right instanceof Date || right instanceof Set || right instanceof Map) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && same(Reflect.get(left, name), Reflect.get(right, name)))
  );
}

function sameArrays(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  return Array.from(left.keys()).every((i) => i in left === i in right && same(left[i], right[i]));
}

/** Equal members, each as often, in any order. */
function sameBags(left: readonly unknown[], right: readonly unknown[]): boolean {
  const rest = [...right];
  for (const member of left) {
    const at = rest.findIndex((other) => same(member, other));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.length === 0;
}

/** The same content with the names of objects and the members of sets and maps in another order. */
function reordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = new Array(value.length);
    for (const index of Object.keys(value).reverse()) copy[Number(index)] = reordered(value[Number(index)]);
    return copy;
  }
  if (value instanceof Set) return new Set([...value].reverse().map(reordered));
  if (value instanceof Map) return new Map([...value].reverse().map(([k, v]) => [reordered(k), reordered(v)]));
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reordered(item)]),
  );
}

/** Strings that look like pieces of keys, so that a mistake in how they are set apart would show. */
const treacherous = fc.string({ unit: fc.constantFrom(...'"[]{}~SMDnutf,:=0129-.hco|é\u0000\ud800') });

/** Few primitives, so that equal ones meet often; those that are easily confused among them. */
const primitive = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 0, -0, 1, -1, Number.NaN, 1e21, Number.POSITIVE_INFINITY),
  fc.constantFrom<unknown>(0n, 1n, -1n, 10n ** 21n, "", "0", "-0", "1", "1n", "NaN", "undefined", "u", "null", "true"),
  fc.constantFrom<unknown>(new Date(0), new Date(1), new Date(Number.NaN)),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.bigInt({ min: -3n, max: 3n }),
  treacherous,
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: "small" }, primitive, tie("array"), tie("object"), tie("set"), tie("map")),
  array: fc.oneof(
    fc.array(tie("value"), { maxLength: 3 }),
    fc.sparseArray(tie("value"), { maxLength: 4, maxNumElements: 3 }),
  ),
  object: fc.dictionary(fc.oneof(fc.constantFrom("a", "b", "1", "10", ""), treacherous), tie("value"), { maxKeys: 3 }),
  set: fc.array(tie("value"), { maxLength: 3 }).map((members) => new Set(members)),
  map: fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
}));

/** So many times as many values in `npm run test:deep`. */
const TIMES = process.env.SEGMF_TEST_DEEP === "1" ? 5 : 1;

test("two keys are equal exactly if the values are structurally equal", (t) => {
  const check = fc.property(fc.array(value, { minLength: 2, maxLength: 12 }), (values) => {
    for (const left of values) {
      for (const right of values) {
        if (same(left, right) !== (valueKey(left) === valueKey(right))) return false;
      }
    }
    return true;
  });
  t.notThrows(() => fc.assert(check, { numRuns: 400 * TIMES, seed: 20 }));
});

test("a key does not depend on the order of names, members and entries", (t) => {
  const check = fc.property(value, (content) => valueKey(content) === valueKey(reordered(content)));
  t.notThrows(() => fc.assert(check, { numRuns: 600 * TIMES, seed: 21 }));
});

test("a key tells apart values that differ in one place only", (t) => {
  // Containers of the same shape around two primitives: equality then hangs on the primitives alone.
  const around = fc.constantFrom<(inner: unknown) => unknown>(
    (inner) => [inner],
    (inner) => ({ inner }),
    (inner) => new Set([inner]),
    (inner) => new Map([["inner", inner]]),
    (inner) => new Map([[inner, "inner"]]),
    (inner) => ({ a: { b: [new Map([[{ inner }, 0]])] } }),
  );
  const check = fc.property(around, primitive, primitive, (wrap, left, right) => {
    // A set and a map take -0 for 0: not their keys' doing.
    const [first, second] = [wrap(left), wrap(right)];
    return same(first, second) === (valueKey(first) === valueKey(second));
  });
  t.notThrows(() => fc.assert(check, { numRuns: 1000 * TIMES, seed: 22 }));
});

test("every sort of value has its own key", (t) => {
  const hole: unknown[] = [];
  hole.length = 1;
  const values: unknown[] = [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    Number.NaN,
    0n,
    "",
    "0",
    "undefined",
    [],
    [undefined],
    hole,
    [null],
    [[]],
    {},
    { a: undefined },
    { a: null },
    { a: 1, b: 2 },
    { a: 2, b: 1 },
    { ab: 12 },
    new Set(),
    new Set([undefined]),
    new Map(),
    new Map([[undefined, undefined]]),
    new Map([["a", 1]]),
    new Map([[1, "a"]]),
    new Set([["a", 1]]),
    [["a", 1]],
    new Date(0),
    new Date(Number.NaN),
  ];
  t.is(new Set(values.map((each) => valueKey(each))).size, values.length);
});

test("an object without a prototype is the plain object with the same members", (t) => {
  const bare: unknown = Object.assign(Object.create(null) as object, { a: 1, b: [2] });
  t.is(valueKey(bare), valueKey({ b: [2], a: 1 }));
});

test("one object reached twice is the same as two equal ones", (t) => {
  const shared = { n: 1 };
  t.is(valueKey([shared, shared]), valueKey([{ n: 1 }, { n: 1 }]));
});

test("objects that serve as dictionaries keep exact keys past the bounds of the table of shapes", (t) => {
  const keys = new Set<string>();
  for (let first = 0; first < 1100; first += 1) keys.add(valueKey({ [`first${first}`]: 0, a: 1 }));
  for (let second = 0; second < 40; second += 1) {
    keys.add(valueKey({ z: 0, [`second${second}`]: 1 }));
    t.is(valueKey({ z: 0, [`second${second}`]: 1 }), valueKey({ [`second${second}`]: 1, z: 0 }));
  }
  t.is(keys.size, 1140);
});

test("a deeply nested value has a key, and a very deep one an error", (t) => {
  const nested = (depth: number): unknown => {
    let inner: unknown = "core";
    for (let level = 0; level < depth; level += 1) inner = { inner };
    return inner;
  };
  t.is(valueKey(nested(300)), valueKey(nested(300)));
  t.not(valueKey(nested(300)), valueKey(nested(301)));
  t.throws(() => valueKey(nested(100_000)), { code: "not-keyable", message: /too large or nested too deeply/ });
  // The failure leaves nothing behind.
  t.is(valueKey(nested(100)), valueKey(nested(100)));
});

class Account {
  readonly balance = 0;
}

function selfish(): unknown {
  const inner: Record<string, unknown> = {};
  inner.list = [{ inner }];
  return inner;
}

const named: unknown[] = Object.assign([1, 2], { extra: true });
const trick: unknown[] = Object.assign([], { extra: true });
trick.length = 1;

const refused: readonly (readonly [string, unknown, string])[] = [
  ["a function", { on: { click: () => 1 } }, "context.on.click is a function"],
  ["a symbol", [1, Symbol("s")], "context[1] is a symbol"],
  ["a symbol as a name", { a: { [Symbol("s")]: 1 } }, "context.a is an object with a symbol as a name"],
  ["a class instance", { bank: { "first account": new Account() } }, 'context.bank["first account"] is an instance of'],
  ["a promise", { job: Promise.resolve() }, "context.job is an instance of Promise"],
  ["a regular expression", new Map([["r", /x/]]), 'context.get("r") is an instance of RegExp'],
  ["an error", { oops: new Error("x") }, "context.oops is an instance of Error"],
  ["a typed array", { bytes: new Uint8Array(1) }, "context.bytes is an instance of Uint8Array"],
  ["a value that contains itself", { tree: selfish() }, "context.tree.list[0].inner is a value that contains itself"],
  ["something as a key of a map", new Map([[() => 1, 1]]), "context (key 0) is a function"],
  ["something in a set", { s: new Set([1, () => 1]) }, "context.s (member 1) is a function"],
  ["an array with names", { named }, "context.named is an array with named properties"],
  ["an array with a name and a hole", { trick }, "context.trick is an array with named properties"],
  ["a map with names", { m: Object.assign(new Map(), { extra: 1 }) }, "context.m is a Map with named properties"],
  ["a subclass of Map", { m: new (class Table extends Map {})() }, "context.m is an instance of Table"],
];

for (const [what, content, message] of refused) {
  test(`${what} has no key`, (t) => {
    const error = t.throws(() => valueKey(content, "context"), { code: "not-keyable" });
    t.true(error.message.startsWith(message), error.message);
    t.regex(error.message, /Keep only plain data/);
  });
}
