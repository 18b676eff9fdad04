import fc from "fast-check";

/** What trips readers: numbers at bounds, names that every object has, halves of characters, brackets without an end. */
const TREACHEROUS = [
  ...["-1", "0", "-0", "1e999", "1.5", "9007199254740993", "18446744073709551616", "4294967296", "0x10", "513", "NaN"],
  ...[
    "null",
    "true",
    '""',
    "[]",
    "{}",
    '"__proto__"',
    '"constructor"',
    '{"__proto__":{}}',
    "[[[[[[",
    "\\",
    '\\u0000"',
    '"\\ud800"',
  ],
  ...["\u0000", "\ufeff", "\u2028", "\u202e", "\ud800", "\r", "\n", "\n\n", "\t", ",", ":", '"', "}", "]", "é", "💥"],
];

const edit = fc.record({
  at: fc.nat(),
  cut: fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, fc.nat(400)),
  put: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TREACHEROUS) },
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.json({ maxDepth: 1 }),
    fc.constant(""),
  ),
});

/** A text after some edits, perhaps none. */
export function edited(text: fc.Arbitrary<string>, maxEdits = 4): fc.Arbitrary<string> {
  return fc.tuple(text, fc.array(edit, { maxLength: maxEdits })).map(([whole, edits]) =>
    edits.reduce((before, { at, cut, put }) => {
      const place = at % (before.length + 1);
      return before.slice(0, place) + put + before.slice(place + cut);
    }, whole),
  );
}
