import test from "ava";
import fc from "fast-check";
import { elementPath, memberPath, ROOT } from "./path.js";
import { describe, quote } from "./value.js";

test("describes a value in a few words", (t) => {
  const cases: readonly (readonly [Parameters<typeof describe>[0], string])[] = [
    [undefined, "nothing"],
    [null, "null"],
    [true, "true"],
    [1.5, "1.5"],
    [2n ** 64n, "18446744073709551616"],
    ["text", '"text"'],
    [[1], "an array"],
    [new Map(), "an object"],
  ];
  for (const [value, words] of cases) t.is(describe(value), words);
});

test("quoted text is one printable line of bounded length, whatever is in it", (t) => {
  t.is(quote('a"b'), '"a\\"b"');
  t.is(quote("a\u2028\u202e\u0085b\n\u{e0001}"), '"a\\u2028\\u202e\\u0085b\\n\\udb40\\udc01"');
  t.is(quote("x".repeat(50)), `"${"x".repeat(40)}…"`);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
      const quoted = quote(text);
      return quoted.length < 300 && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(quoted);
    }),
  );
});

test("paths name members and elements, odd names in quotes", (t) => {
  t.is(elementPath(memberPath(ROOT, "steps"), 3), "$.steps[3]");
  t.is(memberPath(ROOT, "two words"), '$["two words"]');
  t.is(memberPath(ROOT, ""), '$[""]');
  t.is(memberPath(ROOT, 'a"b'), '$["a\\"b"]');
});
