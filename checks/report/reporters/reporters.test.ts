import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv04 from "ajv-draft-04";
import test from "ava";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import type { Finding } from "../../conformance/findings.js";
import type { CheckReport } from "../../conformance/report.js";
import type { Presentation } from "../check.js";
import { compareFindings } from "../expected.js";
import { HOLDS, INCOMPLETE, KNOWN, UNKNOWN, VIOLATED } from "../fixture.js";
import { REPORTERS } from "./index.js";

/** Reports for machines, each read by a strict reader of its format. */

function reporter(wanted: string) {
  const found = REPORTERS.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no reporter ${wanted}`);
  return found;
}

const { write: writeGithub } = reporter("github");
const { write: writeJunit } = reporter("junit");
const { write: writeMarkdown } = reporter("markdown");
const { write: writeSarif } = reporter("sarif");

const PLAIN: Presentation = {
  colours: false,
  choice: { driver: "corrected", kernel: "debug" },
  compiled: false,
  files: null,
  comparison: null,
};

/** The known finding was recorded, and one that has gone; the unknown one is new. */
const COMPARED: Presentation = {
  ...PLAIN,
  comparison: compareFindings(
    "list.json",
    [
      { name: "pte-range-unchecked", invariants: ["kernel-contract"] },
      { name: "gone", invariants: ["wake"] },
    ],
    VIOLATED,
  ),
};

/** All that is wrong was recorded. */
const AS_RECORDED: Presentation = {
  ...PLAIN,
  comparison: { file: "list.json", recorded: 2, fresh: [], gone: [], otherwise: [] },
};

const TEXTS = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("a\r\nb: c, d % e", "| <b> & `*`", "]]>"));

/** A check whose finding has any text in it. */
function saying(text: string): CheckReport {
  const finding: Finding = { ...KNOWN, breaches: [{ invariant: "wake", detail: text }], panic: text };
  return { ...VIOLATED, findings: [finding] };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** The elements of an XML document in order, each with its own text. Throws if it is not well-formed. */
function elementsOf(xml: string): readonly Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return elements;
}

/** How often a name stands for a failure, an error, a skipped case, in JUnit. */
function tally(xml: string): Readonly<Record<string, number>> {
  const elements = elementsOf(xml);
  const count = (wanted: string): number => elements.filter(({ name }) => name === wanted).length;
  return { tests: count("testcase"), failures: count("failure"), errors: count("error"), skipped: count("skipped") };
}

test("JUnit: what holds, what is wrong, what was not looked at, what was recorded", (t) => {
  const holds = writeJunit(HOLDS, PLAIN);
  t.deepEqual(tally(holds), { tests: 28, failures: 0, errors: 0, skipped: 0 });
  // 2 findings, the invariant and the product that show them.
  t.deepEqual(tally(writeJunit(VIOLATED, PLAIN)), { tests: 29, failures: 4, errors: 0, skipped: 0 });
  // The product, every invariant, and both items of coverage: nothing is green of which not all was seen.
  t.deepEqual(tally(writeJunit(INCOMPLETE, PLAIN)), { tests: 27, failures: 0, errors: 22, skipped: 0 });
  t.deepEqual(tally(writeJunit(VIOLATED, COMPARED)), { tests: 30, failures: 4, errors: 0, skipped: 1 });
  t.deepEqual(tally(writeJunit(VIOLATED, AS_RECORDED)), { tests: 29, failures: 0, errors: 0, skipped: 4 });
});

test("JUnit: the counts that it gives are those of its cases, whose names are unique", (t) => {
  for (const [report, presentation] of [
    [HOLDS, PLAIN],
    [VIOLATED, COMPARED],
    [INCOMPLETE, PLAIN],
  ] as const) {
    const xml = writeJunit(report, presentation);
    const [root, ...rest] = elementsOf(xml);
    const { name, time, ...counts } = root?.attributes ?? {};
    t.is(name, `segmf check: ${report.driver} on the debug kernel`);
    t.is(time, "12.340");
    t.deepEqual(Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, Number(value)])), tally(xml));
    const cases = rest.filter((element) => element.name === "testcase");
    const names = cases.map(({ attributes }) => `${attributes.classname} ${attributes.name}`);
    t.is(new Set(names).size, names.length);
  }
});

test("JUnit: any text is read back, but for what no XML document may have", (t) => {
  fc.assert(
    fc.property(TEXTS, (text) => {
      const [failure] = elementsOf(writeJunit(saying(text), PLAIN)).filter(({ text }) => text.startsWith("wake: "));
      // XML has one kind of line break; a space at which no line is broken is our own, and no part of what is said.
      const read = text.replaceAll(/\r\n?/g, "\n").replaceAll("\u00a0", " ");
      return failure?.text === `wake: ${read}` || /[^\t\n\r -\u{10ffff}]/u.test(text);
    }),
  );
  t.pass();
});

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number };
  };
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly invocations: readonly [{ readonly executionSuccessful: boolean }];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly level: string;
        readonly baselineState?: string;
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [SarifLocation];
        readonly codeFlows?: readonly [
          { readonly threadFlows: readonly [{ readonly locations: readonly { readonly location: SarifLocation }[] }] },
        ];
      }[];
    },
  ];
}

const isSarif = new Ajv04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile<Sarif>(
  sarifSchema,
);

test("SARIF: valid by its schema, a result for each finding, a step at a location of its flow", (t) => {
  const sarif: unknown = JSON.parse(
    writeSarif({ ...VIOLATED, driver: "my dir/seg_mf.c" }, { ...PLAIN, compiled: true }),
  );
  if (!isSarif(sarif)) return t.fail(JSON.stringify(isSarif.errors));
  const [{ results, tool }] = sarif.runs;
  t.deepEqual(
    results.map(({ ruleId, level, codeFlows }) => [ruleId, level, codeFlows?.[0].threadFlows[0].locations.length]),
    [
      ["kernel-contract", "error", KNOWN.steps.length],
      ["empty-rollback", "error", UNKNOWN.steps.length],
    ],
  );
  t.deepEqual(
    results.map(({ partialFingerprints }) => partialFingerprints),
    [KNOWN, UNKNOWN].map(({ name }) => ({ "segmfFinding/v1": `debug: ${name}` })),
  );
  t.is(results[0]?.locations[0].physicalLocation.artifactLocation.uri, "my%20dir/seg_mf.c");
  for (const { ruleId } of results) t.true(tool.driver.rules.some(({ id }) => id === ruleId));
});

test("where counterexamples pass in the C file: each step in SARIF, the end in an annotation, in no fingerprint", (t) => {
  const at = (line: number) => ({ function: `f${line}`, line });
  const end = VIOLATED.findings.map((_finding, i) => at(10 * (i + 1)));
  const places = VIOLATED.findings.map(({ steps }, i) => [...steps.slice(1).map(() => null), end[i] ?? null]);
  const presentation = { ...PLAIN, compiled: true, places };
  const text = writeSarif({ ...VIOLATED, driver: "f.c" }, presentation);
  const sarif: unknown = JSON.parse(text);
  if (!isSarif(sarif)) return t.fail(JSON.stringify(isSarif.errors));
  const [{ results }] = sarif.runs;
  const lines = results.map(({ locations, codeFlows }) => [
    locations[0].physicalLocation.region.startLine,
    ...(codeFlows?.[0].threadFlows[0].locations ?? []).map(
      ({ location }) => location.physicalLocation.region.startLine,
    ),
  ]);
  t.deepEqual(
    lines,
    VIOLATED.findings.map(({ steps }, i) => [10 * (i + 1), ...steps.slice(1).map(() => 1), 10 * (i + 1)]),
  );
  t.regex(text, /"logicalLocations": \[\s*\{\s*"name": "f10",\s*"kind": "function"/);
  const unplaced: unknown = JSON.parse(writeSarif({ ...VIOLATED, driver: "f.c" }, { ...PLAIN, compiled: true }));
  t.deepEqual(
    isSarif(unplaced) && unplaced.runs[0].results.map(({ partialFingerprints }) => partialFingerprints),
    results.map(({ partialFingerprints }) => partialFingerprints),
  );
  t.regex(writeGithub({ ...VIOLATED, driver: "f.c" }, presentation), /^::error file=f\.c,line=10,title=/);
});

test("SARIF: what stopped early has results too, what was recorded is a note", (t) => {
  const resultsOf = (report: CheckReport, presentation: Presentation) => {
    const sarif: unknown = JSON.parse(writeSarif(report, presentation));
    if (!isSarif(sarif)) throw new Error(JSON.stringify(isSarif.errors));
    return sarif.runs[0];
  };
  t.deepEqual(resultsOf(HOLDS, PLAIN).results, []);
  const incomplete = resultsOf(INCOMPLETE, PLAIN);
  t.false(incomplete.invocations[0].executionSuccessful);
  t.is(incomplete.results.length, 22);
  t.deepEqual(new Set(incomplete.results.map(({ ruleId, level }) => `${ruleId} ${level}`)), new Set(["check warning"]));
  t.deepEqual(
    resultsOf(VIOLATED, COMPARED).results.map(({ level, baselineState }) => [level, baselineState]),
    [
      ["note", "unchanged"],
      ["error", "new"],
      ["error", undefined],
    ],
  );
});

test("GitHub: a command a line, findings first, nothing of what holds", (t) => {
  t.is(writeGithub(HOLDS, PLAIN), "");
  t.is(
    writeGithub({ ...VIOLATED, driver: "a,b.c" }, { ...PLAIN, compiled: true }),
    "::error file=a%2Cb.c,title=segmf check%3A findings%3A pte-range-unchecked::" +
      "kernel-contract: add_gref_pte of segment 0 made the kernel panic\n" +
      "::error file=a%2Cb.c,title=segmf check%3A findings%3A unknown cause%3A add_mfns breaks empty-rollback%2C map-is-truth::" +
      "empty-rollback: segment 0, page 0: it is not EMPTY%0A" +
      "map-is-truth: segment 0, page 0: it is not what its PTE says%0A" +
      "map-is-truth: segment 0, page 1: it is not what its PTE says\n",
  );
  const commands = writeGithub(INCOMPLETE, PLAIN)
    .split("\n")
    .map((line) => line.split(" ")[0]);
  t.deepEqual(commands, [...Array(22).fill("::warning"), ""]);
});

test("GitHub: no text ends a command, or begins one", (t) => {
  fc.assert(
    fc.property(TEXTS, (text) => {
      const report = saying(text);
      const named = { ...report, findings: report.findings.map((finding) => ({ ...finding, name: text })) };
      return writeGithub(named, PLAIN).split(/\r\n|\r|\n/).length === 2;
    }),
  );
  t.pass();
});

test("Markdown: a table with a row for each thing, a section for each finding", (t) => {
  const text = writeMarkdown(VIOLATED, PLAIN);
  t.is(text.split("\n").filter((line) => line.startsWith("| ")).length, 2 + 27);
  t.deepEqual(
    text.split("\n").filter((line) => line.startsWith("#")),
    [
      "# segmf check: violated",
      "## pte-range-unchecked",
      "## unknown cause: add\\_mfns breaks empty-rollback, map-is-truth",
    ],
  );
  t.true(text.includes("\n1. create(seg 0, prot rw, maxprot rwx)\n2. "));
});

test("a file says in its first 256 characters which reporter wrote it", (t) => {
  for (const { format, heading = "", write } of REPORTERS) {
    const head = `${heading}${write(VIOLATED, PLAIN)}`.slice(0, 256);
    t.true(head.includes(format), format);
  }
});
