import test from "ava";
import fc from "fast-check";
import { DEEPEST, JsonSyntaxError, readJson } from "./read.js";
import { isArray, isObject, type Json } from "./value.js";

/** As `JSON.parse` would have it: plain objects, every number a `number`. */
function plain(value: Json): unknown {
  if (isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return typeof value === "bigint" ? Number(value) : value;
}

/** As `readJson` has it: no -0. Rewriting the parsed value keeps `__proto__` a member like any other. */
function parsed(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown) => (Object.is(value, -0) ? 0 : value));
}

function attempt<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

const nearJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom("", ",", '"', "{", "]", "\\", "1", "-", "e", "\n", "\u0000", "tru", ":"),
  )
  .map(([text, at, cut, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + cut);
  });

test("reads what JSON.parse reads, and nothing else", (t) => {
  let accepted = 0;
  let refused = 0;
  const check = (text: string) => {
    const theirs = attempt(() => parsed(text));
    const ours = attempt(() => readJson(text));
    if ("error" in theirs) {
      refused++;
      return "error" in ours && ours.error instanceof JsonSyntaxError;
    }
    accepted++;
    if ("error" in ours) return ours.error instanceof JsonSyntaxError && ours.error.expected.startsWith("at most");
    t.deepEqual(plain(ours.value), theirs.value, text);
    return true;
  };
  fc.assert(fc.property(fc.oneof(fc.json(), nearJson, fc.string()), check), { numRuns: 2000 });
  t.true(accepted > 300, `${accepted} texts were JSON`);
  t.true(refused > 300, `${refused} texts were none`);
});

test("reads any number as JSON.parse does", (t) => {
  const literals = fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.maxSafeInteger().map(String),
    fc.stringMatching(/^-?[0-9]{1,3}(\.[0-9]{0,2})?(e[+-]?[0-9]{0,3})?$/),
  );
  fc.assert(
    fc.property(literals, (literal) => {
      const theirs = attempt(() => parsed(literal));
      const ours = attempt(() => readJson(literal));
      t.deepEqual("error" in ours, "error" in theirs, literal);
      if (!("value" in ours && "value" in theirs)) return;
      // Whole numbers that doubles would round are kept (the next test); rounded they are the same.
      t.is(typeof ours.value === "bigint" ? Number(ours.value) : (ours.value as unknown), theirs.value);
    }),
  );
});

test("keeps whole numbers of up to 64 bits exact", (t) => {
  t.is(readJson("9007199254740991"), 9007199254740991);
  t.is(readJson("9007199254740993"), 9007199254740993n);
  t.is(readJson("18446744073709551615"), 18446744073709551615n);
  t.is(readJson("-9007199254740993"), -9007199254740993n);
  t.is(readJson("1".repeat(100_000)), Number.POSITIVE_INFINITY);
  t.is(readJson("1e3"), 1000);
  t.is(readJson("-0"), 0);
});

test("of two members with one name the last counts, and no name is special", (t) => {
  const value = readJson('{"a": 1, "__proto__": 2, "a": 3}');
  t.deepEqual(
    value,
    new Map<string, Json>([
      ["a", 3],
      ["__proto__", 2],
    ]),
  );
});

const MISTAKES: readonly (readonly [text: string, message: string])[] = [
  ["", "$: expected a JSON value at 1:1, got the end of the text"],
  [" \n ", "$: expected a JSON value at 2:2, got the end of the text"],
  ["\ufeff{}", "$: expected a JSON value at 1:1, got a byte order mark"],
  ["{} {}", "$: expected the end of the text at 1:4, got '{'"],
  ["{", '$: expected a member name or "}" at 1:2, got the end of the text'],
  ["{a: 1}", "$: expected a member name or \"}\" at 1:2, got 'a'"],
  ['{"a": 1,}', "$: expected a member name at 1:9, got '}'"],
  ['{"a" 1}', "$.a: expected \":\" at 1:6, got '1'"],
  ['{"a": }', "$.a: expected a JSON value at 1:7, got '}'"],
  ['{"a": [1,\n  2}', '$.a: expected "," or "]" at 2:4, got \'}\''],
  ['{"a": [1, 2', '$.a: expected "," or "]" at 1:12, got the end of the text'],
  ['{"a": {"b c": tru}}', "$.a[\"b c\"]: expected a JSON value at 1:15, got 't'"],
  ['{"a": 1 "b": 2}', '$: expected "," or "}" at 1:9, got \'"\''],
  ['["a', "$[0]: expected the rest of a string and its closing quote at 1:4, got the end of the text"],
  ['["a\nb"]', "$[0]: expected the rest of a string and its closing quote at 1:4, got the end of the line"],
  ['["\u0007"]', "$[0]: expected the rest of a string and its closing quote at 1:3, got \\u0007"],
  ['["\\q"]', "$[0]: expected one of \"\\/bfnrtu after a backslash at 1:4, got 'q'"],
  ['["\\u12g4"]', "$[0]: expected u and four hexadecimal digits after a backslash at 1:4, got 'u'"],
  ["[01]", '$: expected "," or "]" at 1:3, got \'1\''],
  ["[+1]", "$[0]: expected a JSON value at 1:2, got '+'"],
  ["[.5]", "$[0]: expected a JSON value at 1:2, got '.'"],
  ["[NaN]", "$[0]: expected a JSON value at 1:2, got 'N'"],
  ["[\u202e]", "$[0]: expected a JSON value at 1:2, got \\u202e"],
  ["[\u{1f600}]", "$[0]: expected a JSON value at 1:2, got '\u{1f600}'"],
];

for (const [text, message] of MISTAKES) {
  test(`says what is wrong with ${JSON.stringify(text)}`, (t) => {
    t.throws(() => readJson(text), { instanceOf: JsonSyntaxError, message });
  });
}

test("no depth and no length exhausts anything", (t) => {
  const message = `expected at most ${DEEPEST} arrays and objects within one another at 1:${DEEPEST + 1}, got '['`;
  const error = t.throws(() => readJson("[".repeat(1_000_000)), { instanceOf: JsonSyntaxError });
  t.true(error?.message.endsWith(message), error?.message);
  t.notThrows(() => readJson("[".repeat(DEEPEST) + "]".repeat(DEEPEST)));
  t.is(readJson(`"${"x".repeat(5_000_000)}"`), "x".repeat(5_000_000));
  t.is(readJson(`"${"\\n".repeat(100_000)}"`), "\n".repeat(100_000));
  const million = readJson(`[${"0,".repeat(1_000_000)}0]`);
  t.true(isArray(million) && million.length === 1_000_001);
});
