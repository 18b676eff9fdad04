import test from "ava";
import fc from "fast-check";
import { counted, definitions, enumerated, GLUE, hanging, number, styleFor, wrap } from "./style.js";

test("counts are set apart by thousands and their nouns agree with them", (t) => {
  t.is(number(0), "0");
  t.is(number(999), "999");
  t.is(number(1_234_567), "1,234,567");
  t.is(counted(1, "edge"), "1 edge");
  t.is(counted(0, "edge"), "0 edges");
  t.is(counted(12_345, "edge"), "12,345 edges");
});

test("members are enumerated", (t) => {
  t.is(enumerated([]), "none");
  t.is(enumerated([7]), "7");
  t.is(enumerated([7, 9]), "7 and 9");
  t.is(enumerated(["a", "b", "c"]), "a, b and c");
});

test("lines are broken between words at 100 columns, indent included", (t) => {
  const word = "x".repeat(44);
  t.is(wrap(`${word} ${word} y y`, 9), `${word} ${word} y\n${" ".repeat(9)}y`);
  t.is(wrap(`${word} ${word} y y`, 0), `${word} ${word} y y`);
  t.is(wrap(`a ${"x".repeat(120)} b`, 2), `a\n  ${"x".repeat(120)}\n  b`);
  t.is(wrap("one\ntwo", 3), "one\n   two");
});

test("what is glued together stays on one line", (t) => {
  const long = "x".repeat(97);
  t.is(wrap(`${long} a b`, 0), `${long} a\nb`);
  t.is(wrap(`${long} a${GLUE}b`, 0), `${long}\na b`);
});

test("what colours a word takes no columns", (t) => {
  const red = styleFor(true).red("x".repeat(50));
  t.is(wrap(`${red} ${red}`, 0), `${red}\n${red}`);
  t.is(wrap(`${red} ${"y".repeat(49)}`, 0), `${red} ${"y".repeat(49)}`);
});

test("wrapping loses nothing, adds nothing but breaks, and breaks no line that need not be", (t) => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,60}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.nat({ max: 30 }), (given, indent) => {
      const lines = wrap(given.join(" "), indent).split(`\n${" ".repeat(indent)}`);
      t.is(lines.join(" "), given.join(" "));
      for (const [i, line] of lines.entries()) {
        t.true(line.length + indent <= 100);
        const next = lines[i + 1]?.split(" ")[0];
        if (next !== undefined) t.true(line.length + 1 + next.length + indent > 100);
      }
    }),
  );
});

test("a list of definitions has one column for names, and hangs what is said under its beginning", (t) => {
  const long = Array.from({ length: 30 }, () => "word").join(" ");
  t.is(
    definitions([
      ["seconds", "1.0"],
      ["specification", long],
    ]),
    `seconds        1.0
specification  ${Array.from({ length: 17 }, () => "word").join(" ")}
               ${Array.from({ length: 13 }, () => "word").join(" ")}
`,
  );
  t.is(hanging("  1. ", "a\nb"), "  1. a\n     b\n");
});
