import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import Ajv04 from "ajv-draft-04";
import test from "ava";
import { SaxesParser } from "saxes";
import { KNOWN } from "../fixture.js";
import type { RandomPresentation } from "../random.js";
import { REPORTERS } from "./index.js";

/** Random runs in every form of report. */

const HELD: RandomPresentation = {
  driver: "a/seg_mf.c",
  kernel: "release",
  colours: false,
  choice: { driver: "a/seg_mf.c", kernel: "release" },
  compiled: true,
  report: { seed: 3, runs: 20, calls: 1234, complete: true, failure: null },
  again: "segmf check --random 20 --seed 3",
  written: null,
};

const STOPPED: RandomPresentation = { ...HELD, report: { ...HELD.report, complete: false } };

const { pages, steps, breaches, panic } = KNOWN;
const FAILED: RandomPresentation = {
  ...HELD,
  name: "nightly",
  report: { ...HELD.report, runs: 2, failure: { scenario: { pages, steps }, breaches, panic } },
  places: [[null, { function: "segmf_add_gref", line: 310 }]],
};

function written(name: string, runs: RandomPresentation): string {
  const reporter = REPORTERS.find((each) => each.name === name);
  if (reporter === undefined) throw new Error(`no reporter ${name}`);
  return reporter.writeRandom(runs);
}

const isSarif = new Ajv04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarifSchema);

test("random runs as SARIF: the failing one is a result with its steps, what was stopped is one too", (t) => {
  const resultsOf = (runs: RandomPresentation) => {
    const log = JSON.parse(written("sarif", runs));
    t.true(isSarif(log), JSON.stringify(isSarif.errors));
    return log.runs[0];
  };
  t.deepEqual(resultsOf(HELD).results, []);
  const stopped = resultsOf(STOPPED);
  t.deepEqual(
    [stopped.invocations[0].executionSuccessful, stopped.results.length, stopped.results[0].level],
    [false, 1, "warning"],
  );
  const failed = resultsOf(FAILED);
  t.is(failed.automationDetails.id, "segmf/nightly/");
  const [result, ...others] = failed.results;
  t.deepEqual(others, []);
  t.is(result.ruleId, breaches[0]?.invariant);
  t.deepEqual(
    result.codeFlows[0].threadFlows[0].locations.map(
      (at: { location: { physicalLocation: { region: { startLine: number } } } }) =>
        at.location.physicalLocation.region.startLine,
    ),
    [1, 310],
  );
});

test("random runs as JUnit: a case for the runs, a failure for what they found", (t) => {
  const tally = (runs: RandomPresentation): string => {
    const counts = { testcase: 0, failure: 0, error: 0 };
    const parser = new SaxesParser();
    let root: string | undefined;
    parser.on("opentag", ({ name, attributes }) => {
      if (name === "testsuites")
        root = `${attributes.name}; ${attributes.tests} ${attributes.failures} ${attributes.errors}`;
      if (name === "testcase" || name === "failure" || name === "error") counts[name] += 1;
    });
    parser.write(written("junit", runs)).close();
    t.is(root?.split("; ")[1], Object.values(counts).join(" "));
    return root ?? "";
  };
  t.is(tally(HELD), "segmf check: a/seg_mf.c on the release kernel; 1 0 0");
  t.is(tally(STOPPED), "segmf check: a/seg_mf.c on the release kernel; 1 0 1");
  t.is(tally(FAILED), "segmf nightly: a/seg_mf.c on the release kernel; 2 2 0");
});

test("random runs as annotations: one at the line where the failing run ends, none of what holds", (t) => {
  t.is(written("github", HELD), "");
  t.regex(
    written("github", STOPPED),
    /^::warning file=a\/seg_mf\.c,title=[^\n]*random runs::[^\n]*not all were made\n$/,
  );
  t.regex(written("github", FAILED), /^::error file=a\/seg_mf\.c,line=310,title=segmf nightly%3A findings[^\n]*\n$/);
});

test("random runs as Markdown: the verdict, what was run, the failing run's steps", (t) => {
  const held = written("markdown", HELD);
  t.true(held.includes("# segmf check: holds\n"));
  t.true(held.includes("| random | random runs | holds | 20 runs, 1,234 calls, each judged, seed 3 |\n"), held);
  t.true(written("markdown", STOPPED).includes("# segmf check: incomplete\n"));
  const failed = written("markdown", FAILED);
  t.true(failed.includes("# segmf nightly: violated\n"));
  t.true(failed.includes("2. add\\_gref\\_pte(seg 0, page 1, pte\\_ma 0x9008)"), failed);
});
