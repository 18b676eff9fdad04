import { fileURLToPath } from "node:url";
import test from "ava";
import fc from "fast-check";
import { Language, Parser } from "web-tree-sitter";
import { EXAMPLE, traceArbitrary, traceOf } from "../trace/testkit.js";
import { moduleName, writeTla } from "./write.js";

let parser: Parser;

test.before(async () => {
  await Parser.init();
  const grammar = fileURLToPath(import.meta.resolve("tree-sitter-wasms/out/tree-sitter-tlaplus.wasm"));
  parser = new Parser().setLanguage(await Language.load(grammar));
});

/** Whether the grammar of TLA+ has nothing to say against a text; the names of what it has at the top of the module. */
function parsed(text: string): {
  readonly fine: boolean;
  readonly module: string;
  readonly defined: readonly string[];
} {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("nothing was parsed");
  const root = tree.rootNode;
  const module = root.descendantsOfType("module")[0]?.childForFieldName("name")?.text ?? "";
  const defined = root
    .descendantsOfType("operator_definition")
    .map((node) => node?.childForFieldName("name")?.text ?? "");
  const fine = !root.hasError;
  tree.delete();
  return { fine, module, defined };
}

test("a trace is a module that the grammar of TLA+ takes", (t) => {
  t.deepEqual(parsed(writeTla(traceOf(EXAMPLE, { name: "a_trace" }))), {
    fine: true,
    module: "a_trace",
    defined: ["Trace", "Init", "Next", "Spec", "NoViolation"],
  });
});

test("any trace is, whatever its texts are", (t) => {
  fc.assert(
    fc.property(traceArbitrary, (trace) => {
      const { fine, defined } = parsed(writeTla(trace));
      t.true(fine, writeTla(trace));
      t.is(defined.length, 5);
    }),
    { numRuns: 25 },
  );
});

test("the grammar refuses what is no module", (t) => {
  const text = writeTla(traceOf(EXAMPLE));
  t.false(parsed(text.replace("Trace == <<", "Trace == <")).fine);
  t.false(parsed(text.replace("====", "")).fine);
});

test("values are written as TLA+ has them", (t) => {
  const text = writeTla(traceOf(EXAMPLE));
  t.true(text.includes("segments |-> (0 :> [domid |-> 0, locks |-> 0, map |-> <<>>, "));
  t.true(text.includes('grefs |-> [tag |-> "Some", value |-> <<5, 6>>]'));
  t.true(text.includes("update_va_mapping |-> <<0, (-22)>>"));
  t.true(text.includes("freed |-> {0, 1}"));
  t.true(text.includes("violations |-> {}"));
});

test("a module's name is one, and the same whether it was made before", (t) => {
  for (const [name, expected] of [
    ["word_shared", "word_shared"],
    ["word-shared.debug", "segmf_word_shared_debug"],
    ["3", "segmf_3"],
    ["WF_x", "segmf_WF_x"],
    ["", "segmf_"],
  ] as const) {
    t.is(moduleName(name), expected);
    t.is(moduleName(expected), expected);
  }
});
