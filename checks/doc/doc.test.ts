import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { CLAUSES } from "../../model/clauses.js";
import { diagramType } from "../../traces/mermaid/testkit.js";
import { fromHash } from "../explorer/session/link.js";
import { keyOf, writtenTransitions } from "./chart/transitions.js";
import { shownErrata } from "./counterexamples.js";
import { allSections, bullets, deadLinks, heading, link, paragraph, placesIn, type Section } from "./document.js";
import { erratumId } from "./ids.js";
import { markdownText } from "./markdown/text.js";
import { writeMarkdown } from "./markdown/write.js";
import { OBSERVED_SCOPES, observe } from "./results/observe.js";
import { namedTests, testsIn } from "./results/tests.js";
import { parseVerified } from "./results/verified.js";
import { graphviz } from "./site/layout.js";
import { EXPLORER_PATH, siteFiles } from "./site/site.js";
import { specification } from "./specification.js";
import { diagramsIn } from "./testing/diagrams.js";
import { readPage } from "./testing/site.js";
import { gaps } from "./traceability.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const verified = parseVerified(readFileSync(`${ROOT}model/verified.json`, "utf8"));

let sections: readonly Section[];
let layout: Awaited<ReturnType<typeof graphviz>>;
let site: ReturnType<typeof siteFiles>;

test.before(async () => {
  sections = specification(verified, await shownErrata(ROOT));
  layout = await graphviz();
  site = siteFiles(sections, layout);
});

function section(...blocks: Section["blocks"]): Section {
  return { id: "s", title: "S", summary: "", blocks, parts: [] };
}

test("every clause, invariant and transition is traced, and every test names what there is", (t) => {
  t.deepEqual(gaps(namedTests(ROOT)), []);
});

test("a clause or an invariant without a test is told, and a test that names no clause there is", (t) => {
  const tests = namedTests(ROOT);
  const [locks = "", wake = ""] = ["3.locks", "3.wake"];
  const fewer = tests.filter(({ clauses, invariants }) => !clauses.includes(locks) && !invariants.includes("wake"));
  t.deepEqual(gaps(fewer), [
    `clause ${locks} has no test: end the title of one with §${locks}`,
    "invariant wake has no test: begin the title of one with its id",
  ]);
  const wrong = { file: "a.test.ts", title: "b", clauses: [wake, "3.wke"], invariants: [] };
  t.deepEqual(gaps([...tests, wrong]), [
    'a.test.ts: the test "b" names the clause 3.wke, which there is not: see model/clauses.ts',
  ]);
});

test("tests name clauses at the end of their titles, and invariants at the beginning", (t) => {
  const source = `
test("plain", (t) => t.pass());
test("says \\"so\\" §${"3.wake"} §${"3.add_gref_pte.record"}", (t) => t.pass());
  test.serial(\`\${a}: \${b} holds §${"2.passive"}\`, (t) => t.pass());
test(
  "${"wake"}: of two",
  (t) => t.pass(),
);
test("freeable-ish is no invariant", (t) => t.pass());
`;
  t.deepEqual(testsIn("x.test.ts", source), [
    { file: "x.test.ts", title: 'says "so"', clauses: ["3.wake", "3.add_gref_pte.record"], invariants: [] },
    { file: "x.test.ts", title: "…: … holds", clauses: ["2.passive"], invariants: [] },
    { file: "x.test.ts", title: "wake: of two", clauses: [], invariants: ["wake"] },
  ]);
});

test("every transition of the chart was seen, and none that it has not", (t) => {
  const seen = new Set(verified.transitions.map(keyOf));
  t.deepEqual(writtenTransitions().map(keyOf).sort(), [...seen].sort());
});

test("what is recorded of a small scope is what is seen in it", (t) => {
  const found = observe(OBSERVED_SCOPES.slice(1, 2));
  const recorded = new Map(verified.transitions.map((one) => [`${one.call} ${keyOf(one)}`, one]));
  for (const one of found) {
    const known = recorded.get(`${one.call} ${keyOf(one)}`);
    t.deepEqual(
      one.returns.filter((value) => known?.returns.includes(value) !== true),
      [],
    );
    const functions = known?.kernel.map(({ fn }) => fn) ?? [];
    t.deepEqual(
      one.kernel.filter(({ fn }) => !functions.includes(fn)),
      [],
      keyOf(one),
    );
  }
});

test("the plots are of the charts that were checked", (t) => {
  t.deepEqual(
    verified.spaces.map(({ scope, states, transitions, byDepth }) => ({
      scope,
      states,
      transitions,
      depth: byDepth.length,
    })),
    verified.check.specifications.map(({ scope, states, transitions, depth }) => ({
      scope,
      states,
      transitions,
      depth,
    })),
  );
  for (const { states, transitions, byDepth, branching, page } of verified.spaces) {
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    t.is(sum(byDepth), states);
    t.is(sum(branching.map((one) => one.states)), states);
    t.is(sum(branching.map((one) => one.states * one.transitions)), transitions);
    t.is(sum(Object.values(page.states)), states);
  }
});

test("links lead somewhere, and places have names of their own", (t) => {
  t.deepEqual(deadLinks(sections), []);
  t.deepEqual(deadLinks([section(paragraph(link("s", "here")), bullets([[link("there", "there")]]))]), ["there"]);
  t.throws(() => placesIn([section(heading("s", "twice"))]), { message: "two places are called s" });
});

test("Markdown means nothing but what is meant", (t) => {
  t.is(
    markdownText(["a_b _c_ *d* <e> [f](g) | `", { code: "x|y" }]),
    "a_b \\_c\\_ \\*d\\* \\<e\\> \\[f\\](g) \\| \\``x\\|y`",
  );
});

test("Mermaid takes every diagram, and each is within GitHub's limits, as is the file", async (t) => {
  const text = writeMarkdown(sections);
  const diagrams = diagramsIn(text);
  t.true(diagrams.length > 30);
  for (const diagram of diagrams) {
    t.regex(await diagramType(diagram), /^(stateDiagram|sequence)$/);
    t.true(diagram.length < 50_000);
    t.true((diagram.match(/-->|->>/g) ?? []).length <= 500);
  }
  t.true(Buffer.byteLength(text) < 500_000);
});

test("every place that the Markdown links to is on it, once", (t) => {
  const text = writeMarkdown(sections);
  const anchors = [...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
  t.is(new Set(anchors).size, anchors.length);
  const links = new Set([...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id));
  t.deepEqual(
    [...links].filter((id) => !anchors.includes(id)),
    [],
  );
  for (const { id } of CLAUSES) t.true(anchors.includes(`clause-${id.replaceAll(/[._]/g, "-")}`));
});

test("every page of the site is well-formed, and every link leads to a page that is there and a place on it", (t) => {
  const pages = new Map(site.map(({ path, text }) => [path, readPage(text)]));
  t.is(pages.size, allSections(sections).length);
  for (const [path, { ids, links, loads }] of pages) {
    t.is(new Set(ids).size, ids.length, path);
    t.deepEqual(loads, [], path);
    for (const href of links) {
      const [file = "", place] = href.split("#");
      const target = pages.get(file === "" ? path : file);
      t.true(target !== undefined && (place === undefined || target.ids.includes(place)), `${path}: ${href}`);
    }
  }
});

test("what the search offers is there", (t) => {
  const [first] = site;
  const [, json = ""] = /id="search-entries">(.*?)<\/script>/s.exec(first?.text ?? "") ?? [];
  const entries: readonly (readonly [string, string, string])[] = JSON.parse(json);
  const ids = new Map(site.map(({ path, text }) => [path, readPage(text).ids]));
  t.is(entries.length, placesIn(sections).size);
  for (const [title, href] of entries) {
    const [path = "", place] = href.split("#");
    t.true(title !== "" && (place === undefined ? ids.has(path) : ids.get(path)?.includes(place)), href);
  }
});

test("pages load nothing, run nothing but their own script, and name no other machine", (t) => {
  for (const { path, text } of site) {
    t.regex(
      text,
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^ ;]+'; script-src 'sha256-[^ ;]+'; base-uri 'none'; form-action 'none'"/,
    );
    const addresses = [...text.matchAll(/\b(?:https?:)?\/\/[a-z][^\s"'<]*/g)].map(([address]) => address);
    t.deepEqual(
      addresses.filter((address) => !address.startsWith("http://www.w3.org/")),
      [],
      path,
    );
    t.notRegex(text, /<link|<img|<iframe|@import|url\((?!#)|fetch\(|type="module"|\son[a-z]+="|\sstyle="/, path);
  }
});

test("the same is drawn the same", (t) => {
  t.deepEqual(siteFiles(sections, layout), site);
});

test("an explorer is part of the site where one is given, and begins with the counterexample that is looked at", async (t) => {
  const explorer = "<!doctype html><title>Explore</title>";
  const files = siteFiles(sections, layout, { explorer });
  t.deepEqual(files.at(-1), { path: EXPLORER_PATH, text: explorer });
  for (const { text } of files.slice(0, -1)) t.true(readPage(text).links.includes(EXPLORER_PATH));
  t.false(site.some(({ text }) => text.includes(EXPLORER_PATH)));
  for (const { erratum, counterexamples } of await shownErrata(ROOT)) {
    const { text = "" } = files.find(({ path }) => path === `${erratumId(erratum.id)}.html`) ?? {};
    const walks = readPage(text).links.flatMap((href) => href.split(`${EXPLORER_PATH}#`)[1] ?? []);
    t.true(walks.length > 0, erratum.id);
    for (const hash of walks) {
      const { setup, tree, name } = fromHash(hash, []);
      const one = counterexamples.find(({ entry }) => name === `${erratum.id}.${entry.kernel}`);
      if (one === undefined) return t.fail(name);
      const { pages, steps } = one.trace.scenario;
      t.deepEqual(setup.driver, { kind: "edition", errata: [erratum.id] });
      t.deepEqual([setup.kernel, setup.pages], [one.entry.kernel, pages]);
      t.deepEqual(
        tree.nodes.flatMap(({ step }) => step ?? []),
        steps,
      );
    }
  }
});
