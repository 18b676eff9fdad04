import test from "ava";
import fc from "fast-check";
import { type Writable, writeInline } from "./write.js";

test("writes JSON on one line, spaced as by hand", (t) => {
  t.is(
    writeInline({ a: [1, 2], b: { c: "d", e: true }, f: {}, g: [] }),
    '{ "a": [1, 2], "b": { "c": "d", "e": true }, "f": {}, "g": [] }',
  );
});

test("writes JSON that means what it was given", (t) => {
  const { value } = fc.letrec<{ value: Writable }>((tie) => ({
    value: fc.oneof(
      fc.boolean(),
      fc.integer(),
      fc.string(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const text = writeInline(given);
      t.deepEqual(JSON.parse(text), given);
      t.false(text.includes("\n"));
    }),
  );
});
