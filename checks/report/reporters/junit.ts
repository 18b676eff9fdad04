import { comment, element, textElement, type Xml } from "../../../traces/svg/xml.js";
import { markOf } from "../../../traces/trace/mark.js";
import { driverText } from "../command.js";
import { type Item, SUITES, type Suite } from "../items.js";
import { plain } from "../style.js";
import type { Beside, Told } from "../told.js";

export const JUNIT_FORMAT = "segmf-junit/1";

/**
 * A check as JUnit XML, as build servers take it: a suite for each kind of thing that is judged, a test case for each of
 * them. What is wrong is a failure, what was not looked at to the end an error, what was recorded before is skipped.
 */
export function writeJunit(told: Told, { choice, name = "check" }: Beside): string {
  const { items, seconds } = told;
  const suites = SUITES.map((suite) => ({ suite, cases: items.filter((item) => item.suite === suite) }));
  const named = { name: `segmf ${name}: ${driverText(told, choice)}` };
  const children = suites.filter(({ cases }) => cases.length > 0).map((suite) => suiteElement(suite));
  const total = { ...named, ...countsOf(items), ...(seconds === null ? {} : { time: seconds.toFixed(3) }) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${comment(markOf(JUNIT_FORMAT))}\n${element("testsuites", total, children)}\n`;
}

function suiteElement({ suite, cases }: { readonly suite: Suite; readonly cases: readonly Item[] }): Xml {
  return element("testsuite", { name: suite, ...countsOf(cases) }, cases.map(caseElement));
}

function countsOf(items: readonly Item[]): Readonly<Record<string, number>> {
  const count = (outcome: Item["outcome"]): number => items.filter((item) => item.outcome === outcome).length;
  return {
    tests: items.length,
    failures: count("violated"),
    errors: count("incomplete"),
    skipped: count("expected"),
  };
}

function caseElement({ suite, name, outcome, text }: Item): Xml {
  const attributes = { classname: `segmf.${suite}`, name };
  const said = plain(text);
  const message = said.split("\n", 1)[0] ?? "";
  if (outcome === "violated")
    return element("testcase", attributes, [textElement("failure", { message, type: outcome }, said)]);
  if (outcome === "incomplete")
    return element("testcase", attributes, [textElement("error", { message, type: outcome }, said)]);
  if (outcome === "expected")
    return element("testcase", attributes, [element("skipped", { message: "recorded before" })]);
  return element("testcase", attributes, [textElement("system-out", {}, said)]);
}
