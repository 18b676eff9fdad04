import test from "ava";
import fc from "fast-check";
import { ScenarioError } from "./error.js";
import { formatScenario } from "./format.js";
import { parseScenario, parseScenarioBytes } from "./parse.js";
import { scenarioArbitrary } from "./scenario.arbitrary.js";

/** Puts some text in the place of some other. */
const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(12),
  put: fc.oneof(fc.string({ maxLength: 4 }), fc.json({ maxDepth: 1 })),
});

const edited = fc
  .tuple(scenarioArbitrary({ maxSteps: 5 }), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([scenario, edits]) =>
    edits.reduce((text, { at, cut, put }) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + cut);
    }, formatScenario(scenario)),
  );

const ONE_LINE = /^f\.json: \$\P{Cc}*: expected \P{Cc}+, got \P{Cc}+$/u;

/** The error of a parse, `null` if there is none; throws what is not meant for a wrong file. */
function errorOf(parse: () => void): ScenarioError | null {
  try {
    parse();
    return null;
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
}

test("whatever the text, it is read or there is an error of one line", (t) => {
  let errors = 0;
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), { weight: 3, arbitrary: edited }), (text) => {
      const error = errorOf(() => parseScenario(text, "f.json"));
      if (error === null) return;
      errors++;
      t.regex(error.message, ONE_LINE);
    }),
    { numRuns: 2000 },
  );
  t.true(errors > 500, `${errors} errors`);
});

test("whatever the bytes, they are read or there is an error of one line", (t) => {
  let errors = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.constantFrom("", '{ "format": "', "[1, "), (bytes, before) => {
      const all = Uint8Array.from([...new TextEncoder().encode(before), ...bytes]);
      const error = errorOf(() => parseScenarioBytes(all, "f.json"));
      if (error === null) return;
      errors++;
      t.regex(error.message, ONE_LINE);
    }),
    { numRuns: 1000 },
  );
  t.true(errors > 500, `${errors} errors`);
});
